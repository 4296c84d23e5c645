package drawbridge.bench;

import drawbridge.bench.HttpLoad.Outcome;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import org.HdrHistogram.Histogram;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How long a revocation takes to be answered by three servers on one PostgreSQL and one Redis:
 * while all are well, and the first one after a node has died. It is answered once no node can
 * trust the session any more.
 */
final class Nodes {
    private static final int NODES = 3;
    private static final int REVOCATIONS = 500;

    /** So many first: after 300 of them the compiler still took a fifth of the processors. */
    private static final int WARM_UP = 3_000;

    private Nodes() {}

    static void run(Path work, Report report)
            throws IOException, InterruptedException, SQLException {
        try (EmbeddedPostgres postgres =
                        EmbeddedPostgres.builder()
                                .setServerConfig("max_connections", "200")
                                .start();
                RealRedis redis = RealRedis.start()) {
            List<Subject> nodes = new ArrayList<>();
            try {
                for (int i = 0; i < NODES; i++) {
                    nodes.add(node(work.resolve("node" + i), postgres, redis, nodes));
                }
                measure(nodes, postgres, report);
            } finally {
                nodes.forEach(Subject::close);
            }
        }
    }

    private static Subject node(
            Path data, EmbeddedPostgres postgres, RealRedis redis, List<Subject> others)
            throws IOException, InterruptedException {
        Map<String, String> settings = new HashMap<>();
        settings.put(
                "DATABASE_URL",
                "postgresql://postgres@localhost:%d/postgres".formatted(postgres.getPort()));
        settings.put("REDIS_URL", redis.url());
        settings.put("DRAWBRIDGE_NODE", "node" + others.size());
        if (!others.isEmpty()) {
            settings.put(
                    "DRAWBRIDGE_MASTER_KEY_FILE", others.getFirst().file("master-key").toString());
        }
        return Subject.start(data, List.of("-Xmx256m"), settings);
    }

    private static void measure(List<Subject> nodes, EmbeddedPostgres postgres, Report report)
            throws IOException, InterruptedException, SQLException {
        Subject first = nodes.getFirst();
        first.register(0);
        int cores = Runtime.getRuntime().availableProcessors();
        try (HttpLoad load = new HttpLoad(first.address(), cores, () -> Subject.login(0), 200)) {
            Outcome _ = load.times(WARM_UP + REVOCATIONS).requireRight();
        }
        List<String> refs = Revoking.sessions(first, WARM_UP + REVOCATIONS + 1);
        Histogram _ = Revoking.each(nodes, refs.subList(1, 1 + WARM_UP));
        Histogram micros = Revoking.each(nodes, refs.subList(1 + WARM_UP, refs.size()));
        report.row(
                "revoked, %d nodes on PostgreSQL and Redis, %d by each of them in turn; one row committed: p50, p99, ms"
                        .formatted(NODES, REVOCATIONS),
                Revoking.millis(micros),
                Revoking.millis(
                        Revoking.commits(
                                postgres.getJdbcUrl("postgres", "postgres"),
                                List.of(),
                                REVOCATIONS)),
                "p99 < 50");
        nodes.getLast().process().kill();
        report.row(
                "the next one after a node was killed, s",
                String.format(
                        Locale.ROOT, "%.2f", (double) Revoking.one(first, refs.getFirst()) / 1e6),
                "< the lease of 2 s + 0.5");
    }
}
