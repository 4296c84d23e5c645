package drawbridge.server.tenant;

import drawbridge.model.TenantId;
import drawbridge.model.view.Receipt;
import drawbridge.server.audit.AuditEntry;
import drawbridge.server.audit.DatabaseAuditLog;
import drawbridge.server.session.RevocationLog;
import drawbridge.server.session.Sessions;
import drawbridge.server.session.Sessions.By;
import drawbridge.server.session.SharedSettings;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.DataScope.Why;
import drawbridge.server.storage.Database;
import drawbridge.server.tenant.DatabaseTenantStore.HostTakenException;
import drawbridge.server.tenant.Tenant.Bounds;
import drawbridge.server.tenant.Tenant.Reach;

import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Makes, changes, suspends and deletes tenants, each with its audit row in one transaction. Safe
 * for many threads; throws {@link drawbridge.server.storage.StoreUnavailableException} when
 * something could not be made sure, and repeating it is then safe.
 */
public final class Tenants {
    /** How a change ended. */
    public sealed interface Outcome {
        /**
         * It is so.
         *
         * @param receipt of the sessions that were ended; null when none had to be
         */
        record Done(Tenant tenant, @Nullable Receipt receipt) implements Outcome {}

        /** There is no such tenant. */
        record Unknown() implements Outcome {}

        /** The id is given, or was. */
        record Given() implements Outcome {}

        /** Another tenant has that host name. */
        record HostTaken(String host) implements Outcome {}

        /** It cannot be deleted now; why, as a sentence. */
        record NotDeletable(String why) implements Outcome {}
    }

    /** What of a tenant is to change; what is empty stays. */
    public record Change(Optional<String> name, Optional<Reach> reach, Optional<Bounds> bounds) {}

    private interface Work {
        Outcome on(Handle handle, Tenant before, Instant now);
    }

    private final Database database;
    private final DatabaseTenantStore store;
    private final TenantDirectory directory;
    private final Sessions sessions;
    private final DatabaseAuditLog audit;
    private final Clock clock;

    /** Reads the tenants there are. */
    public Tenants(
            Database database,
            DatabaseTenantStore store,
            TenantDirectory directory,
            Sessions sessions,
            DatabaseAuditLog audit,
            Clock clock) {
        this.database = database;
        this.store = store;
        this.directory = directory;
        this.sessions = sessions;
        this.audit = audit;
        this.clock = clock;
        reload();
    }

    /** Reads the tenants afresh, since any node may have changed them. For one thread. */
    public void reload() {
        directory.replace(store.all());
    }

    /** Every tenant, by id. */
    public List<Tenant> all() {
        return store.all();
    }

    /** The tenant with that id. */
    public Optional<Tenant> find(TenantId id) {
        return database.read(
                DataScope.of(id), "finding a tenant", handle -> store.find(handle, id));
    }

    /** How many users and live sessions a tenant has. */
    public record Size(long users, long sessions) {}

    /** What it has now. */
    public Size size(TenantId id) {
        return store.size(id, clock.instant());
    }

    /** Makes one. */
    public Outcome create(TenantId id, String name, Reach reach, Bounds bounds, By by) {
        return write(
                "making a tenant",
                id,
                handle -> {
                    if (store.wasGiven(handle, id)) {
                        return new Outcome.Given();
                    }
                    Instant now = clock.instant();
                    Tenant tenant = new Tenant(id, name, now, null, null, reach, bounds);
                    return save(handle, tenant, "tenant.created", by, now);
                });
    }

    /** Changes one. */
    public Outcome change(TenantId id, Change change, By by) {
        return write(
                "changing a tenant",
                id,
                (handle, before, now) ->
                        save(
                                handle,
                                new Tenant(
                                        id,
                                        change.name().orElse(before.name()),
                                        before.createdAt(),
                                        before.suspendedAt(),
                                        before.exportedAt(),
                                        change.reach().orElse(before.reach()),
                                        change.bounds().orElse(before.bounds())),
                                "tenant.changed",
                                by,
                                now));
    }

    /**
     * Ends all sessions of a tenant and lets nobody in; when this returns, nothing of it validates
     * any more. Suspending it again ends what may have come since and changes nothing else.
     */
    public Outcome suspend(TenantId id, String reason, By by) {
        Instant asked = clock.instant();
        Outcome outcome =
                database.write(
                        DataScope.of(id),
                        "suspending a tenant",
                        handle ->
                                store.find(handle, id)
                                        .map(before -> suspend(handle, before, reason, by, asked))
                                        .orElseGet(Outcome.Unknown::new),
                        committed -> {
                            tell(committed);
                            if (committed instanceof Outcome.Done(Tenant tenant, Receipt receipt)
                                    && receipt != null) {
                                sessions.ended(tenant.id(), receipt, reason, by);
                            }
                        });
        return outcome instanceof Outcome.Done(Tenant tenant, Receipt receipt) && receipt != null
                ? new Outcome.Done(tenant, sessions.answered(receipt))
                : outcome;
    }

    private Outcome suspend(Handle handle, Tenant before, String reason, By by, Instant asked) {
        Instant now = clock.instant();
        Instant since = Optional.ofNullable(before.suspendedAt()).orElse(now);
        Tenant suspended = suspended(before, since);
        save(handle, suspended, by, now);
        audit.append(
                handle,
                AuditEntry.of(before.id(), now, "tenant.suspended", by.actor())
                        .because(reason, null)
                        .request(by.requestId()));
        return new Outcome.Done(
                suspended, sessions.endAllOf(handle, before.id(), reason, by, asked));
    }

