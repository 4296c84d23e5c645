package drawbridge.bench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import org.HdrHistogram.Histogram;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How long a revocation takes to be answered by three servers on one PostgreSQL and one Redis:
 * while all are well, and the first one after a node has died. It is answered once no node can
 * trust the session any more.
 */
final class Nodes {
    private static final int NODES = 3;
    private static final int REVOCATIONS = 300;

    private Nodes() {}

    static void run(Path work, Report report) throws IOException, InterruptedException {
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
                measure(nodes, report);
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

    private static void measure(List<Subject> nodes, Report report)
            throws IOException, InterruptedException {
        Subject first = nodes.getFirst();
        first.register(0);
        int cores = Runtime.getRuntime().availableProcessors();
        try (HttpLoad load = new HttpLoad(first.address(), cores, () -> Subject.login(0), 200)) {
            load.times(REVOCATIONS);
        }
        List<String> refs = new ArrayList<>();
        for (JsonNode session : first.admin("GET", "/v1/sessions?limit=500", "").get("items")) {
            refs.add(session.get("ref").asString());
        }
        String last = refs.removeLast();
        Histogram micros = new Histogram(60_000_000, 3);
        for (int i = 0; i < refs.size(); i++) {
            micros.recordValue(revoke(nodes.get(i % NODES), refs.get(i)));
        }
        report.row(
                "revoked, %d nodes on PostgreSQL and Redis, %d by each of them in turn: p50, p99, ms"
                        .formatted(NODES, refs.size()),
                String.format(
                        Locale.ROOT,
                        "%.2f, %.2f",
                        (double) micros.getValueAtPercentile(50) / 1_000,
                        (double) micros.getValueAtPercentile(99) / 1_000),
                "p99 < 50");
        nodes.getLast().process().kill();
        report.row(
                "the next one after a node was killed, s",
                String.format(Locale.ROOT, "%.2f", (double) revoke(first, last) / 1e6),
                "< the lease of 2 s + 0.5");
    }

    /** How long it took, in microseconds. */
    private static long revoke(Subject node, String ref) throws IOException, InterruptedException {
        long began = System.nanoTime();
        JsonNode _ =
                node.admin(
                        "POST",
                        "/v1/sessions/" + ref + "/revoke",
                        "{\"reason\":\"benchmark\",\"final\":true}");
        return TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - began);
    }
}
