package drawbridge.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.server.support.FaultProxy;
import drawbridge.server.support.FaultProxy.Mode;
import drawbridge.server.support.KillableServer;
import drawbridge.server.support.RunningServer;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Records every validation on two nodes and every revocation, and looks for a "valid" that began
 * after a revocation was answered. {@code -Psoak} does it as often as the promise says.
 */
@Timeout(3_000)
class ClusterHistoryTest {
    private static final int ROUNDS = Integer.getInteger("drawbridge.revocations", 12);
    private static final int FAULTS = Integer.getInteger("drawbridge.cluster.faults", 1);
    private static final int THREADS = 8;

    /** A node that is asked. */
    private interface Node {
        /** The status of a validation; 0 when there was no answer. */
        int validate(String session);

        /** The status of an administrator's request. */
        int admin(String path);
    }

    private record Call(int node, long began, long ended, int status) {}

    /** From a revocation's answer until its undo was asked for. */
    private record Refused(long from, long until) {}

    /** What is done while a round goes on. */
    private interface Fault {
        Fault NONE = () -> {};

        void happen() throws Exception;
    }

    @TempDir private Path folder;

    private static Node node(RunningServer server) {
        return new Node() {
            @Override
            public int validate(String session) {
                return server.validate(Map.of("session_id", session, "ip", "127.0.0.1")).status();
            }

            @Override
            public int admin(String path) {
                return server.admin(path, "{}").status();
            }
        };
    }

    private static Node node(KillableServer server) {
        return new Node() {
            @Override
            public int validate(String session) {
                try {
                    return server.post(
                                    "/auth/bridge/validate",
                                    Map.of("session_id", session, "ip", "127.0.0.1"))
                            .statusCode();
                } catch (IOException e) {
                    return 0;
                }
            }

            @Override
            public int admin(String path) {
                try {
                    return server.admin(path, Map.of()).statusCode();
                } catch (IOException e) {
                    return 0;
                }
            }
        };
    }

    /** Two nodes under load, and what they said. */
    private static final class History {
        private final List<Node> nodes;
        private final String session;
        private final String ref;
        private final Queue<Call> calls = new ConcurrentLinkedQueue<>();
        private final List<Refused> refused = new ArrayList<>();
        private final List<Long> took = new ArrayList<>();
        private final AtomicBoolean over = new AtomicBoolean();
        private final AtomicLong done = new AtomicLong();

        History(List<Node> nodes, String session, String ref) {
            this.nodes = nodes;
            this.session = session;
            this.ref = ref;
        }

        /**
         * @param before what happens while the session is trusted, shortly before it is revoked
         * @param during what happens after the revocation was answered
         */
        void record(int rounds, Fault before, Fault during) throws Exception {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < nodes.size() * THREADS; i++) {
                int which = i % nodes.size();
                threads.add(Thread.ofVirtual().start(() -> hammer(which)));
            }
            try {
                for (int round = 0; round < rounds; round++) {
                    awaitMore(4L * THREADS);
                    before.happen();
                    long asked = System.nanoTime();
                    int status = untilDone("/v1/sessions/" + ref + "/revoke");
                    long answered = System.nanoTime();
                    assertThat(status).isEqualTo(200);
                    took.add(answered - asked);
                    awaitMore(2L * THREADS);
                    during.happen();
                    awaitMore(2L * THREADS);
                    long undone = System.nanoTime();
                    assertThat(untilDone("/v1/sessions/" + ref + "/restore")).isEqualTo(200);
                    refused.add(new Refused(answered, undone));
                }
            } finally {
                over.set(true);
                for (Thread thread : threads) {
                    thread.join();
                }
            }
        }

        /** Repeated while it is pending; always by the first node, which is never disturbed. */
        private int untilDone(String path) {
            int status = nodes.getFirst().admin(path);
            for (int again = 0; status == 503 && again < 20; again++) {
                status = nodes.getFirst().admin(path);
            }
            return status;
        }

        private void hammer(int which) {
            while (!over.get()) {
                long began = System.nanoTime();
                int status = nodes.get(which).validate(session);
                calls.add(new Call(which, began, System.nanoTime(), status));
                done.incrementAndGet();
            }
        }

