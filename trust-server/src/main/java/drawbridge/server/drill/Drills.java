package drawbridge.server.drill;

import drawbridge.model.TenantId;
import drawbridge.model.Threat;
import drawbridge.model.event.ServerEvent;
import drawbridge.model.view.DrillReport;
import drawbridge.model.view.DrillResult;
import drawbridge.model.view.DrillRun;
import drawbridge.model.view.DrillRunRow;
import drawbridge.server.event.EventHub;
import drawbridge.server.session.Sessions.By;
import drawbridge.server.storage.StoreUnavailableException;
import drawbridge.server.tenant.Tenant;
import drawbridge.server.tenant.Tenants;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import javax.net.ssl.SSLContext;

/**
 * Plays drills against this very server, over HTTP and as anybody could: one run at a time, in a
 * tenant that is made for it and removed afterwards. Safe for many threads.
 */
public final class Drills implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Drills.class);
    private static final Duration SETTLING = Duration.ofSeconds(3);
    private static final Duration ENDING = Duration.ofSeconds(10);

    /** How asking for a run ended. */
    public sealed interface Outcome {
        /** It is under way. */
        record Begun(DrillRun run) implements Outcome {}

        /** Another one is. */
        record Busy(String run) implements Outcome {}

        /** There is no such tenant, or it is suspended. */
        record NoTenant(String why) implements Outcome {}
    }

    /**
     * What drills are played with.
     *
     * @param server where this server is reached; known once the ports are open
     * @param settle waits until what was refused is written down
     */
    public record Works(
            Tenants tenants,
            Sandboxes.Works sandboxes,
            Sandbox.Tiers tiers,
            Supplier<Place> server,
            DrillSettings settings,
            EventHub events,
            DrillPass pass,
            Settling settle) {}

    /**
     * Where the drills' calls go.
     *
     * @param url of the public listener
     * @param tls what is trusted there
     * @param version the server's
     * @param node the server's
     */
    public record Place(URI url, SSLContext tls, String version, String node) {}

    /** Waits until what was refused is written down. */
    public interface Settling {
        /** Gives up after that time. */
        boolean settle(Duration patience);
    }

    /** The run that is under way. */
    private final class Running {
        private final Tenant tenant;
        private final Thread thread;
        private final AtomicReference<DrillRun> now;
        private volatile boolean cancelled;

        Running(Tenant tenant, DrillRun begun) {
            this.tenant = tenant;
            this.now = new AtomicReference<>(begun);
            this.thread = Thread.ofPlatform().name("drills").unstarted(() -> play(this));
        }
    }

    private final Works with;
    private final Sandboxes sandboxes;
    private final DatabaseDrillRuns store;
    private final DrillReports reports;
    private final LongSupplier nanos;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final Addresses addresses = new Addresses(random);
    private final AtomicReference<@Nullable Running> running = new AtomicReference<>();
    private final Map<Threat, Attack> attacks = new EnumMap<>(Threat.class);

    Drills(
            Works with,
            DatabaseDrillRuns store,
            DrillReports reports,
            List<Attack> attacks,
            LongSupplier nanos,
            Clock clock) {
        this.with = with;
        this.sandboxes = new Sandboxes(with.sandboxes(), nanos);
        this.store = store;
        this.reports = reports;
        this.nanos = nanos;
        this.clock = clock;
        attacks.forEach(attack -> this.attacks.put(attack.threat(), attack));
    }

    /**
     * Begins a run.
     *
     * @param drills which are played, in the order of the matrix
     */
    public Outcome begin(TenantId tenant, Set<Threat> drills, By by) {
        Optional<Tenant> found = with.tenants().find(tenant);
        if (found.isEmpty()) {
            return new Outcome.NoTenant("there is no tenant with this id");
        }
        if (found.get().isSuspended()) {
            return new Outcome.NoTenant("the tenant is suspended: nothing of it would answer");
        }
        if (tenant.value().startsWith(SandboxNames.PREFIX)) {
            return new Outcome.NoTenant("it is the sandbox of a drill");
        }
        Running next = new Running(found.get(), fresh(tenant, drills, by));
        Running other = running.compareAndExchange(null, next);
        if (other != null) {
            return new Outcome.Busy(other.now.get().id());
        }
        try {
            store.begin(next.now.get(), by.requestId());
        } catch (StoreUnavailableException e) {
            running.set(null);
            throw e;
        }
        next.thread.start();
        return new Outcome.Begun(next.now.get());
    }

    private DrillRun fresh(TenantId tenant, Set<Threat> drills, By by) {
        byte[] bits = new byte[12];
        random.nextBytes(bits);
        String id = "drl_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
        Map<Threat, DatabaseDrillRuns.Before> before = store.before(tenant);
        List<DrillResult> waiting = new ArrayList<>();
        for (Threat threat : Threat.values()) {
            if (drills.contains(threat) && attacks.containsKey(threat)) {
                DatabaseDrillRuns.Before then =
                        before.getOrDefault(threat, new DatabaseDrillRuns.Before(null, null));
                waiting.add(
                        new DrillResult(
                                threat.wireName(),
                                "waiting",
                                null,
                                null,
                                null,
                                "",
                                List.of(),
                                List.of(),
                                List.of(),
                                then.last(),
                                then.lastHeld()));
            }
        }
        Place place = with.server().get();
        return new DrillRun(
                id,
                tenant.value(),
                SandboxNames.draw(random),
                "running",
                null,
                clock.instant(),
                null,
                by.actor(),
                "",
                place.version(),
                place.node(),
                waiting);
    }

    /** The run that is under way; empty when none is. */
    public Optional<String> running() {
        Running known = running.get();
        return known == null ? Optional.empty() : Optional.of(known.now.get().id());
    }

    /** The newest runs of a tenant, or of all; the newest first. */
    public List<DrillRunRow> list(@Nullable TenantId tenant, int limit) {
        return store.list(tenant, limit);
    }

    /** A run as it is now; empty when there is none with that id. */
    public Optional<DrillRun> find(String id) {
        Running known = running.get();
        if (known != null && known.now.get().id().equals(id)) {
            return Optional.of(known.now.get());
        }
        Optional<DrillRun> reported = store.report(id).map(DrillReports::run);
        if (reported.isPresent()) {
            return reported;
        }
        Optional<DrillRunRow> row = store.find(id);
        // Another node may have ended it between both looks.
        return row.filter(seen -> seen.state().equals("running"))
                .map(this::withoutReport)
                .or(() -> store.report(id).map(DrillReports::run))
                .or(() -> row.map(this::withoutReport));
    }

    /** One that was interrupted: nothing is known of how it went. */
    private DrillRun withoutReport(DrillRunRow row) {
        Place place = with.server().get();
        return new DrillRun(
                row.id(),
                row.tenant(),
                "",
                row.state(),
                null,
                row.startedAt(),
                row.endedAt(),
                row.by(),
                row.state().equals("interrupted") ? "the server ended meanwhile" : "",
                place.version(),
                place.node(),
                List.of());
    }

    /** The signed report of a run that has ended; empty when there is none. */
    public Optional<DrillReport> report(String id) {
        return store.report(id);
    }

    /**
     * Ends a run soon; what has been played stays.
     *
     * @return the run; empty when that one is not under way
     */
    public Optional<DrillRun> cancel(String id) {
        Running known = running.get();
        if (known == null || !known.now.get().id().equals(id)) {
            return Optional.empty();
        }
        known.cancelled = true;
        return Optional.of(known.now.get());
    }

    private void play(Running run) {
        String state = "ended";
        String why = "";
        try {
            state = playAll(run);
        } catch (DrillException | StoreUnavailableException e) {
            state = "failed";
            why = String.valueOf(e.getMessage());
            LOG.warn("drills failed run={} why={}", run.now.get().id(), why);
        } catch (RuntimeException e) {
            state = "failed";
            why = "a fault of the server; its log says more";
            LOG.error("drills failed run={}", run.now.get().id(), e);
        } finally {
            with.pass().close();
            end(run, state, why);
        }
    }

    private void end(Running run, String state, String why) {
        DrillRun ended = closed(run.now.get(), state, why, clock.instant());
        try {
            store.end(ended, reports.sign(ended, clock.instant()));
        } catch (RuntimeException e) {
            LOG.error("the report of a run of drills is lost run={}", ended.id(), e);
        }
        run.now.set(ended);
        running.set(null); // before it is told, so that whoever hears of it may begin the next
        tell(ended, null);
        LOG.info("drills run={} state={} outcome={}", ended.id(), state, ended.outcome());
    }

    private static DrillRun closed(DrillRun run, String state, String why, Instant now) {
        List<DrillResult> drills = run.drills().stream().map(Drills::skipped).toList();
        boolean isWhole = drills.stream().allMatch(drill -> drill.outcome() != null);
        String outcome =
                drills.stream()
                        .map(drill -> drill.outcome() == null ? Reasons.HOLDS : drill.outcome())
                        .reduce(Reasons.HOLDS, Reasons::worse);
        // One that shows a weakness is one, whatever the others would have shown.
        boolean isTold = isWhole || !Reasons.HOLDS.equals(outcome);
        boolean isFailed =
                state.equals("ended")
                        && drills.stream().anyMatch(drill -> drill.state().equals("failed"));
        return new DrillRun(
                run.id(),
                run.tenant(),
                run.sandbox(),
                isFailed ? "failed" : state,
                isTold ? outcome : null,
                run.startedAt(),
                now,
                run.by(),
                isFailed ? "a drill could not be played" : why,
                run.server(),
                run.node(),
                drills);
    }

    private static DrillResult skipped(DrillResult drill) {
        return drill.state().equals("waiting") || drill.state().equals("running")
                ? Progress.with(drill, "skipped")
                : drill;
    }

    /** Gives how the run as a whole ended. */
    private String playAll(Running run) {
        DrillRun begun = run.now.get();
        tell(begun, null);
        By by = new By("drill:" + begun.id(), begun.id());
        Masks masks = new Masks();
        Place place = with.server().get();
        TenantId name = new TenantId(begun.sandbox());
        Sandboxes.@Nullable Made made = null;
        try (DrillHttp http =
                new DrillHttp(
                        place.url(), begun.id(), with.pass().open(), masks, nanos, place.tls())) {
            made = sandboxes.make(run.tenant, name, masks, by);
            Sandbox sandbox =
                    new Sandbox(
                            name,
                            made.cast(),
                            http,
                            masks,
                            addresses,
                            new Sandbox.Inside(
                                    with.tiers(), store::passwordHashes, with.settings(), nanos));
            for (DrillResult drill : begun.drills()) {
                if (run.cancelled) {
                    return "cancelled";
                }
                play(run, sandbox, drill);
            }
            return run.cancelled ? "cancelled" : "ended";
        } finally {
            sandboxes.remove(
                    name,
                    made == null ? List.of() : made.callerIds(),
                    () -> with.settle().settle(SETTLING),
                    by);
        }
    }

    private void play(Running run, Sandbox sandbox, DrillResult drill) {
        Attack attack = attacks.get(Threat.parse(drill.id()).orElseThrow());
        if (attack == null) {
            throw new IllegalStateException("no drill plays " + drill.id());
        }
        Instant started = clock.instant();
        Stage stage =
                new Stage(
                        sandbox,
                        clock,
                        () -> run.cancelled,
                        steps -> {
                            replace(run, Progress.running(drill, started, steps));
                            if (steps.size() % 10 == 0) {
                                tell(run.now.get(), drill, "running", null, steps.size());
                            }
                        });
        put(run, Progress.running(drill, started, List.of()));
        try {
            attack.play(stage);
            put(run, Progress.ended(drill, attack, stage, started, clock.instant()));
        } catch (Stage.CancelledException e) {
            put(run, Progress.unfinished(drill, stage, started, clock.instant(), "skipped", ""));
        } catch (DrillException e) {
            LOG.warn("drill={} could not be played: {}", drill.id(), e.getMessage());
            put(
                    run,
                    Progress.unfinished(
                            drill,
                            stage,
                            started,
                            clock.instant(),
                            "failed",
                            String.valueOf(e.getMessage())));
        }
    }

    private void put(Running run, DrillResult drill) {
        tell(replace(run, drill), drill);
    }

    private static DrillRun replace(Running run, DrillResult drill) {
        return run.now.updateAndGet(before -> {
            List<DrillResult> drills =
                    before.drills().stream()
                            .map(each -> each.id().equals(drill.id()) ? drill : each)
                            .toList();
            return new DrillRun(
                    before.id(),
                    before.tenant(),
                    before.sandbox(),
                    before.state(),
                    before.outcome(),
                    before.startedAt(),
                    before.endedAt(),
                    before.by(),
                    before.why(),
                    before.server(),
                    before.node(),
                    drills);
        });
    }

    private void tell(DrillRun run, @Nullable DrillResult drill) {
        tell(
                run,
                drill,
                drill == null ? null : drill.state(),
                drill == null ? run.outcome() : drill.outcome(),
                drill == null ? 0 : drill.steps().size());
    }

    private void tell(
            DrillRun run,
            @Nullable DrillResult drill,
            @Nullable String state,
            @Nullable String outcome,
            int steps) {
        int ended =
                Math.toIntExact(
                        run.drills().stream().filter(each -> each.endedAt() != null).count());
        with.events()
                .publish((seq, at) ->
                        new ServerEvent.DrillProgressed(
                                seq,
                                at,
                                run.id(),
                                run.tenant(),
                                run.state(),
                                drill == null ? null : drill.id(),
                                state,
                                outcome,
                                steps,
                                ended,
                                run.drills().size()));
    }

    /** Ends the run that is under way, and waits until its sandbox is gone. */
    @Override
    public void close() {
        Running known = running.get();
        if (known == null) {
            return;
        }
        known.cancelled = true;
        try {
            known.thread.join(ENDING);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What sandboxes are called: no tenant of people can be mistaken for one. */
    static final class SandboxNames {
        static final String PREFIX = "drill-";

        private SandboxNames() {}

        static String draw(SecureRandom random) {
            byte[] bits = new byte[10];
            random.nextBytes(bits);
            StringBuilder text = new StringBuilder(PREFIX);
            for (byte bit : bits) {
                text.append(String.format(Locale.ROOT, "%02x", bit));
            }
            return text.toString();
        }
    }
}
