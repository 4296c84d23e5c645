package drawbridge.screenshots;

import drawbridge.console.fake.FakeAudit;
import drawbridge.console.fake.FakeServer;
import drawbridge.console.fake.FakeSupervisor;
import drawbridge.console.supervise.LogLine;
import drawbridge.console.supervise.ServerExit;
import drawbridge.model.event.ServerEvent;
import drawbridge.model.view.AuditReport;
import drawbridge.model.view.AuditRowView;
import drawbridge.model.view.ConfigEntry;
import drawbridge.model.view.MetricsTick;
import drawbridge.model.view.MinuteFigures;
import drawbridge.model.view.NodeApplied;
import drawbridge.model.view.ServerInfo;
import drawbridge.model.view.SessionRow;
import drawbridge.model.view.TierView;
import drawbridge.model.view.TiersView;
import drawbridge.model.view.TimelineEntry;
import drawbridge.model.view.Warming;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * The data of the pictures: invented, plausible, and the same every time. It exists in this module
 * only.
 */
final class Scenes {
    /** The instant of every picture. */
    static final Instant NOW = Instant.parse("2026-03-12T09:41:27.400Z");

    private static final List<String> PEOPLE =
            List.of(
                    "ana.duarte",
                    "bela.kovacs",
                    "chidi.okafor",
                    "daria.ilina",
                    "emil.hansen",
                    "farah.nazari",
                    "gita.rao",
                    "hugo.lemaire",
                    "ines.prado",
                    "jonas.weber",
                    "kaya.demir",
                    "lars.nygaard",
                    "mei.tanaka",
                    "noor.haddad",
                    "olga.petrenko",
                    "pavel.novak",
                    "quinn.murphy",
                    "rosa.vidal",
                    "sami.aalto",
                    "tara.singh");

    private static final List<String> AGENTS =
            List.of(
                    "Mozilla/5.0 (X11; Linux x86_64; rv:146.0) Gecko/20100101 Firefox/146.0",
                    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like"
                            + " Gecko) Chrome/143.0.0.0 Safari/537.36",
                    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML,"
                            + " like Gecko) Version/26.1 Safari/605.1.15",
                    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15"
                            + " (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1",
                    "Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 (KHTML, like"
                            + " Gecko) Chrome/143.0.0.0 Mobile Safari/537.36",
                    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like"
                            + " Gecko) Chrome/143.0.0.0 Safari/537.36 Edg/143.0.0.0");

