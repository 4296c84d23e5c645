package drawbridge.screenshots;

import drawbridge.console.fake.FakeUpkeep;
import drawbridge.model.view.BackupRow;
import drawbridge.model.view.DatabaseCondition;
import drawbridge.model.view.DiagnosticContents;
import drawbridge.model.view.DiagnosticPart;
import drawbridge.model.view.NodeRow;
import drawbridge.model.view.ServerCondition;
import drawbridge.model.view.ShippedLogs;
import drawbridge.model.view.TierView;
import drawbridge.model.view.TiersView;
import drawbridge.model.view.Warming;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Nodes, tiers, backups and bundles of the pictures. */
final class UpkeepScenes {
    private static final String JAVA = "25.0.1 (Eclipse Adoptium)";
    private static final String SYSTEM = "Linux 6.8.0, amd64, 8 processors";

    private UpkeepScenes() {}

    /** One server on its own file, whose logs are taken elsewhere. */
    static void alone(FakeUpkeep upkeep) {
        upkeep.nodes(
                List.of(
                        new NodeRow(
                                "node-1",
                                1,
                                4_218,
                                "held",
                                0,
                                "0.1.0",
                                "http://127.0.0.1:7070",
                                true)));
        upkeep.condition(
                new ServerCondition(
                        JAVA,
                        SYSTEM,
                        false,
                        new DatabaseCondition("sqlite", "13", 4, 1, 4, 0, 0),
                        new ShippedLogs(
                                "tls://logs.example.com:6514",
                                true,
                                38_112,
                                0,
                                0,
                                10_000,
                                1,
                                null)));
    }

    /** Three servers of one PostgreSQL: one behind and without lease, Redis left alone. */
    static void several(FakeUpkeep upkeep) {
        upkeep.nodes(
                List.of(
                        new NodeRow(
                                "fra-1",
                                41,
                                182_406,
                                "held",
                                0,
                                "0.1.0",
                                "https://fra-1.auth.example.com",
                                true),
                        new NodeRow(
                                "fra-2",
                                42,
                                182_406,
                                "held",
                                340,
                                "0.1.0",
                                "https://fra-2.auth.example.com",
                                false),
                        new NodeRow(
                                "ams-1",
                                39,
                                182_391,
                                "lapsed",
                                3_700,
                                "0.1.0",
                                "https://ams-1.auth.example.com",
                                false)));
        upkeep.condition(
                new ServerCondition(
                        JAVA,
                        SYSTEM,
                        true,
                        new DatabaseCondition("postgresql", "13", 8, 8, 8, 3, 12),
                        new ShippedLogs(
                                "tls://logs.example.com:6514",
                                false,
                                1_204_988,
                                312,
                                10_000,
                                10_000,
                                4,
                                "connection refused")));
    }

    /** Tiers whose Redis does not answer. */
    static TiersView withoutRedis() {
        return new TiersView(
                List.of(
                        tier("memory", "up", 812_400, 9_120, 260, 2_900, 1_284, 100_000, 0),
                        tier("redis", "down", 6_010, 2_880, 310_000, 48_200_000, 0, 0, 214),
                        tier("database", "up", 2_704, 176, 690_000, 3_900_000, 0, 0, 0)),
                List.of(),
                new Warming("done", 1_200, 1_200, 310));
    }

    private static TierView tier(
            String name,
            String state,
            long hits,
            long misses,
            long p50,
            long p99,
            long size,
            long capacity,
            long failures) {
        return new TierView(
                name, state, hits, misses, p50, p99, p99 * 2, size, capacity, 0, 0, 0, failures, 0);
    }

    /** A week of backups. */
    static void backups(FakeUpkeep upkeep) {
        upkeep.backups(
                List.of(
                        backup("backup", Duration.ofHours(3), 48_234_496),
                        backup("backup", Duration.ofHours(27), 47_906_816),
                        backup("before-upgrade", Duration.ofDays(6), 41_418_752),
                        backup("before-restore", Duration.ofDays(9), 40_992_768)));
    }

    private static BackupRow backup(String kind, Duration ago, long bytes) {
        Instant at = Scenes.NOW.minus(ago);
        String stamp = at.toString().replaceAll("[-:]", "");
        return new BackupRow(kind + "-" + stamp + ".db", kind, at, bytes, null);
    }

    /** What a bundle would hold. */
    static void bundle(FakeUpkeep upkeep) {
        upkeep.contents(
                new DiagnosticContents(
                        Scenes.NOW,
                        List.of(
                                new DiagnosticPart(
                                        "server.json", "version, process, listeners", 412, 0),
                                new DiagnosticPart(
                                        "configuration.json",
                                        "every setting and its source, secrets masked",
                                        31_204,
                                        2),
                                new DiagnosticPart(
                                        "metrics.txt", "every figure at this moment", 18_540, 0),
                                new DiagnosticPart(
                                        "checklist.json",
                                        "how the ten practices are kept",
                                        9_881,
                                        0),
                                new DiagnosticPart(
                                        "threads.txt", "what each thread does", 44_120, 6),
                                new DiagnosticPart(
                                        "log.jsonl",
                                        "the end of the log, at most 2 MiB",
                                        1_204_331,
                                        318)),
                        List.of(
                                "the database: users, sessions, tokens, audit rows, mails",
                                "keys and secrets: master key, admin token, bridge secrets, passwords; settings that are secret are masked",
                                "e-mail addresses, wherever they stand: [e-mail]",
                                "addresses of other machines: [address]",
                                "every long word that could be an id, a token, a hash or a key: [opaque]")));
    }
}
