package drawbridge.server.audit;

import drawbridge.model.TenantId;
import drawbridge.model.view.AuditCheckpoint;
import drawbridge.server.Background;
import drawbridge.server.crypto.Keys;
import drawbridge.server.crypto.Signer;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.DataScope.Why;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.StoreUnavailableException;
import drawbridge.server.storage.Times;

import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * Signs where each tenant's audit chain stands: every minute with news, when somebody is about to
 * read it as a whole, and at the end. Safe for many threads.
 */
public final class DatabaseCheckpoints implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseCheckpoints.class);
    private static final Duration EVERY = Duration.ofMinutes(1);

    private final Database database;
    private final DatabaseAuditLog audit;
    private final Signer signer;
    private final BiConsumer<AuditCheckpoint, String> made;
    private final Clock clock;
    private final ScheduledExecutorService minute =
            Executors.newSingleThreadScheduledExecutor(Background.daemons("audit-checkpoints"));

    /**
     * Begins; the first one is made after a minute.
     *
     * @param made hears of each and of the public key, once it is stored
     */
    public DatabaseCheckpoints(
            Database database,
            DatabaseAuditLog audit,
            Keys keys,
            BiConsumer<AuditCheckpoint, String> made,
            Clock clock) {
        this.database = database;
        this.audit = audit;
        this.signer = signer(keys);
        this.made = made;
        this.clock = clock;
        Future<?> _ =
                minute.scheduleAtFixedRate(
                        this::guarded, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    static Signer signer(Keys keys) {
        return keys.signerFor("audit-checkpoint/v1");
    }

    /** What the checkpoints are checked with, in base64url. */
    public String publicKey() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(signer.publicKey());
    }

    private void guarded() {
        try {
            make();
        } catch (StoreUnavailableException e) {
            LOG.warn("checkpoints put off: {}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("checkpoints failed", e);
        }
    }

    /** Makes one for each tenant whose chain has grown since its last one. */
    public List<AuditCheckpoint> make() {
        return database.write(
                DataScope.server(Why.AUDIT),
                "signing the audit",
                handle -> make(handle, audit, signer, clock.instant()),
                news -> news.forEach(each -> made.accept(each, publicKey())));
    }

    /** The same in a transaction of the caller's. */
    static List<AuditCheckpoint> make(
            Handle handle, DatabaseAuditLog audit, Signer signer, Instant now) {
        List<AuditCheckpoint> fresh = new ArrayList<>();
        for (String tenant : DatabaseAuditLog.tenants(handle)) {
            Optional<AuditHead> head = DatabaseAuditLog.head(handle, tenant);
            if (head.isEmpty()) {
                continue;
            }
            if (!head.get().isGenuine(audit.keyed())) {
                // Signing what somebody else wrote would make it ours.
                LOG.error("the audit's head is forged and is not signed tenant={}", tenant);
                continue;
            }
            Optional<AuditCheckpoint> last = last(handle, tenant);
            if (last.map(AuditCheckpoint::number).orElse(0L) >= head.get().number()) {
                continue;
            }
            AuditCheckpoint unsigned =
                    new AuditCheckpoint(
                            tenant,
                            last.map(AuditCheckpoint::sequence).orElse(0L) + 1,
                            head.get().number(),
                            head.get().hash(),
                            Times.instant(Times.micros(now)), // what is signed is what is kept
                            last.map(AuditCheckpoint::fingerprint)
                                    .orElse(AuditCheckpoint.NONE_BEFORE),
                            "");
            AuditCheckpoint next =
                    unsigned.signed(
                            Base64.getUrlEncoder()
                                    .withoutPadding()
                                    .encodeToString(signer.sign(unsigned.message())));
            insert(handle, next);
            fresh.add(next);
        }
        return fresh;
    }

    private static void insert(Handle handle, AuditCheckpoint checkpoint) {
        handle.createUpdate(
                        """
                        INSERT INTO audit_checkpoint
                            (tenant_id, sequence, number, hash, at, previous, signature)
                        VALUES (:tenant, :sequence, :number, :hash, :at, :previous, :signature)
                        """)
                .bind("tenant", checkpoint.tenant())
                .bind("sequence", checkpoint.sequence())
                .bind("number", checkpoint.number())
                .bind("hash", HexFormat.of().parseHex(checkpoint.hash()))
                .bind("at", Times.micros(checkpoint.at()))
                .bind("previous", HexFormat.of().parseHex(checkpoint.previous()))
                .bind("signature", Base64.getUrlDecoder().decode(checkpoint.signature()))
                .execute();
    }

    private static Optional<AuditCheckpoint> last(Handle handle, String tenant) {
        return handle.createQuery(
                        "SELECT * FROM audit_checkpoint WHERE tenant_id = :tenant"
                                + " ORDER BY sequence DESC LIMIT 1")
                .bind("tenant", tenant)
                .map((row, context) -> checkpoint(row))
                .findOne();
    }

    /** The sequence of a tenant's last one; 0 when there is none. */
    static long lastSequence(Handle handle, String tenant) {
        return last(handle, tenant).map(AuditCheckpoint::sequence).orElse(0L);
    }

    /** A tenant's checkpoints behind that one, in their order, at most so many. */
    static List<AuditCheckpoint> page(Handle handle, String tenant, long after, int most) {
        return handle.createQuery(
                        "SELECT * FROM audit_checkpoint WHERE tenant_id = :tenant"
                                + " AND sequence > :after ORDER BY sequence LIMIT :most")
                .bind("tenant", tenant)
                .bind("after", after)
                .bind("most", most)
                .map((row, context) -> checkpoint(row))
                .list();
    }

    /** A tenant's checkpoints behind that one, in their order, at most so many. */
    public List<AuditCheckpoint> after(String tenant, long after, int most) {
        return database.read(
                DataScope.of(new TenantId(tenant)),
                "reading the checkpoints",
                handle -> page(handle, tenant, after, most));
    }

    /** How many a tenant has. */
    public long count(String tenant) {
        return database.read(
                DataScope.of(new TenantId(tenant)),
                "counting the checkpoints",
                handle ->
                        handle.createQuery(
                                        "SELECT count(*) FROM audit_checkpoint WHERE tenant_id ="
                                                + " :tenant")
                                .bind("tenant", tenant)
                                .mapTo(long.class)
                                .one());
    }

    private static AuditCheckpoint checkpoint(ResultSet row) throws SQLException {
        return new AuditCheckpoint(
                row.getString("tenant_id"),
                row.getLong("sequence"),
                row.getLong("number"),
                HexFormat.of().formatHex(row.getBytes("hash")),
                Times.instant(row.getLong("at")),
                HexFormat.of().formatHex(row.getBytes("previous")),
                Base64.getUrlEncoder().withoutPadding().encodeToString(row.getBytes("signature")));
    }

    /** Makes the last ones. Before the database is closed, after everything that is audited. */
    @Override
    public void close() {
        minute.shutdown();
        guarded();
    }
}
