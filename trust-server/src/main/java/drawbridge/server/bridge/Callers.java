package drawbridge.server.bridge;

import drawbridge.model.Secret;
import drawbridge.model.TenantId;
import drawbridge.server.audit.AuditEntry;
import drawbridge.server.audit.DatabaseAuditLog;
import drawbridge.server.bridge.CallerRegistry.Accepted;
import drawbridge.server.bridge.CallerRegistry.SecretHashes;
import drawbridge.server.bridge.DatabaseCallerStore.Row;
import drawbridge.server.bridge.DatabaseCallerStore.Schedule;
import drawbridge.server.bridge.DatabaseCallerStore.SecretRow;
import drawbridge.server.session.Revocation;
import drawbridge.server.session.RevocationLog;
import drawbridge.server.session.Sessions.By;
import drawbridge.server.session.Tombstones;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.DataScope.Why;
import drawbridge.server.storage.Database;

import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Makes, changes and ends callers and their secrets. Each change is one transaction with its audit
 * row and its row of the revocation log; when a method returns, every call that begins later is
 * judged by it: a new secret is accepted before anybody sees it, an ended one is accepted by
 * nobody. Safe for many threads.
 *
 * <p>Every method throws {@link drawbridge.server.storage.StoreUnavailableException} when that
 * could not be made sure.
 */
public final class Callers {
    /** How a change of one caller ended. */
    public sealed interface Outcome {
        /**
         * It is done.
         *
         * @param number its number in the revocation log
         */
        record Done(CallerView caller, long number) implements Outcome {}

        /**
         * It is done, and there is a new secret, which is nowhere else and can never be shown
         * again.
         */
        record NewSecret(CallerView caller, int version, Secret secret) implements Outcome {}

        /** No such caller, version or tenant. */
        record Unknown() implements Outcome {}

        /** Another caller of the tenant has this name, or it is kept for the environment's. */
        record NameTaken() implements Outcome {}

        /** The version is the only one that is accepted. */
        record LastSecret(CallerView caller) implements Outcome {}
    }

    /** What became of the secrets of several callers. */
    public record Burned(int callers, int secrets, long number) {}

    private static final String TEXT = "brs_";

    private final Database database;
    private final DatabaseAuditLog audit;
    private final CallerRegistry registry;
    private final CallerUse use;
    private final Tombstones tombstones;
    private final CallerNews news;
    private final Rules rules;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    /** Assembled by the wiring. */
    public Callers(Tiers tiers, DatabaseAuditLog audit, CallerNews news, Rules rules, Clock clock) {
        this.database = tiers.database();
        this.registry = tiers.registry();
        this.use = tiers.use();
        this.tombstones = tiers.tombstones();
        this.audit = audit;
        this.news = news;
        this.rules = rules;
        this.clock = clock;
    }

    /** Where callers are kept, and what keeps that true. */
    public record Tiers(
            Database database, CallerRegistry registry, CallerUse use, Tombstones tombstones) {}

    /**
     * What the settings say of callers.
     *
     * @param isEnvironmentSet whether the environment gave a bridge secret at this start
     * @param quiet how long nothing may have used an old version before it is safe to retire
     * @param age how old a secret without a plan becomes before it is overdue
     */
    public record Rules(boolean isEnvironmentSet, Duration quiet, Duration age) {}

    /** Every caller, or those of one tenant, by tenant and name. */
    public List<CallerView> list(@Nullable TenantId tenant) {
        Instant now = clock.instant();
        return database.read(
                DataScope.chosen(tenant),
                "listing the callers",
                handle ->
                        DatabaseCallerStore.list(handle, tenant).stream()
                                .map(row -> view(handle, row, now))
                                .toList());
    }

    /** One caller; empty when there is none. */
    public Optional<CallerView> get(String id) {
        Instant now = clock.instant();
        return tenantOf(id)
                .flatMap(tenant ->
                        database.read(
                                DataScope.of(tenant),
                                "reading a caller",
                                handle ->
                                        DatabaseCallerStore.find(handle, tenant, id)
                                                .map(row -> view(handle, row, now))));
    }

