package drawbridge.server.simulate;

import drawbridge.server.config.Reason;
import drawbridge.server.simulate.SimulationReport.Expectation;
import drawbridge.server.simulate.SimulationReport.Got;
import drawbridge.server.simulate.SimulationReport.ServerView;
import drawbridge.server.simulate.SimulationReport.Storm;
import drawbridge.server.simulate.TrustHttp.Asked;
import drawbridge.server.simulate.TrustHttp.Reply;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Registers people, then asks the server about them at a steady rate, and knows of every answer
 * what it must be. Requests are sent when they are due, whether or not earlier ones were answered,
 * so that a slow server is seen to be slow.
 *
 * <p>{@link #run} is called once, by one thread; {@link #stop} by any.
 */
public final class Simulation {
    private static final int MOST_UNANSWERED = 256;
    private static final int REGISTERING_AT_ONCE = 4;
    private static final int LOGIN_TRIES = 30;
    private static final Duration REGISTRATION_PATIENCE = Duration.ofMinutes(5);
    private static final Duration LAST_ANSWERS_PATIENCE = Duration.ofSeconds(10);
    private static final Duration COUNTS_PATIENCE = Duration.ofSeconds(3);
    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(1);
    private static final Duration BREATH = Duration.ofMillis(200);
    private static final Duration PROGRESS_EVERY = Duration.ofSeconds(10);

    /** Logins and logouts a second at most: each costs the server a password hash. */
    private static final double MOST_LOGINS_PER_SECOND = 2;

    private static final double LOGIN_SHARE = 0.004;

    private static final String OTHER_IP = "another ip";
    private static final String OTHER_DEVICE = "another device";
    private static final String OTHER_AGENT = "another agent";
    private static final String ENDED = "ended session";

    private static final List<Asked> ROUTES =
            List.of(
                    new Asked("", "GET", "/api/orders"),
                    new Asked("", "GET", "/api/profile"),
                    new Asked("", "POST", "/api/orders"),
                    new Asked("", "GET", "/api/catalogue"),
                    new Asked("", "POST", "/api/payments"),
                    new Asked("", "GET", "/api/messages"));

    private final SimulationPlan plan;
    private final Optional<ServerCounts> counts;
    private final LongSupplier nanoTicker;
    private final Tally tally = new Tally();
    private final Semaphore unanswered = new Semaphore(MOST_UNANSWERED);
    private final LongAdder notSent = new LongAdder();
    private volatile boolean stopping;

    /** By the ticker; requests due earlier find both programs cold. */
    private volatile long warmAt;

    /** Why it cannot go on; found on the thread of a request. */
    private volatile @Nullable SimulationException failure;

    /**
     * @param counts where to read the server's own counts; empty when nobody may
     * @param nanoTicker such as {@code System::nanoTime}
     */
    public Simulation(SimulationPlan plan, Optional<ServerCounts> counts, LongSupplier nanoTicker) {
        this.plan = plan;
        this.counts = counts;
        this.nanoTicker = nanoTicker;
    }

    /** Ends it early; {@link #run} then answers with the report so far. */
    public void stop() {
        stopping = true;
    }

    /**
     * Runs to the end of its time.
     *
     * @param progress hears a line now and then
     * @throws SimulationException when it cannot begin
     */
    public SimulationReport run(Consumer<String> progress) throws InterruptedException {
        SplittableRandom random = new SplittableRandom(plan.seed());
        Population population = Population.of(plan.users(), plan.bridgeSecret(), random);
        try (TrustHttp http = new TrustHttp(plan);
                ExecutorService requests =
                        Executors.newThreadPerTaskExecutor(
                                Thread.ofVirtual().name("simulated-", 0).factory())) {
            requireTrustedProxy(http, population.people().getFirst());
            long users = register(http, population, requests, progress);
            Optional<ServerCounts.Reading> before = readCounts();
            Optional<LoginStorm> storm =
                    plan.stormPerSecond() > 0
                            ? Optional.of(new LoginStorm(plan, nanoTicker))
                            : Optional.empty();
            try {
                Duration took = ask(http, population, random, requests, progress);
                awaitAnswers();
                requests.shutdownNow();
                return report(
                        took,
                        (int) users,
                        storm.map(LoginStorm::report),
                        before.isPresent() ? compare(before.get()) : null);
            } finally {
                storm.ifPresent(LoginStorm::close);
            }
        }
    }

    private Optional<ServerCounts.Reading> readCounts() throws InterruptedException {
        return counts.isPresent() ? counts.get().read() : Optional.empty();
    }

    /** Ends with what to do when the server does not record the address that was forwarded. */
    private void requireTrustedProxy(TrustHttp http, Person first) throws InterruptedException {
        try {
            logIn(http, first);
            String session = first.session();
            if (session == null) {
                throw new SimulationException(
                        "nobody could log in at " + plan.target() + ": the server is too busy");
            }
            Reply reply =
                    http.validate(session, first.home(), new Asked("STANDARD", "GET", "/start"));
            if (reply.code().equals("INVALID_BRIDGE_SECRET")) {
                throw new SimulationException(
                        "the server at %s does not know this bridge secret"
                                .formatted(plan.target()));
            }
            String recorded = reply.body().path("session").path("ip_address").asString("");
            boolean otherIp = reply.status() == 401 && reply.signal().equals("ip");
            if (otherIp || (reply.isGood() && !recorded.equals(first.home().ip()))) {
                throw new SimulationException(
                        "the server does not believe the addresses that %s forwards; start it with DRAWBRIDGE_TRUSTED_PROXIES=%s/32"
                                .formatted(
                                        plan.from().getHostAddress(),
                                        plan.from().getHostAddress()));
            }
            if (!reply.isGood()) {
                throw new SimulationException(
                        "the first validation was answered %d %s"
                                .formatted(reply.status(), reply.code()));
            }
        } catch (IOException e) {
            throw new SimulationException(
                    "nobody answers at %s from %s: %s"
                            .formatted(plan.target(), plan.from().getHostAddress(), Reason.of(e)),
                    e);
        }
    }

    private long register(
            TrustHttp http,
            Population population,
            ExecutorService requests,
            Consumer<String> progress)
            throws InterruptedException {
        progress.accept("registering %d simulated users".formatted(plan.users()));
        long deadline = nanoTicker.getAsLong() + REGISTRATION_PATIENCE.toNanos();
        Semaphore atOnce = new Semaphore(REGISTERING_AT_ONCE);
        for (Person person : population.people()) {
            long left = deadline - nanoTicker.getAsLong();
            if (stopping
                    || failure != null
                    || left <= 0
                    || !atOnce.tryAcquire(left, TimeUnit.NANOSECONDS)) {
                break;
            }
            requests.execute(() -> {
                try {
                    logIn(http, person);
                } catch (IOException e) {
                    tally.outcome("login", "unanswered");
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } finally {
                    atOnce.release();
                }
            });
        }
        if (!atOnce.tryAcquire(
                REGISTERING_AT_ONCE, LAST_ANSWERS_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            progress.accept("some registrations are not answered yet");
        }
        SimulationException failed = failure;
        if (failed != null) {
            throw failed;
        }
        long users =
                population.people().stream().filter(person -> person.session() != null).count();
        progress.accept("%d users are logged in".formatted(users));
        return users;
    }

    /** Registers, or logs in where the account is there from an earlier run. */
    private void logIn(TrustHttp http, Person person) throws IOException, InterruptedException {
        if (person.session() != null) {
            return;
        }
        Reply reply = http.register(person);
        String kind = "register";
        if (reply.status() == 409) {
            reply = http.login(person);
            kind = "login";
        }
        for (int i = 0; i < LOGIN_TRIES && isBusy(reply) && !stopping; i++) {
            tally.outcome(kind, reply.status() + " " + reply.code());
            Thread.sleep(BREATH);
            reply = kind.equals("login") ? http.login(person) : http.register(person);
            if (reply.status() == 409) {
                kind = "login";
                reply = http.login(person);
            }
        }
        if (reply.status() == 401) {
            throw new SimulationException(
                    "%s exists with another password: this server was simulated with another bridge secret; use a fresh data folder"
                            .formatted(person.email()));
        }
        keepSession(person, kind, reply);
    }

    private static boolean isBusy(Reply reply) {
        return reply.status() == 503 || reply.status() == 429;
    }

    private void keepSession(Person person, String kind, Reply reply) {
        String id =
                reply.body()
                        .path("session_id")
                        .asString(reply.body().path("data").path("session_id").asString(""));
        if (reply.isGood() && !id.isEmpty()) {
            person.session(id);
            tally.outcome(kind, "done");
        } else {
            tally.outcome(kind, reply.status() + " " + reply.code());
        }
    }

    /** Sends what is due until the time is over, and answers how long that was. */
    private Duration ask(
            TrustHttp http,
            Population population,
            SplittableRandom random,
            ExecutorService requests,
            Consumer<String> progress) {
        double loginShare = Math.min(LOGIN_SHARE, MOST_LOGINS_PER_SECOND / plan.perSecond());
        long start = nanoTicker.getAsLong();
        warmAt = start + plan.warmUp().toNanos();
        long total = plan.duration().toMillis() * plan.perSecond() / 1000;
        long nextProgress = PROGRESS_EVERY.toNanos();
        for (long i = 0; i < total && !stopping; i++) {
            long due = start + i * 1_000_000_000L / plan.perSecond();
            awaitNanos(due);
            if (due - start >= nextProgress) {
                nextProgress += PROGRESS_EVERY.toNanos();
                progress.accept(progressLine(Duration.ofNanos(due - start)));
            }
            Task task =
                    random.nextDouble() < loginShare
                            ? new LogOutAndIn(population.pickAny(random))
                            : validation(population.pick(random), random);
            if (!unanswered.tryAcquire()) {
                notSent.increment();
                continue;
            }
            requests.execute(() -> perform(http, task, due));
        }
        return Duration.ofNanos(nanoTicker.getAsLong() - start);
    }

    private void awaitNanos(long due) {
        long left = due - nanoTicker.getAsLong();
        while (left > 0 && !stopping) {
            LockSupport.parkNanos(left);
            left = due - nanoTicker.getAsLong();
        }
    }

    private String progressLine(Duration passed) {
        return "%3d s: %,d validations, %,d trusted, %,d refused, p99 %.1f ms"
                .formatted(
                        passed.toSeconds(),
                        tally.validations(),
                        tally.trusted(),
                        tally.refused(),
                        tally.latency().p99Micros() / 1000.0);
    }

    /** One thing to do; everything random in it is settled already. */
    private sealed interface Task {}

    /** A validation from home, which must be trusted. */
    private record Steady(Person person, Asked asked) implements Task {}

    /** A validation from elsewhere, which must be refused. */
    private record Strange(Person person, Asked asked, Person.Place place, String why)
            implements Task {}

    /** Out, a try with the session that has ended, and in again. */
    private record LogOutAndIn(Person person) implements Task {}

    private Task validation(Person person, SplittableRandom random) {
        Asked route = ROUTES.get(random.nextInt(ROUTES.size()));
        int dice = random.nextInt(10);
        String mode = dice < 7 ? "STANDARD" : dice < 9 ? "ADVANCED" : "STRICT";
        Asked asked = new Asked(mode, route.method(), route.path());
        if (random.nextDouble() >= plan.changedShare()) {
            return new Steady(person, asked);
        }
        Person.Place home = person.home();
        Person.Place other = Population.otherThan(home, random);
        return switch (random.nextInt(3)) {
            case 0 -> new Strange(person, asked, home.withIp(other.ip()), OTHER_IP);
            case 1 -> {
                String stricter = mode.equals("STANDARD") ? "ADVANCED" : mode;
                yield new Strange(
                        person,
                        new Asked(stricter, route.method(), route.path()),
                        home.withDevice(other.device()),
                        OTHER_DEVICE);
            }
            default ->
                    new Strange(
                            person,
                            new Asked("STRICT", route.method(), route.path()),
                            home.withAgent(other.agent()),
                            OTHER_AGENT);
        };
    }

    private void perform(TrustHttp http, Task task, long due) {
        try {
            switch (task) {
                case Steady steady -> steady(http, steady, due);
                case Strange strange -> strange(http, strange, due);
                case LogOutAndIn(Person person) -> logOutAndIn(http, person);
            }
        } catch (IOException e) {
            tally.outcome(task instanceof LogOutAndIn ? "login" : "validate", "unanswered");
            if (task instanceof Strange strange) {
                tally.expected(strange.why(), Got.UNANSWERED);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            unanswered.release();
        }
    }

    private void steady(TrustHttp http, Steady task, long due)
            throws IOException, InterruptedException {
        Person person = task.person();
        Lock shared = person.lock().readLock();
        if (!shared.tryLock()) {
            tally.outcome("validate", "left out: logging in");
            return;
        }
        boolean over = false;
        try {
            String session = person.session();
            if (session != null) {
                Reply reply = http.validate(session, person.home(), task.asked());
                tally.took(nanoTicker.getAsLong() - due, due - warmAt >= 0);
                noteVerdict(reply);
                over = reply.status() == 401;
                if (over) {
                    tally.outcome("validate", "refused though nothing had changed");
                }
            } else {
                over = true;
            }
        } finally {
            shared.unlock();
        }
        if (over) { // revoked by an administrator, or expired: like anybody, they log in again
            logInAgain(http, person);
        }
    }

    private void strange(TrustHttp http, Strange task, long due)
            throws IOException, InterruptedException {
        Lock shared = task.person().lock().readLock();
        if (!shared.tryLock()) {
            tally.outcome("validate", "left out: logging in");
            return;
        }
        try {
            String session = task.person().session();
            if (session == null) {
                tally.outcome("validate", "left out: logged out");
                return;
            }
            Reply reply = http.validate(session, task.place(), task.asked());
            tally.took(nanoTicker.getAsLong() - due, due - warmAt >= 0);
            noteVerdict(reply);
            boolean forIt =
                    reply.code().equals("SIGNAL_DIFFERS") && task.why().endsWith(reply.signal());
            tally.expected(task.why(), got(reply, forIt));
        } finally {
            shared.unlock();
        }
    }

    private static Got got(Reply reply, boolean forTheReason) {
        if (reply.isGood()) {
            return Got.WRONG;
        }
        if (reply.status() != 401) {
            return Got.UNANSWERED;
        }
        return forTheReason ? Got.REFUSED : Got.REFUSED_OTHERWISE;
    }

    private void logOutAndIn(TrustHttp http, Person person)
            throws IOException, InterruptedException {
        Lock alone = person.lock().writeLock();
        if (!alone.tryLock(LOCK_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            tally.outcome("logout", "left out: being validated");
            return;
        }
        try {
            String session = person.session();
            if (session != null) {
                Reply out = http.logout(person, session);
                tally.outcome("logout", out.isGood() ? "done" : out.status() + " " + out.code());
                person.session(null);
                if (out.isGood()) {
                    Reply late =
                            http.validate(
                                    session,
                                    person.home(),
                                    new Asked("STANDARD", "GET", "/api/profile"));
                    noteVerdict(late);
                    tally.expected(ENDED, got(late, late.status() == 401));
                }
            }
            keepSession(person, "login", http.login(person));
        } finally {
            alone.unlock();
        }
    }

    private void logInAgain(TrustHttp http, Person person)
            throws IOException, InterruptedException {
        Lock alone = person.lock().writeLock();
        if (!alone.tryLock()) {
            return; // somebody else is at it
        }
        try {
            keepSession(person, "login", http.login(person));
        } finally {
            alone.unlock();
        }
    }

    private void noteVerdict(Reply reply) {
        if (reply.isGood()) {
            tally.verdict(true);
            tally.outcome("validate", "trusted");
        } else if (reply.status() == 401) {
            tally.verdict(false);
            String signal = reply.signal().isEmpty() ? "" : " " + reply.signal();
            tally.outcome("validate", "refused " + reply.code() + signal);
        } else {
            tally.outcome("validate", reply.status() + " " + reply.code());
        }
    }

    private void awaitAnswers() throws InterruptedException {
        if (!unanswered.tryAcquire(
                MOST_UNANSWERED, LAST_ANSWERS_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            tally.outcome("validate", "still unanswered at the end");
        }
    }

    /** Reads the server's counts until they agree or it has had the time to write them up. */
    private @Nullable ServerView compare(ServerCounts.Reading before) throws InterruptedException {
        long deadline = nanoTicker.getAsLong() + COUNTS_PATIENCE.toNanos();
        while (true) {
            Optional<ServerCounts.Reading> after = readCounts();
            if (after.isEmpty()) {
                return null;
            }
            ServerView view = ServerCounts.between(before, after.get());
            boolean complete = view.validations() >= tally.validations();
            if (complete || nanoTicker.getAsLong() > deadline) {
                return view;
            }
            Thread.sleep(BREATH);
        }
    }

    private SimulationReport report(
            Duration took, int users, Optional<Storm> storm, @Nullable ServerView view) {
        return new SimulationReport(
                took,
                users,
                tally.outcomes(),
                List.of(
                        expectation(OTHER_IP),
                        expectation(OTHER_DEVICE),
                        expectation(OTHER_AGENT),
                        expectation(ENDED)),
                notSent.sum(),
                tally.validations(),
                tally.trusted(),
                tally.refused(),
                tally.latency(),
                tally.warmUp(),
                storm,
                Optional.ofNullable(view));
    }

    private Expectation expectation(String why) {
        return new Expectation(
                why,
                tally.expectedAs(why, Got.REFUSED),
                tally.expectedAs(why, Got.REFUSED_OTHERWISE),
                tally.expectedAs(why, Got.WRONG),
                tally.expectedAs(why, Got.UNANSWERED));
    }
}