        private void awaitMore(long more) {
            long target = done.get() + more;
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> done.get() >= target);
        }

        void assertNothingWrong(Integer... statuses) {
            assertThat(calls).extracting(Call::status).isSubsetOf(Arrays.asList(statuses));
            int checked = 0;
            for (Refused gap : refused) {
                for (Call call : calls) {
                    if (call.began() > gap.from() && call.ended() < gap.until()) {
                        assertThat(call.status())
                                .as(
                                        "node %d, %d us after the answer",
                                        call.node(), (call.began() - gap.from()) / 1000)
                                .isNotEqualTo(200);
                        checked++;
                    }
                }
            }
            assertThat(checked).isGreaterThanOrEqualTo(refused.size());
            for (int node = 0; node < nodes.size(); node++) {
                int each = node;
                assertThat(calls).anyMatch(c -> c.node() == each && c.status() == 200);
            }
            took.sort(null);
            System.getLogger("history")
                    .log(
                            System.Logger.Level.INFO,
                            "revocations={0} validations={1} checked={2} p50={3}us p99={4}us most={5}us",
                            took.size(),
                            calls.size(),
                            checked,
                            took.get(took.size() / 2) / 1000,
                            took.get(took.size() * 99 / 100) / 1000,
                            took.getLast() / 1000);
        }
    }

    private static String refOf(RunningServer server) {
        return server.admin("/v1/sessions").json().get("items").get(0).get("ref").asString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"on", "off"})
    void noValidAfterTheAnswerWithAndWithoutHints(String hints) throws Exception {
        Map<String, String> more = Map.of("DRAWBRIDGE_DATABASE_HINTS", hints);
        try (RunningServer a = SharedNodes.start(folder, "a", more);
                RunningServer b = SharedNodes.start(folder, "b", more)) {
            String session = a.register("raced@example.test");
            History history = new History(List.of(node(a), node(b)), session, refOf(a));

            history.record(ROUNDS, Fault.NONE, Fault.NONE);

            history.assertNothingWrong(200, 401);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"CUT", "HANG"})
    void noValidFromNodeThatIsCutFromTheDatabase(String how) throws Exception {
        try (FaultProxy between = new FaultProxy(SharedNodes.port(folder));
                RunningServer a = SharedNodes.start(folder, "a", Map.of());
                RunningServer b =
                        SharedNodes.start(
                                folder,
                                "b",
                                Map.of(
                                        "DATABASE_URL",
                                        SharedNodes.through(between.port(), folder)))) {
            String session = a.register("cut@example.test");
            Node second = node(b);
            History history = new History(List.of(node(a), second), session, refOf(a));

            history.record(
                    FAULTS,
                    () -> {
                        Awaitility.await()
                                .atMost(Duration.ofSeconds(15))
                                .until(() -> second.validate(session) == 200);
                        between.set(Mode.valueOf(how));
                    },
                    () -> between.set(Mode.PASS));

            history.assertNothingWrong(200, 401, 503);
        }
    }

    @Test
    void noValidFromNodeThatStartsMeanwhile() throws Exception {
        try (RunningServer a = SharedNodes.start(folder, "a", Map.of())) {
            String session = a.register("starts@example.test");
            AtomicBoolean once = new AtomicBoolean();
            List<RunningServer> started = new ArrayList<>();
            Node second =
                    new Node() {
                        @Override
                        public int validate(String id) {
                            RunningServer there = started.isEmpty() ? a : started.getLast();
                            return node(there).validate(id);
                        }

                        @Override
                        public int admin(String path) {
                            throw new IllegalStateException("only the first is asked");
                        }
                    };
            History history = new History(List.of(node(a), second), session, refOf(a));
            try {
                history.record(
                        FAULTS,
                        () -> {
                            Thread starting =
                                    Thread.ofPlatform()
                                            .start(() -> {
                                                RunningServer fresh =
                                                        SharedNodes.start(
                                                                folder,
                                                                "b" + started.size(),
                                                                Map.of());
                                                started.add(fresh);
                                                once.set(true);
                                            });
                            assertThat(starting).isNotNull();
                        },
                        () ->
                                Awaitility.await()
                                        .atMost(Duration.ofSeconds(60))
                                        .until(() -> once.getAndSet(false)));

                history.assertNothingWrong(200, 401, 503);
            } finally {
                started.forEach(RunningServer::close);
            }
        }
    }

    /** A process that stands still knows nothing of the time that passes, and must not say so. */
    @ParameterizedTest
    @ValueSource(longs = {1_000, 2_500, 10_000})
    void noValidFromNodeThatWasStopped(long millis) throws Exception {
        Path own = Files.createDirectories(folder.resolve("b"));
        try (RunningServer a = SharedNodes.start(folder, "a", Map.of());
                KillableServer b = new KillableServer(own, SharedNodes.environment(folder, "b"))) {
            b.start();
            String session = a.register("stopped@example.test");
            Node second = node(b);
            History history = new History(List.of(node(a), second), session, refOf(a));
            List<Thread> sleepers = new ArrayList<>();

            history.record(
                    FAULTS,
                    () -> {
                        Awaitility.await()
                                .atMost(Duration.ofSeconds(15))
                                .until(() -> second.validate(session) == 200);
                        sleepers.add(b.stopFor(Duration.ofMillis(millis)));
                    },
                    () -> sleepers.getLast().join());

            // 408: it stood still while a body was on its way.
            history.assertNothingWrong(200, 401, 503, 408, 0);
        }
    }
}