    private Optional<TenantId> tenantOf(String id) {
        return database.read(
                DataScope.server(Why.LOOKUP),
                "finding a caller's tenant",
                handle -> DatabaseCallerStore.tenantOf(handle, id));
    }

    /** Makes a caller and its first secret. The id of {@code wanted} is not looked at. */
    public Outcome create(Caller wanted, By by) {
        Caller caller = withId(wanted, drawId());
        return withSecret(secret ->
                write(
                        caller.tenant(),
                        "making a caller",
                        (handle, change) -> {
                            if (!DatabaseCallerStore.hasTenant(handle, caller.tenant())) {
                                return new Outcome.Unknown();
                            }
                            if (isTaken(handle, caller)) {
                                return new Outcome.NameTaken();
                            }
                            Instant now = clock.instant();
                            DatabaseCallerStore.insert(handle, caller, now);
                            int version =
                                    DatabaseCallerStore.addSecret(
                                            handle, caller, "admin", hashes(secret), now);
                            change.told(handle, caller, "created", version, "", by, now);
                            return new Outcome.NewSecret(
                                    view(handle, caller, now), version, secret);
                        }));
    }

    private static Caller withId(Caller wanted, String id) {
        return new Caller(
                id,
                wanted.name(),
                wanted.tenant(),
                wanted.kit(),
                wanted.signals(),
                wanted.floor(),
                wanted.lease(),
                wanted.remember(),
                wanted.scopes(),
                wanted.networks(),
                wanted.advancedMeans());
    }

    private static boolean isTaken(Handle handle, Caller caller) {
        boolean isKept =
                caller.tenant().equals(TenantId.DEFAULT)
                        && caller.name().equals(Caller.ENVIRONMENT_NAME)
                        && !caller.id().equals(Caller.ENVIRONMENT_ID);
        return isKept
                || DatabaseCallerStore.isNameTaken(
                        handle, caller.tenant(), caller.name(), caller.id());
    }

    /**
     * Changes a caller's settings.
     *
     * @param into makes the caller as it should be from the caller as it is; id and tenant stay
     */
    public Outcome change(String id, UnaryOperator<Caller> into, By by) {
        return onCaller(
                "changing a caller",
                id,
                (handle, change, row) -> {
                    Caller after = into.apply(row.caller());
                    if (isTaken(handle, after)) {
                        return new Outcome.NameTaken();
                    }
                    Instant now = clock.instant();
                    DatabaseCallerStore.update(handle, after);
                    long number =
                            change.told(
                                    handle,
                                    after,
                                    "changed",
                                    null,
                                    difference(row.caller(), after),
                                    by,
                                    now);
                    return new Outcome.Done(view(handle, row.caller(), now), number);
                });
    }

    private static String difference(Caller before, Caller after) {
        List<String> parts = new ArrayList<>();
        differs(parts, "name", before.name(), after.name());
        differs(parts, "kit", before.kit().wireName(), after.kit().wireName());
        differs(parts, "signals", before.signals().wireName(), after.signals().wireName());
        differs(parts, "floor", before.floor(), after.floor());
        differs(parts, "lease", before.lease(), after.lease());
        differs(parts, "remember", before.remember(), after.remember());
        differs(parts, "scopes", before.scopes(), after.scopes());
        differs(parts, "networks", before.networks(), after.networks());
        differs(
                parts,
                "advancedMeans",
                before.advancedMeans().wireName(),
                after.advancedMeans().wireName());
        return String.join(", ", parts);
    }

    private static void differs(List<String> parts, String what, Object before, Object after) {
        if (!before.equals(after)) {
            parts.add(what + " " + before + " -> " + after);
        }
    }

    /** Ends a caller: none of its secrets is ever accepted again, its name is free. */
    public Outcome delete(String id, By by) {
        return onCaller(
                "deleting a caller",
                id,
                (handle, change, row) -> {
                    Instant now = clock.instant();
                    CallerView last = view(handle, row, now);
                    DatabaseCallerStore.endSecrets(handle, row.caller(), null, "retired", now);
                    DatabaseCallerStore.delete(handle, row.caller(), now);
                    long number = change.told(handle, row.caller(), "deleted", null, "", by, now);
                    return new Outcome.Done(last, number);
                });
    }

