package drawbridge.server.simulate;

import drawbridge.server.simulate.SimulationReport.Storm;
import drawbridge.server.simulate.TrustHttp.Reply;

import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Logins with wrong passwords at a steady rate, each of another account and from another network,
 * so that no limit by account or source turns them away: what is left is what the server can hash.
 * Runs from its making until it is closed.
 */
final class LoginStorm implements AutoCloseable {
    private static final int MOST_UNANSWERED = 2000;
    private static final long MOST_MICROS = 60_000_000;

    private final SimulationPlan plan;
    private final LongSupplier nanoTicker;
    private final TrustHttp http;
    private final ExecutorService requests =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("storm-", 0).factory());
    private final Semaphore unanswered = new Semaphore(MOST_UNANSWERED);
    private final LongAdder notSent = new LongAdder();
    private final Map<String, Seen> outcomes = new ConcurrentHashMap<>();
    private final Thread thread;
    private volatile boolean stopping;

    LoginStorm(SimulationPlan plan, LongSupplier nanoTicker) {
        this.plan = plan;
        this.nanoTicker = nanoTicker;
        this.http = new TrustHttp(plan);
        this.thread = Thread.ofPlatform().name("storm").daemon().start(this::blow);
    }

    private void blow() {
        long start = nanoTicker.getAsLong();
        for (long i = 0; !stopping; i++) {
            long due = start + i * 1_000_000_000L / plan.stormPerSecond();
            long left = due - nanoTicker.getAsLong();
            while (left > 0 && !stopping) {
                LockSupport.parkNanos(left);
                left = due - nanoTicker.getAsLong();
            }
            if (!unanswered.tryAcquire()) {
                notSent.increment();
                continue;
            }
            long number = i;
            boolean warm = due - start >= plan.warmUp().toNanos();
            requests.execute(() -> logIn(stranger(number), due, warm));
        }
    }

    private Person stranger(long number) {
        String email =
                String.format(Locale.ROOT, "storm.%d.%d@simulation.invalid", plan.seed(), number);
        return new Person(
                email,
                "this is nobody's password",
                new Person.Place(
                        Population.ipv6(number + Population.STRANGERS),
                        "storm-device-" + number,
                        "storm/1"));
    }

    private void logIn(Person stranger, long due, boolean warm) {
        try {
            Reply reply = http.login(stranger);
            note(reply.status() + " " + reply.code(), due, warm);
        } catch (IOException e) {
            note("unanswered", due, warm);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            unanswered.release();
        }
    }

    private void note(String outcome, long due, boolean warm) {
        long micros = (nanoTicker.getAsLong() - due) / 1000;
        Seen seen = outcomes.computeIfAbsent(outcome, _ -> new Seen());
        seen.count.increment();
        if (warm) {
            seen.times.recordValue(Math.clamp(micros, 0, MOST_MICROS));
        }
    }

    /** The answers of one kind: all are counted, those since it is warm are timed. */
    private static final class Seen {
        private final LongAdder count = new LongAdder();
        private final Histogram times = new ConcurrentHistogram(MOST_MICROS, 3);
    }

    /** What came of it so far. */
    Storm report() {
        Map<String, Storm.Outcome> counted = new TreeMap<>();
        outcomes.forEach((outcome, seen) ->
                counted.put(
                        outcome, new Storm.Outcome(seen.count.sum(), Tally.latency(seen.times))));
        return new Storm(plan.stormPerSecond(), notSent.sum(), counted);
    }

    @Override
    public void close() {
        stopping = true;
        LockSupport.unpark(thread);
        try {
            thread.join(Duration.ofSeconds(1)); // it hands out no more requests then
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        requests.shutdownNow();
        http.close();
    }
}