    private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);

    /** The random choices of one scene; scenes do not share theirs. */
    Scenes() {}

    static ServerInfo info() {
        return new ServerInfo(
                "0.1.0",
                4121,
                NOW.minus(Duration.ofMinutes(194)),
                "http://127.0.0.1:7070",
                "http://127.0.0.1:7071",
                "node-1",
                "sqlite",
                false,
                "/home/ana/.local/share/drawbridge");
    }

    /** A server with sessions, an hour of work, and a few things worth reading. */
    FakeServer busy(Clock clock, int sessions) {
        FakeServer server = new FakeServer(clock, info());
        server.settings(settings());
        rows(sessions).forEach(server::hold);
        ticks(sessions).forEach(server::worked);
        minutes().forEach(server::worked);
        server.tiers(tiers());
        return server;
    }

    /** A server that was just started: nobody logged in yet. */
    FakeServer fresh(Clock clock) {
        FakeServer server = new FakeServer(clock, info());
        server.settings(settings());
        for (int second = 40; second > 0; second--) {
            server.worked(tick(NOW.minusSeconds(second), 0, 0));
        }
        return server;
    }

    List<SessionRow> rows(int count) {
        List<SessionRow> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(row(i));
        }
        return rows;
    }

    SessionRow row(int index) {
        int person = index < PEOPLE.size() ? index : random.nextInt(PEOPLE.size());
        int tenThousand = index / PEOPLE.size() % 500;
        String user = PEOPLE.get(person) + (tenThousand == 0 ? "" : Integer.toString(tenThousand));
        Instant created = NOW.minusSeconds(60 + random.nextInt(6 * 3_600));
        long idle = index < 40 ? random.nextInt(90) : random.nextInt(1_750);
        Instant seen = NOW.minusSeconds(idle);
        if (seen.isBefore(created)) {
            seen = created;
        }
        boolean expired = index % 17 == 16;
        boolean revoked = index % 23 == 22;
        if (expired) {
            seen = NOW.minusSeconds(1_830 + random.nextInt(4_000));
            created = seen.minusSeconds(600);
        }
        Instant expires = seen.plusSeconds(1_800);
        String mode =
                switch (random.nextInt(6)) {
                    case 0 -> "STRICT";
                    case 1, 2 -> "ADVANCED";
                    case 3, 4 -> "STANDARD";
                    default -> null;
                };
        return new SessionRow(
                "s-%08x".formatted(random.nextInt(0x0fffffff) + 0x10000000),
                "u-%05d".formatted(person + 1 + 20 * tenThousand),
                user + "@example.com",
                "default",
                "10.%d.%d.%d"
                        .formatted(
                                random.nextInt(40), random.nextInt(256), random.nextInt(254) + 1),
                random.nextInt(8) == 0 ? null : "dev-%08x".formatted(random.nextInt()),
                AGENTS.get(random.nextInt(AGENTS.size())),
                created,
                seen,
                expires,
                revoked ? "revoked" : "live",
                mode,
                revoked ? NOW.minusSeconds(random.nextInt(3_000)) : null,
                revoked ? "logout" : null,
                revoked ? "user" : null,
                null);
    }

    private List<MetricsTick> ticks(int sessions) {
        List<MetricsTick> ticks = new ArrayList<>();
        for (int second = 3_600; second > 0; second--) {
            double wave = Math.sin(second / 210.0) * 60 + Math.sin(second / 37.0) * 22;
            long validations = Math.round(392 + wave + random.nextInt(34));
            boolean burst = second % 97 < 4 || (second > 70 && second < 88);
            ticks.add(
                    tick(
                            NOW.minusSeconds(second - 1).minusMillis(400),
                            validations,
                            burst ? 1 + random.nextInt(3) : random.nextInt(14) == 0 ? 1 : 0));
        }
        MetricsTick last = ticks.removeLast();
        ticks.add(withLive(last, live(sessions)));
        return ticks;
    }

    /** A day with a night, a busy noon, and 40 minutes without a server. */
    private List<MinuteFigures> minutes() {
        List<MinuteFigures> minutes = new ArrayList<>();
        RandomGenerator day = RandomGeneratorFactory.of("L64X128MixRandom").create(11);
        Instant end = NOW.truncatedTo(ChronoUnit.MINUTES);
        for (int ago = 1_439; ago >= 0; ago--) {
            if (ago > 610 && ago <= 650) {
                continue;
            }
            double wave = 260 + 190 * Math.sin((ago - 700) / 230.0) + day.nextInt(40);
            long validations = Math.round(60 * Math.max(20, wave));
            long database = validations * (18 + day.nextInt(12)) / 1_000;
            long refused = ago % 190 < 9 ? 12 + day.nextInt(30) : day.nextInt(4);
            minutes.add(
                    new MinuteFigures(
                            end.minusSeconds(60L * ago),
                            60,
                            validations,
                            validations - refused,
                            Map.of("signal_differs", refused),
                            Map.of("memory", validations - database, "database", database),
                            80 + day.nextInt(12),
                            280 + day.nextInt(80),
                            1_400,
                            3,
                            0,
                            1,
                            7_000 + day.nextInt(6_000),
                            1_100));
        }
        return minutes;
    }

    private static TiersView tiers() {
        return new TiersView(
                List.of(
                        new TierView(
                                "memory", "up", 4_410_622, 103_190, 420, 2_600, 90_000, 1_284,
                                50_000, 0, 0, 0, 0, 0),
                        new TierView(
                                "database",
                                "up",
                                102_104,
                                1_086,
                                188_000,
                                940_000,
                                14_000_000,
                                0,
                                0,
                                0,
                                0,
                                0,
                                0,
                                0)),
                List.of(),
                new Warming("done", 1_040, 50_000, 310));
    }

    private static long live(int sessions) {
        return Math.round(sessions * 0.9);
    }

    private static MetricsTick withLive(MetricsTick tick, long live) {
        return new MetricsTick(
                tick.at(),
                tick.validations(),
                tick.trusted(),
                tick.refused(),
                tick.bySource(),
                tick.p50Micros(),
                tick.p99Micros(),
                tick.maxMicros(),
                tick.logins(),
                tick.loginsRefused(),
                tick.revocations(),
                live,
                tick.hashQueue(),
                tick.heapUsedBytes(),
                tick.heapMaxBytes(),
                tick.residentBytes(),
                tick.threads(),
                tick.cpuLoad());
    }

    MetricsTick tick(Instant at, long validations, int refused) {
        Map<String, Long> reasons = new LinkedHashMap<>();
        for (int i = 0; i < refused; i++) {
            String reason =
                    switch (random.nextInt(6)) {
                        case 0, 1, 2 -> "signal_differs";
                        case 3 -> "signal_missing";
                        case 4 -> "idle_expired";
                        default -> "revoked";
                    };
            reasons.merge(reason, 1L, Long::sum);
        }
        long database = Math.round(validations * (0.018 + random.nextDouble() * 0.012));
        boolean idle = validations == 0;
        long p50 = idle ? 0 : 78 + random.nextInt(18);
        long p99 = idle ? 0 : 260 + random.nextInt(90) + Math.round(validations / 9.0);
        return new MetricsTick(
                at,
                validations,
                validations - refused,
                reasons,
                idle ? Map.of() : Map.of("memory", validations - database, "database", database),
                p50,
                p99,
                idle ? 0 : p99 * 3 + random.nextInt(900),
                !idle && random.nextInt(5) == 0 ? 1 : 0,
                0,
                !idle && random.nextInt(30) == 0 ? 1 : 0,
                idle ? 0 : 1_156,
                0,
                (96L + random.nextInt(30)) << 20,
                512L << 20,
                (214L + random.nextInt(6)) << 20,
                38 + random.nextInt(3),
                idle ? 0.004 + random.nextDouble() * 0.004 : 0.06 + random.nextDouble() * 0.05);
    }

    /** What happened lately, told in order. */
    void happenings(FakeServer server, List<SessionRow> rows) {
        refused(server, rows.get(4), 1_900, "idle_expired", null, "GET /profile");
        server.tell(seq ->
                new ServerEvent.Notice(
                        seq,
                        NOW.minusSeconds(1_500),
                        "warning",
                        "audit_overflow",
                        "38 refusals were not audited."));
        server.tell(seq ->
                new ServerEvent.AlertChanged(
                        seq, NOW.minusSeconds(180), AlertScenes.failedLogins()));
        loginRefused(server, 1_240, "rosa.vidal@example.com", 3);
        revoked(server, rows.get(9), 840, "left the company", 9_000);
        refused(server, rows.get(9), 822, "revoked", null, "GET /orders");
        refused(server, rows.get(9), 815, "revoked", null, "GET /orders");
        server.tell(seq ->
                new ServerEvent.SessionRevoked(
                        seq,
                        NOW.minusSeconds(600),
                        "session",
                        rows.get(12).ref(),
                        rows.get(12).userId(),
                        "default",
                        null,
                        33,
                        "logout",
                        "user",
                        4_000,
                        null,
                        List.of(new NodeApplied("node-1", NOW.minusSeconds(600)))));
        for (int i = 0; i < 6; i++) {
            refused(server, rows.get(2), 88 - 3L * i, "signal_differs", "ip", "POST /payments");
        }
        refused(server, rows.get(7), 46, "signal_missing", "device", "POST /payments");
        loginRefused(server, 31, "olga.petrenko@example.com", 2);
        refused(server, rows.get(2), 12, "signal_differs", "ip", "POST /payments");
        refused(server, rows.get(15), 4, "signal_differs", "agent", "POST /payments");
    }

    private static void loginRefused(FakeServer server, long secondsAgo, String email, int times) {
        for (int i = 0; i < times; i++) {
            long ago = secondsAgo - i;
            server.tell(seq ->
                    new ServerEvent.LoginRefused(
                            seq,
                            NOW.minusSeconds(ago),
                            "default",
                            email,
                            "203.0.113.77",
                            "wrong_password"));
        }
    }

    private static void refused(
            FakeServer server,
            SessionRow row,
            long secondsAgo,
            String reason,
            @Nullable String signal,
            String route) {
        server.tell(seq ->
                new ServerEvent.SessionRefused(
                        seq,
                        NOW.minusSeconds(secondsAgo),
                        row.ref(),
                        row.userId(),
                        row.email(),
                        "default",
                        "default",
                        reason,
                        signal,
                        route,
                        "ADVANCED",
                        "198.51.100.23",
                        "r-51"));
    }

    private static void revoked(
            FakeServer server, SessionRow row, long secondsAgo, String reason, long tookMicros) {
        server.tell(seq ->
                new ServerEvent.SessionRevoked(
                        seq,
                        NOW.minusSeconds(secondsAgo),
                        "session",
                        row.ref(),
                        row.userId(),
                        "default",
                        null,
                        31,
                        reason,
                        "admin",
                        tookMicros,
                        null,
                        List.of(new NodeApplied("node-1", NOW.minusSeconds(secondsAgo)))));
    }

    /** The display name behind an address: {@code Ana Duarte}. */
    static String nameOf(SessionRow row) {
        String[] parts = row.email().split("@")[0].replaceAll("[0-9]", "").split("\\.");
        return capital(parts[0]) + " " + capital(parts[1]);
    }

    private static String capital(String word) {
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }

    /** What happened to one session, newest first. */
    static List<TimelineEntry> timeline(SessionRow row) {
        List<TimelineEntry> entries = new ArrayList<>();
        entries.add(judged(row, 12, "refused", "POST /payments", "ADVANCED", null, "ip"));
        entries.add(judged(row, 21, "trusted", "GET /orders", "STANDARD", "memory", null));
        entries.add(judged(row, 74, "refused", "POST /payments", "ADVANCED", null, "ip"));
        entries.add(judged(row, 140, "trusted", "POST /payments", "ADVANCED", "memory", null));
        entries.add(judged(row, 610, "trusted", "GET /profile", "STANDARD", "database", null));
        entries.add(
                new TimelineEntry(
                        row.createdAt(),
                        "opened",
                        "user",
                        row.ip(),
                        row.agent(),
                        null,
                        null,
                        null,
                        null,
                        null,
                        "r-3"));
        return entries;
    }

    private static TimelineEntry judged(
            SessionRow row,
            long secondsAgo,
            String kind,
            String route,
            String mode,
            @Nullable String source,
            @Nullable String signal) {
        return new TimelineEntry(
                NOW.minusSeconds(secondsAgo),
                kind,
                "shop-backend",
                signal == null ? row.ip() : "198.51.100.23",
                null,
                route,
                mode,
                source,
                signal == null ? null : "signal_differs",
                signal,
                "r-7");
    }

    static List<ConfigEntry> settings() {
        return List.of(
                entry(
                        "http.port",
                        "DRAWBRIDGE_PORT",
                        "7070",
                        "default",
                        "The port clients and back ends use; 0 takes any free one."),
                entry(
                        "admin.port",
                        "DRAWBRIDGE_ADMIN_PORT",
                        "7071",
                        "default",
                        "The port of this console and of scripts; loopback only."),
                entry(
                        "proxies.trusted",
                        "DRAWBRIDGE_TRUSTED_PROXIES",
                        "10.0.0.0/8",
                        "file",
                        "Networks whose forwarded addresses count; a list that is too wide lets clients choose theirs."),
                entry(
                        "session.idle",
                        "DRAWBRIDGE_SESSION_IDLE",
                        "30m",
                        "default",
                        "A session that is not used for this long has ended."),
                entry(
                        "session.absolute",
                        "DRAWBRIDGE_SESSION_ABSOLUTE",
                        "7d",
                        "default",
                        "A session ends this long after its login, however much it is used."),
                entry(
                        "session.hold",
                        "DRAWBRIDGE_SESSION_HOLD",
                        "30s",
                        "default",
                        "How long an administrator can undo a revocation; refused all the while."),
                secret(
                        "bridge.secret",
                        "BRIDGE_SECRET",
                        "environment",
                        "The secret of the caller named default; without one no back end can ask."),
                entry(
                        "bridge.caller.signals",
                        "DRAWBRIDGE_DEFAULT_CALLER_SIGNALS",
                        "required",
                        "default",
                        "Whether a signal that is not sent is a refusal."),
                entry(
                        "memory.sessions",
                        "DRAWBRIDGE_MEMORY_SESSIONS",
                        "100000",
                        "default",
                        "Sessions kept in memory; the others are read from the database."),
                entry(
                        "password.least-length",
                        "DRAWBRIDGE_PASSWORD_LEAST_LENGTH",
                        "15",
                        "default",
                        "Shorter passwords are refused at registration."),
                secret(
                        "admin.token",
                        "DRAWBRIDGE_ADMIN_TOKEN",
                        "file",
                        "Opens the admin API; the console reads it from its file."),
                entry(
                        "log.level",
                        "DRAWBRIDGE_LOG_LEVEL",
                        "info",
                        "environment",
                        "The least level that is logged."));
    }

    private static ConfigEntry entry(
            String key, String variable, String value, String source, String about) {
        return new ConfigEntry(key, variable, value, source, false, about);
    }

    private static ConfigEntry secret(String key, String variable, String source, String about) {
        return new ConfigEntry(key, variable, "••••••", source, true, about);
    }

    /** A quiet log with one bad moment. */
    static List<LogLine> log() {
        List<LogLine> lines = new ArrayList<>();
        line(
                lines,
                11_640,
                "INFO",
                "TrustServer",
                "started version=0.1.0 public=http://127.0.0.1:7070 admin=http://127.0.0.1:7071");
        line(lines, 7_200, "INFO", "Heartbeat", "purged sessions=412");
        line(lines, 3_600, "INFO", "Heartbeat", "purged sessions=38");
        line(
                lines,
                1_502,
                "WARN",
                "Heartbeat",
                "database is away database unavailable while reading the revocation log's number: [SQLITE_BUSY] The database file is locked");
        line(
                lines,
                1_501,
                "WARN",
                "RefusalQueue",
                "refusals not audited count=38 why=database unavailable while auditing refusals: [SQLITE_BUSY] The database file is locked");
        line(
                lines,
                1_500,
                "ERROR",
                "WriteQueue",
                """
                group commit failed jobs=3
                org.sqlite.SQLiteException: [SQLITE_BUSY] The database file is locked
                \tat org.sqlite.core.DB.newSQLException(DB.java:1179)
                \tat org.sqlite.core.DB.throwex(DB.java:1143)\
                """);
        line(lines, 1_498, "WARN", "Heartbeat", "database is back");
        line(
                lines,
                840,
                "INFO",
                "ServerNews",
                "revoked scope=session ref=ref_2a90b1c4Qm3v8Zt1Yk7Rw0 tenant=default number=31 actor=admin sessions=1 took=9114us");
        line(
                lines,
                262,
                "INFO",
                "ServerNews",
                "revoked scope=session ref=ref_77Lw0c9sVq2eXh5Tn4Pd1A tenant=default number=32 actor=admin sessions=1 took=3820us");
        line(
                lines,
                255,
                "INFO",
                "ServerNews",
                "restored ref=ref_77Lw0c9sVq2eXh5Tn4Pd1A number=33 actor=admin");
        return lines;
    }

    private static void line(
            List<LogLine> lines, long secondsAgo, String level, String logger, String message) {
        Instant at = NOW.minusSeconds(secondsAgo).plusMillis(lines.size() * 37L % 400);
        lines.add(new LogLine(at, level, logger, message));
    }

    static void exits(FakeSupervisor supervisor) {
        supervisor.ended(
                new ServerExit(
                        2210,
                        NOW.minus(Duration.ofDays(2)),
                        NOW.minus(Duration.ofHours(20)),
                        0,
                        "stopped from the console",
                        true));
        supervisor.ended(
                new ServerExit(
                        3377,
                        NOW.minus(Duration.ofHours(19)),
                        NOW.minus(Duration.ofMinutes(195)),
                        137,
                        "killed by signal 9",
                        false));
    }

    /** A morning's entries, the newest of them signed. */
    static void audited(FakeAudit audit) {
        long number = 38_099;
        number = entry(audit, number, 900, "server.started", "server", null, null, null, "0.1.0");
        number = entry(audit, number, 700, "login", "user", "usr_a1b2c3d4", REF, null, null);
        number =
                entry(audit, number, 640, "policy.changed", "admin", null, null, null, "version 7");
        number =
                entry(
                        audit,
                        number,
                        500,
                        "session.refused",
                        "shop-api",
                        "usr_a1b2c3d4",
                        REF,
                        "signal_differs",
                        null);
        number =
                entry(
                        audit,
                        number,
                        420,
                        "login.refused",
                        "user",
                        null,
                        null,
                        "wrong_password",
                        null);
        number =
                entry(
                        audit,
                        number,
                        300,
                        "caller.rotated",
                        "admin",
                        null,
                        null,
                        null,
                        "shop-api, version 3");
        audit.sign(number, NOW.minusSeconds(280));
        number =
                entry(
                        audit,
                        number,
                        200,
                        "token.issued",
                        "admin",
                        "usr_9f8e7d6c",
                        null,
                        null,
                        "magic_link");
        number =
                entry(
                        audit,
                        number,
                        180,
                        "token.consumed",
                        "user",
                        "usr_9f8e7d6c",
                        null,
                        null,
                        "magic_link");
        number =
                entry(
                        audit,
                        number,
                        120,
                        "session.revoked",
                        "admin",
                        "usr_a1b2c3d4",
                        REF,
                        null,
                        "stolen laptop");
        number =
                entry(
                        audit,
                        number,
                        110,
                        "session.refused",
                        "shop-api",
                        "usr_a1b2c3d4",
                        REF,
                        "revoked",
                        null);
        audit.sign(number, NOW.minusSeconds(100));
        entry(audit, number, 40, "user.disabled", "admin", "usr_a1b2c3d4", null, null, null);
    }

    private static final String REF = "ref_6bJQehmbt7qDD1N8rzCXeA";

    private static long entry(
            FakeAudit audit,
            long number,
            long secondsAgo,
            String kind,
            String actor,
            @Nullable String user,
            @Nullable String ref,
            @Nullable String reason,
            @Nullable String detail) {
        boolean fromAfar = !actor.equals("server");
        audit.add(
                new AuditRowView(
                        "default",
                        number + 1,
                        NOW.minusSeconds(secondsAgo),
                        kind,
                        actor,
                        user,
                        ref,
                        fromAfar ? "203.0.113.7" : null,
                        null,
                        kind.equals("session.refused") ? "POST /payments/42" : null,
                        kind.equals("session.refused") ? "ADVANCED" : null,
                        reason,
                        "signal_differs".equals(reason) ? "device" : null,
                        "req-1ec7c41c9b76a5f8",
                        detail,
                        "%064x".formatted(number * 7_919)));
        return number + 1;
    }

    /** What a verification finds when somebody changed the database. */
    static AuditReport broken() {
        return new AuditReport(
                false,
                38_108,
                412,
                "",
                List.of(),
                List.of(
                        new AuditReport.Finding(
                                "changed",
                                "default",
                                38_104,
                                "row 38104 does not fit its hash: it was changed, or stands in"
                                        + " another's place"),
                        new AuditReport.Finding(
                                "cut",
                                "default",
                                38_109,
                                "the tail is cut off: the chain ends with row 38108, and a signed"
                                        + " checkpoint saw row 38110")),
                2);
    }
}