    /**
     * Gives a caller a new secret; those it has are accepted until the overlap is over.
     *
     * @param overlap zero ends them at once
     */
    public Outcome rotate(String id, Duration overlap, By by) {
        return withSecret(secret ->
                onCaller(
                        "rotating a secret",
                        id,
                        (handle, change, row) -> {
                            Caller caller = row.caller();
                            Instant now = clock.instant();
                            DatabaseCallerStore.announceEnd(handle, caller, now.plus(overlap));
                            int version =
                                    DatabaseCallerStore.addSecret(
                                            handle, caller, "admin", hashes(secret), now);
                            Schedule plan = row.schedule();
                            if (plan != null) {
                                DatabaseCallerStore.schedule(handle, caller, from(plan, now), now);
                            }
                            change.told(
                                    handle,
                                    caller,
                                    "rotated",
                                    version,
                                    "overlap " + overlap,
                                    by,
                                    now);
                            return new Outcome.NewSecret(
                                    view(handle, caller, now), version, secret);
                        }));
    }

    private static Schedule from(Schedule plan, Instant start) {
        return new Schedule(plan.every(), plan.overlap(), start.plus(plan.every()), false);
    }

    /** Ends one version, unless it is the only one accepted. Ending it again changes nothing. */
    public Outcome retire(String id, int version, By by) {
        return onCaller(
                "retiring a secret",
                id,
                (handle, change, row) -> {
                    Instant now = clock.instant();
                    List<SecretRow> secrets = DatabaseCallerStore.secrets(handle, row.caller());
                    boolean isKnown = secrets.stream().anyMatch(s -> s.version() == version);
                    boolean isAccepted =
                            secrets.stream()
                                    .anyMatch(s -> s.version() == version && s.isAccepted(now));
                    boolean isOther =
                            secrets.stream()
                                    .anyMatch(s -> s.version() != version && s.isAccepted(now));
                    if (!isKnown) {
                        return new Outcome.Unknown();
                    }
                    if (isAccepted && !isOther) {
                        return new Outcome.LastSecret(view(handle, row, now));
                    }
                    return end(handle, change, row, version, "retired", by, now);
                });
    }

    /** Ends one version at once, also the only one: it has leaked. */
    public Outcome burn(String id, int version, By by) {
        return onCaller(
                "burning a secret",
                id,
                (handle, change, row) -> {
                    Instant now = clock.instant();
                    boolean isKnown =
                            DatabaseCallerStore.secrets(handle, row.caller()).stream()
                                    .anyMatch(s -> s.version() == version);
                    return isKnown
                            ? end(handle, change, row, version, "burned", by, now)
                            : new Outcome.Unknown();
                });
    }

    private Outcome end(
            Handle handle, Change change, Row row, int version, String state, By by, Instant now) {
        int ended = DatabaseCallerStore.endSecrets(handle, row.caller(), version, state, now);
        if (ended == 0) {
            RevocationLog.restOnAll(handle); // it ended before, maybe just now
        }
        long number =
                ended == 0 ? 0 : change.told(handle, row.caller(), state, version, "", by, now);
        return new Outcome.Done(view(handle, row, now), number);
    }

    /** Ends every version of one caller at once. */
    public Outcome burnAll(String id, By by) {
        return onCaller(
                "burning a caller's secrets",
                id,
                (handle, change, row) -> {
                    Instant now = clock.instant();
                    DatabaseCallerStore.endSecrets(handle, row.caller(), null, "burned", now);
                    long number = change.told(handle, row.caller(), "burned", null, "all", by, now);
                    return new Outcome.Done(view(handle, row, now), number);
                });
    }

