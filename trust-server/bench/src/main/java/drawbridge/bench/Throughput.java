package drawbridge.bench;

import drawbridge.bench.HttpLoad.Outcome;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * Validations over HTTP beside the ceiling, in turns: both are warm, and whatever disturbs the
 * machine disturbs both. A console and a back end follow the server's events meanwhile.
 */
final class Throughput {
    private static final int SESSIONS = 64;
    private static final int RULES = 100;
    private static final int ROUNDS = 5;
    private static final int CONNECTIONS = 32;
    private static final double RATE = 3_000;
    private static final Duration WARM = Duration.ofSeconds(30);
    private static final Duration ROUND = Duration.ofSeconds(3);

    private record Turn(Outcome outcome, double processorMicros) {}

    private Throughput() {}

    static void run(Path work, Report report) throws IOException, InterruptedException {
        try (Bare ceiling = Bare.start(work);
                Subject subject = Subject.start(work.resolve("data"), List.of(), Map.of())) {
            subject.admin("PUT", "/v1/policies", policies());
            List<ByteBuffer> calls = new ArrayList<>();
            for (int i = 0; i < SESSIONS; i++) {
                calls.add(Subject.validation(subject.register(i)));
            }
            List<LongAdder> told = subject.follow();
            measure(
                    new Side(ceiling.process(), ceiling.address()),
                    new Side(subject.process(), subject.address()),
                    calls,
                    report);
            if (told.stream().anyMatch(pieces -> pieces.sum() == 0)) {
                throw new IllegalStateException("nobody was told of events: " + told);
            }
        }
    }

    /** Rules that do not match stand before the one that does. */
    private static String policies() {
        StringBuilder rules = new StringBuilder("{\"baseVersion\":0,\"rules\":[");
        for (int i = 1; i < RULES; i++) {
            rules.append(
                    "{\"method\":\"POST\",\"pattern\":\"/area%d/{id}\",\"mode\":\"ADVANCED\"},"
                            .formatted(i));
        }
        return rules.append(
                        "{\"method\":\"POST\",\"pattern\":\"/payments/{id}\",\"mode\":\"STRICT\"}]}")
                .toString();
    }

    private record Side(Child child, InetSocketAddress address) {}

    private static void measure(Side ceiling, Side subject, List<ByteBuffer> calls, Report report)
            throws IOException {
        for (Side side : List.of(ceiling, subject)) {
            closed(side, calls, WARM);
        }
        List<Turn> most = new ArrayList<>();
        List<Turn> ours = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            most.add(closed(ceiling, calls, ROUND));
            ours.add(closed(subject, calls, ROUND));
        }
        report.row(
                "validate, STRICT, %d connections, closed loop: answers/s".formatted(CONNECTIONS),
                median(ours, turn -> turn.outcome().perSecond()),
                median(most, turn -> turn.outcome().perSecond()),
                "≥ 0.85 × the ceiling");
        report.row(
                "the same: processor time of the server for each, µs",
                median(ours, Turn::processorMicros),
                median(most, Turn::processorMicros),
                "≤ 1.25 × the ceiling");
        most.clear();
        ours.clear();
        for (int round = 0; round < ROUNDS; round++) {
            most.add(open(ceiling, calls, ROUND));
            ours.add(open(subject, calls, ROUND));
        }
        report.row(
                "validate at 3 000/s, open loop, from the due time: p50, µs",
                median(ours, turn -> turn.outcome().micros(50)),
                median(most, turn -> turn.outcome().micros(50)),
                "≤ 300");
        report.row(
                "the same: p99, µs",
                median(ours, turn -> turn.outcome().micros(99)),
                median(most, turn -> turn.outcome().micros(99)),
                "≤ 1.5 × the ceiling");
    }

    private static Turn closed(Side side, List<ByteBuffer> calls, Duration length)
            throws IOException {
        try (HttpLoad load = load(side, calls)) {
            Duration before = side.child().processorTime();
            return turn(side, before, load.asFastAsPossible(length));
        }
    }

    private static Turn open(Side side, List<ByteBuffer> calls, Duration length)
            throws IOException {
        try (HttpLoad load = load(side, calls)) {
            Duration before = side.child().processorTime();
            return turn(side, before, load.atRate(RATE, length));
        }
    }

    private static Turn turn(Side side, Duration before, Outcome outcome) {
        Outcome _ = outcome.requireRight();
        Duration used = side.child().processorTime().minus(before);
        return new Turn(outcome, (double) used.toNanos() / 1_000 / (double) outcome.answers());
    }

    private static HttpLoad load(Side side, List<ByteBuffer> calls) throws IOException {
        return new HttpLoad(side.address(), CONNECTIONS, inTurn(calls), 200);
    }

    private static Supplier<ByteBuffer> inTurn(List<ByteBuffer> calls) {
        int[] next = {0};
        return () -> calls.get(next[0]++ % calls.size()).duplicate();
    }

    private static double median(List<Turn> turns, ToDoubleFunction<Turn> figure) {
        double[] sorted = turns.stream().mapToDouble(figure).sorted().toArray();
        return Arrays.stream(sorted).skip(sorted.length / 2).findFirst().orElseThrow();
    }
}
