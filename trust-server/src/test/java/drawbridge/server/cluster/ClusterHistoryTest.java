package drawbridge.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.server.support.RunningServer.Answer;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Records every validation on two nodes and every revocation, and looks for a "valid" that began
 * after a revocation was answered, whatever happens meanwhile. A seeded row of troubles in verify;
 * {@code -Psoak} does each of them as often as the promise says.
 */
@Timeout(7_200)
class ClusterHistoryTest {
    private static final System.Logger LOG = System.getLogger("history");
    private static final long SEED = Long.getLong("drawbridge.cluster.seed", 20261122);
    private static final int ROUNDS = Integer.getInteger("drawbridge.revocations", 60);
    private static final int FAULTS = Integer.getInteger("drawbridge.cluster.faults", 0);
    private static final int THREADS = 8;

    /**
     * Between two calls of a thread: without any, two nodes take a small machine for themselves.
     */
    private static final long PAUSE_NANOS =
            Duration.ofMillis(Integer.getInteger("drawbridge.cluster.pause.millis", 0)).toNanos();

    /** 408: it stood still while a body was on its way. */
    private static final Set<Integer> SURE = Set.of(200, 401);

    private static final Set<Integer> UNSURE = Set.of(200, 401, 503, 408, 0);

    /** What a revocation may take with a node away: its lease, and what it may hold in the way. */
    private static final Duration BOUND = LeaseTerms.USUAL.lapsed().plusMillis(750);

    @TempDir private static Path folder;
    private static TwoNodes nodes;

    /**
     * What the machine may add to it: as much again where it has only this to do, and more where it
     * runs all the other tests beside.
     */
    private static final int SLOWER = FAULTS > 0 ? 2 : 10;

    private record Call(int node, long began, long ended, int status) {}

    /** From a revocation's answer until its undo was asked for. */
    private record Refused(Trouble trouble, long from, long until) {
        boolean holds(Call call) {
            return call.began() > from && call.ended() < until;
        }
    }

    /** How long a revocation took, and of that from its commit on. */
    private record Took(Trouble trouble, Duration all, Duration sinceCommit) {}

    @BeforeAll
    static void start() throws IOException {
        nodes = new TwoNodes(folder);
    }

    @AfterAll
    static void stop() throws IOException {
        nodes.close();
    }

    /** Both nodes under load, and what they said. */
    private static final class History {
        private final String session;
        private final String ref;
        private final Queue<Call> calls = new ConcurrentLinkedQueue<>(); // not looked at yet
        private final NavigableMap<Long, Refused> refused = new TreeMap<>(); // by their beginning
        private final Set<Integer> statuses = new HashSet<>();
        private final List<String> wrong = new ArrayList<>();
        private final long[] checked = new long[2]; // of each node
        private final List<Took> took = new ArrayList<>();
        private final AtomicBoolean over = new AtomicBoolean();
        private final AtomicLongArray done = new AtomicLongArray(2); // by each node

        History(String email) {
            session = nodes.first().register(email);
            nodes.awaitTrusted(session);
            ref =
                    nodes.first()
                            .admin("/v1/sessions")
                            .json()
                            .get("items")
                            .get(0)
                            .get("ref")
                            .asString();
        }

        void record(List<Trouble> troubles) throws Exception {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 2 * THREADS; i++) {
                int which = i % 2;
                threads.add(Thread.ofVirtual().start(() -> hammer(which)));
            }
            try {
                for (Trouble trouble : troubles) {
                    round(trouble);
                }
            } finally {
                over.set(true);
                for (Thread thread : threads) {
                    thread.join();
                }
            }
            lookAtCalls();
        }

        private void round(Trouble trouble) throws Exception {
            nodes.awaitTrusted(session);
            awaitMore(2L * THREADS);
            Trouble.Ending ending = trouble.begin(nodes);
            long asked = System.nanoTime();
            JsonNode receipt = untilDone("/v1/sessions/" + ref + "/revoke");
            long answered = System.nanoTime();
            Duration sinceCommit =
                    Duration.between(
                            Instant.parse(receipt.get("committedAt").asString()), Instant.now());
            took.add(new Took(trouble, Duration.ofNanos(answered - asked), sinceCommit));
            awaitMore(2L * THREADS);
            ending.end();
            awaitMoreOfEach(2L * THREADS); // also of the node that goes on, or starts, only now
            long undone = System.nanoTime();
            JsonNode _ = untilDone("/v1/sessions/" + ref + "/restore");
            refused.put(answered, new Refused(trouble, answered, undone));
            lookAtCalls();
        }