    private static Tenant suspended(Tenant tenant, @Nullable Instant since) {
        return new Tenant(
                tenant.id(),
                tenant.name(),
                tenant.createdAt(),
                since,
                tenant.exportedAt(),
                tenant.reach(),
                tenant.bounds());
    }

    /** Lets its users in again; the sessions that were ended stay so. */
    public Outcome resume(TenantId id, By by) {
        return write(
                "resuming a tenant",
                id,
                (handle, before, now) ->
                        save(handle, suspended(before, null), "tenant.resumed", by, now));
    }

    /**
     * Removes a tenant and everything of it for good, its audit log too; what stays is a row in the
     * log of the tenant {@code default}.
     *
     * @param unexported whether it may go although it was not exported since it was suspended
     */
    public Outcome delete(TenantId id, boolean unexported, By by) {
        return database.write(
                DataScope.server(Why.OPERATOR),
                "deleting a tenant",
                handle ->
                        store.find(handle, id)
                                .map(before -> delete(handle, before, unexported, by))
                                .orElseGet(Outcome.Unknown::new),
                outcome -> {
                    if (outcome instanceof Outcome.Done && !database.isShared()) {
                        directory.remove(id);
                    }
                });
    }

    private Outcome delete(Handle handle, Tenant tenant, boolean unexported, By by) {
        Instant suspendedAt = tenant.suspendedAt();
        Instant exportedAt = tenant.exportedAt();
        if (tenant.id().equals(TenantId.DEFAULT)) {
            return new Outcome.NotDeletable("the tenant default always is");
        }
        if (suspendedAt == null) {
            return new Outcome.NotDeletable("suspend it first");
        }
        if (!unexported && (exportedAt == null || exportedAt.isBefore(suspendedAt))) {
            return new Outcome.NotDeletable(
                    "export it first, or say withoutExport: what is deleted is gone");
        }
        Instant now = clock.instant();
        store.delete(handle, tenant.id(), now);
        RevocationLog.appendSettings(handle, SharedSettings.TENANTS, tenant.id(), now, by.actor());
        audit.append(
                handle,
                AuditEntry.of(TenantId.DEFAULT, now, "tenant.deleted", by.actor())
                        .request(by.requestId())
                        .detail(tenant.id() + " " + tenant.name()));
        return new Outcome.Done(tenant, null);
    }

    /**
     * Tells everything an export holds, then notes that it was told.
     *
     * @param withHashes whether users have their password hashes with them
     * @return whether there is such a tenant
     */
    public boolean export(TenantId id, boolean withHashes, DatabaseTenantStore.Rows rows, By by) {
        if (find(id).isEmpty()) {
            return false;
        }
        Instant began = clock.instant();
        store.export(id, withHashes, rows);
        write(
                "noting an export",
                id,
                (handle, before, now) -> {
                    Tenant exported =
                            new Tenant(
                                    id,
                                    before.name(),
                                    before.createdAt(),
                                    before.suspendedAt(),
                                    began,
                                    before.reach(),
                                    before.bounds());
                    save(handle, exported, by, now);
                    audit.append(
                            handle,
                            AuditEntry.of(id, now, "tenant.exported", by.actor())
                                    .request(by.requestId())
                                    .detail(withHashes ? "with password hashes" : null));
                    return new Outcome.Done(exported, null);
                });
        return true;
    }

    private Outcome write(String doing, TenantId id, Work work) {
        return write(
                doing,
                id,
                handle ->
                        store.find(handle, id)
                                .map(before -> work.on(handle, before, clock.instant()))
                                .orElseGet(Outcome.Unknown::new));
    }

    private Outcome write(String doing, TenantId id, Function<Handle, Outcome> work) {
        try {
            return database.write(DataScope.of(id), doing, work, this::tell);
        } catch (HostTakenException e) {
            return new Outcome.HostTaken(e.host());
        }
    }

    private Outcome save(Handle handle, Tenant tenant, String kind, By by, Instant now) {
        save(handle, tenant, by, now);
        audit.append(
                handle,
                AuditEntry.of(tenant.id(), now, kind, by.actor())
                        .request(by.requestId())
                        .detail(
                                "name %s, origins %s, hosts %s, users %d, sessions %d, mismatches %d"
                                        .formatted(
                                                tenant.name(),
                                                tenant.reach().corsOrigins(),
                                                tenant.reach().hosts(),
                                                tenant.bounds().mostUsers(),
                                                tenant.bounds().mostSessions(),
                                                tenant.bounds().mostMismatches())));
        return new Outcome.Done(tenant, null);
    }

    private void save(Handle handle, Tenant tenant, By by, Instant now) {
        store.save(handle, tenant);
        RevocationLog.appendSettings(handle, SharedSettings.TENANTS, tenant.id(), now, by.actor());
    }

    /** On the writer's thread, between commit and answer; or by the log, where others write. */
    private void tell(Outcome outcome) {
        if (outcome instanceof Outcome.Done(Tenant tenant, _) && !database.isShared()) {
            directory.put(tenant);
        }
    }
}