    /** Ends every secret of every caller at once, or of those of one tenant. */
    public Burned burnEverything(@Nullable TenantId tenant, By by) {
        return write(
                tenant,
                "burning every secret",
                (handle, change) -> {
                    Instant now = clock.instant();
                    int callers = 0;
                    int secrets = 0;
                    long number = 0;
                    for (Row row : DatabaseCallerStore.list(handle, tenant)) {
                        int ended =
                                DatabaseCallerStore.endSecrets(
                                        handle, row.caller(), null, "burned", now);
                        if (ended > 0) {
                            callers++;
                            secrets += ended;
                            number =
                                    change.told(
                                            handle, row.caller(), "burned", null, "all", by, now);
                        }
                    }
                    if (number == 0) {
                        RevocationLog.restOnAll(handle); // they ended before, maybe just now
                    }
                    return new Burned(callers, secrets, number);
                });
    }

    /**
     * Plans rotations: the first is due when {@code every} is over from now.
     *
     * @param every null takes the plan away
     */
    public Outcome schedule(String id, @Nullable Duration every, Duration overlap, By by) {
        return onCaller(
                "planning rotations",
                id,
                (handle, change, row) -> {
                    Instant now = clock.instant();
                    Schedule plan =
                            every == null
                                    ? null
                                    : new Schedule(every, overlap, now.plus(every), false);
                    DatabaseCallerStore.schedule(handle, row.caller(), plan, now);
                    long number =
                            change.told(
                                    handle,
                                    row.caller(),
                                    "changed",
                                    null,
                                    every == null
                                            ? "no rotation planned"
                                            : "rotation every " + every,
                                    by,
                                    now);
                    return new Outcome.Done(view(handle, row.caller(), now), number);
                });
    }

    /** Tells once of every rotation that has become due. */
    void tellDue() {
        Instant now = clock.instant();
        List<Row> due =
                database.read(
                        DataScope.server(Why.UPKEEP),
                        "looking for rotations that are due",
                        handle ->
                                DatabaseCallerStore.list(handle, null).stream()
                                        .filter(row -> isUntold(row, now))
                                        .toList());
        for (Row row : due) {
            TenantId tenant = row.caller().tenant();
            write(
                    tenant,
                    "telling of a rotation that is due",
                    (handle, change) -> {
                        Optional<Row> still =
                                DatabaseCallerStore.find(handle, tenant, row.caller().id())
                                        .filter(found -> isUntold(found, now));
                        still.ifPresent(found -> tell(handle, change, found, now));
                        return still.isPresent();
                    });
        }
    }

    private static boolean isUntold(Row row, Instant now) {
        Schedule plan = row.schedule();
        return plan != null && !plan.told() && !now.isBefore(plan.dueAt());
    }

    private void tell(Handle handle, Change change, Row row, Instant now) {
        Schedule plan = row.schedule();
        if (plan == null) {
            return;
        }
        DatabaseCallerStore.schedule(
                handle,
                row.caller(),
                new Schedule(plan.every(), plan.overlap(), plan.dueAt(), true),
                now);
        audit.append(
                handle,
                AuditEntry.of(row.caller().tenant(), now, "secret.rotation_due", "server")
                        .detail("caller " + row.caller().name()));
        change.news.add(new CallerNews.Told(row.caller(), "rotation_due", null, 0, "server"));
    }

    // ---- how a change is made ----

    /** What a transaction leaves to do after its commit. */
    private final class Change {
        private final List<CallerNews.Told> news = new ArrayList<>();
        private long number;

        /** Writes the rows that every change has; gives the number in the revocation log. */
        long told(
                Handle handle,
                Caller caller,
                String what,
                @Nullable Integer version,
                String more,
                By by,
                Instant now) {
            number =
                    RevocationLog.appendSecret(
                            handle, caller.tenant(), caller.id(), version, now, what, by.actor());
            String kind =
                    switch (what) {
                        case "rotated", "retired", "burned" -> "secret." + what;
                        default -> "caller." + what;
                    };
            String named =
                    version == null
                            ? "caller " + caller.name()
                            : "version " + version + " of caller " + caller.name();
            audit.append(
                    handle,
                    AuditEntry.of(caller.tenant(), now, kind, by.actor())
                            .request(by.requestId())
                            .detail(more.isEmpty() ? named : named + ": " + more));
            news.add(new CallerNews.Told(caller, what, version, number, by.actor()));
            return number;
        }
    }

    /** Work in a transaction. */
    private interface Work<T> {
        T in(Handle handle, Change change);
    }