        /** What was recorded so far: millions of calls are not kept until the end. */
        private void lookAtCalls() {
            for (Call call = calls.poll(); call != null; call = calls.poll()) {
                statuses.add(call.status());
                Map.Entry<Long, Refused> before = refused.lowerEntry(call.began());
                if (before == null || !before.getValue().holds(call)) {
                    continue;
                }
                if (call.status() > 0) {
                    checked[call.node()]++;
                }
                if (call.status() == 200) {
                    wrong.add(
                            "%s: node %d, %d us after the answer"
                                    .formatted(
                                            before.getValue().trouble(),
                                            call.node(),
                                            (call.began() - before.getKey()) / 1000));
                }
            }
        }

        /** Repeated while it is pending; always by the first node, which is never disturbed. */
        private JsonNode untilDone(String path) {
            Answer answer = nodes.first().admin(path, "{}");
            for (int again = 0; answer.status() == 503 && again < 20; again++) {
                answer = nodes.first().admin(path, "{}");
            }
            assertThat(answer.status()).isEqualTo(200);
            return answer.json();
        }

        private void hammer(int which) {
            while (!over.get()) {
                long began = System.nanoTime();
                int status = nodes.validate(which, session);
                calls.add(new Call(which, began, System.nanoTime(), status));
                done.incrementAndGet(which);
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }

        private void awaitMore(long more) {
            long target = done.get(0) + done.get(1) + more;
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> done.get(0) + done.get(1) >= target);
        }

        private void awaitMoreOfEach(long more) {
            long first = done.get(0) + more;
            long second = done.get(1) + more;
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> done.get(0) >= first && done.get(1) >= second);
        }

        void assertNothingWrong(Set<Integer> expected) {
            for (Trouble trouble : EnumSet.allOf(Trouble.class)) {
                tellTimes(trouble);
            }
            assertThat(wrong).isEmpty();
            assertThat(statuses)
                    .describedAs("unexpected: %s", nodes.unexpected())
                    .isSubsetOf(expected)
                    .contains(200, 401);
            assertThat(Math.min(checked[0], checked[1]))
                    .isGreaterThanOrEqualTo((long) THREADS * refused.size());
        }

        private void tellTimes(Trouble trouble) {
            List<Took> all =
                    took.stream()
                            .filter(each -> each.trouble() == trouble)
                            .sorted((a, b) -> a.all().compareTo(b.all()))
                            .toList();
            if (!all.isEmpty()) {
                LOG.log(
                        System.Logger.Level.INFO,
                        "trouble={0} revocations={1} checked={2} p50={3} p99={4} most={5}"
                                + " most since commit={6}",
                        trouble,
                        all.size(),
                        checked[0] + "+" + checked[1],
                        all.get(all.size() / 2).all(),
                        all.get(all.size() * 99 / 100).all(),
                        all.getLast().all(),
                        all.stream().map(Took::sinceCommit).max(Duration::compareTo).orElseThrow());
            }
        }

        void assertInTime() {
            assertThat(took).allMatch(each -> each.all().compareTo(BOUND.multipliedBy(SLOWER)) < 0);
        }
    }

    /** Each of them once, and some again, in the seed's order. */
    @Test
    void noValidAfterTheAnswerWhateverHappens() throws Exception {
        List<Trouble> troubles = new ArrayList<>(EnumSet.allOf(Trouble.class));
        troubles.remove(Trouble.STOPPED_FOR_LONG); // ten seconds of nothing
        EnumSet.allOf(Trouble.class).stream().filter(Trouble::isHarmless).forEach(troubles::add);
        Collections.shuffle(troubles, new Random(SEED));
        History history = new History("seeded@example.test");

        history.record(troubles);

        history.assertNothingWrong(UNSURE);
        history.assertInTime();
    }

    /** Those of {@code -Ddrawbridge.cluster.troubles=A,B}; without it all. */
    static Stream<Trouble> troubles() {
        String named = System.getProperty("drawbridge.cluster.troubles", "");
        return named.isEmpty()
                ? Stream.of(Trouble.values())
                : Stream.of(named.split(",", -1)).map(Trouble::valueOf);
    }

    @ParameterizedTest
    @MethodSource("troubles")
    @EnabledIfSystemProperty(
            named = "drawbridge.cluster.faults",
            matches = "[0-9]+",
            disabledReason = "takes hours; -Psoak")
    void noValidAfterTheAnswerHoweverOftenItHappens(Trouble trouble) throws Exception {
        History history = new History(trouble.name().toLowerCase(Locale.ROOT) + "@example.test");

        history.record(Collections.nCopies(trouble.isHarmless() ? ROUNDS : FAULTS, trouble));

        history.assertNothingWrong(trouble.isHarmless() ? SURE : UNSURE);
        history.assertInTime();
    }
}