    /** Work on one caller, in a transaction. */
    private interface CallerWork {
        Outcome on(Handle handle, Change change, Row row);
    }

    private record Written<T>(
            T outcome, @Nullable TenantId tenant, List<Accepted> accepted, Change change) {}

    private <T> T write(@Nullable TenantId tenant, String doing, Work<T> work) {
        return database.write(
                        DataScope.chosen(tenant),
                        doing,
                        handle -> {
                            Change change = new Change();
                            T outcome = work.in(handle, change);
                            return new Written<>(
                                    outcome,
                                    tenant,
                                    DatabaseCallerStore.accepted(handle, tenant),
                                    change);
                        },
                        this::committed)
                .outcome();
    }

    /** On the writer's thread, after the commit and before the answer. */
    private <T> void committed(Written<T> written) {
        TenantId tenant = written.tenant();
        if (database.isShared()) {
            // It is read when the row comes by the log: one thread decides what is newest.
        } else if (tenant == null) {
            registry.accept(written.accepted());
        } else {
            registry.accept(tenant, written.accepted());
        }
        if (written.change().number > 0) {
            tombstones.committed(new Revocation.OfSecret(written.change().number));
        }
        written.change().news.forEach(news::told);
    }

    private Outcome onCaller(String doing, String id, CallerWork work) {
        return tenantOf(id)
                .map(tenant ->
                        write(
                                tenant,
                                doing,
                                (handle, change) ->
                                        DatabaseCallerStore.find(handle, tenant, id)
                                                .map(row -> work.on(handle, change, row))
                                                .orElseGet(Outcome.Unknown::new)))
                .orElseGet(Outcome.Unknown::new);
    }

    /** Draws a secret, which is wiped again unless the outcome hands it on. */
    private Outcome withSecret(Function<Secret, Outcome> work) {
        Secret secret = drawSecret();
        boolean isHandedOn = false;
        try {
            Outcome outcome = work.apply(secret);
            isHandedOn = outcome instanceof Outcome.NewSecret;
            return outcome;
        } finally {
            if (!isHandedOn) {
                secret.close();
            }
        }
    }

    private Secret drawSecret() {
        byte[] bits = new byte[32];
        random.nextBytes(bits);
        byte[] encoded = Base64.getUrlEncoder().withoutPadding().encode(bits);
        byte[] text =
                Arrays.copyOf(
                        TEXT.getBytes(StandardCharsets.US_ASCII), TEXT.length() + encoded.length);
        System.arraycopy(encoded, 0, text, TEXT.length(), encoded.length);
        Arrays.fill(bits, (byte) 0);
        Arrays.fill(encoded, (byte) 0);
        return Secret.takeOwnership(text);
    }

    private String drawId() {
        byte[] bits = new byte[9];
        random.nextBytes(bits);
        return "clr_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
    }

    private SecretHashes hashes(Secret secret) {
        return secret.use(registry::hashesOf);
    }

    // ---- what an administrator sees ----

    private CallerView view(Handle handle, Caller caller, Instant now) {
        return view(
                handle,
                DatabaseCallerStore.find(handle, caller.tenant(), caller.id()).orElseThrow(),
                now);
    }

    private CallerView view(Handle handle, Row row, Instant now) {
        Caller caller = row.caller();
        Schedule plan = row.schedule();
        List<SecretRow> secrets = DatabaseCallerStore.secrets(handle, caller);
        Instant dueAt =
                plan != null
                        ? plan.dueAt()
                        : CallerFacts.newest(secrets, now)
                                .map(secret -> secret.createdAt().plus(rules.age()))
                                .orElse(null);
        return new CallerView(
                caller,
                row.createdAt(),
                rules.isEnvironmentSet() && caller.id().equals(Caller.ENVIRONMENT_ID),
                CallerFacts.rights(handle, caller, use, now),
                CallerFacts.versions(secrets, caller, use, rules.quiet(), now),
                plan,
                dueAt,
                dueAt != null && !now.isBefore(dueAt),
                CallerFacts.weaknesses(handle, caller, use, now));
    }
}
