package drawbridge.server.mail;

import static java.nio.charset.StandardCharsets.UTF_8;

import drawbridge.model.TenantId;
import drawbridge.server.audit.AuditEntry;
import drawbridge.server.audit.DatabaseAuditLog;
import drawbridge.server.crypto.Base64Url;
import drawbridge.server.crypto.Keys;
import drawbridge.server.crypto.Sealer;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.DataScope.Why;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.StoreUnavailableException;

import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Mails on their way out. One is written in the transaction of its cause, its text sealed with the
 * master key, and handed over afterwards by one thread, which tries again with growing pauses. It
 * is handed over at least once. Without a mail server it stays here, to be read by an
 * administrator. Safe for many threads.
 */
public final class Outbox implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(30);
    private static final Duration KEPT = Duration.ofDays(30);
    private static final int ATTEMPTS = 9; // the pauses double: about two hours in all
    private static final int BATCH = 50;
    private static final int FORGOTTEN_EACH = 500;

    private final Database database;
    private final DatabaseAuditLog audit;
    private final MailTemplates templates;
    private final Optional<MailSender> sender;
    private final Sealer sealer;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final Semaphore news = new Semaphore(0);
    private final Thread thread;
    private volatile boolean closing;

    /**
     * Starts handing over.
     *
     * @param sender empty where no mail server is configured
     */
    public Outbox(
            Database database,
            DatabaseAuditLog audit,
            MailTemplates templates,
            Optional<MailSender> sender,
            Keys keys,
            Clock clock) {
        this.database = database;
        this.audit = audit;
        this.templates = templates;
        this.sender = sender;
        this.sealer = keys.sealerFor("mail-body/v1");
        this.clock = clock;
        this.thread = Thread.ofPlatform().name("outbox").start(this::run);
    }

    /**
     * What is to be written to whom.
     *
     * @param tokenId the trust token it carries; null when it carries none
     * @param values what stands in the template's places; may hold a one-time link
     */
    public record Letter(
            TenantId tenant,
            Template template,
            String recipient,
            @Nullable String tokenId,
            Map<String, String> values) {
        public Letter {
            values = Map.copyOf(values);
        }

        @Override
        public String toString() {
            return "Letter[" + template + "]";
        }
    }

    /** A letter with its words, sealed; made outside of any transaction. */
    public static final class Sealed {
        private final OutboxRow row;
        private final byte[] text;

        private Sealed(OutboxRow row, byte[] text) {
            this.row = row;
            this.text = text;
        }

        /** Names the mail. */
        public String id() {
            return row.id();
        }
    }

    /** Writes a letter's words and seals them. */
    public Sealed seal(Letter letter, Instant now) {
        byte[] bits = new byte[12];
        random.nextBytes(bits);
        String id = "mail_" + Base64Url.encode(bits);
        MailTemplates.Words words = templates.fill(letter.template(), letter.values());
        OutboxRow row =
                new OutboxRow(
                        id,
                        letter.tenant(),
                        letter.template().wireName(),
                        letter.recipient(),
                        words.subject(),
                        letter.tokenId(),
                        sender.isPresent() ? "waiting" : "kept",
                        0,
                        sender.isPresent() ? now : null,
                        null,
                        now,
                        null);
        return new Sealed(row, sealer.seal(words.text().getBytes(UTF_8), place(id)));
    }

    /** Puts a sealed letter in, in the caller's transaction; {@link #wake} follows the commit. */
    public void put(Handle handle, Sealed letter) {
        DatabaseOutboxStore.insert(handle, letter.row, letter.text);
    }

    /** There is something to hand over; returns at once. */
    public void wake() {
        news.release();
    }

    private static byte[] place(String id) {
        return ("outbox_mail/" + id).getBytes(UTF_8);
    }

    private void run() {
        while (!closing) {
            try {
                if (news.tryAcquire(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                    news.drainPermits();
                }
                sender.ifPresent(this::handOver);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (StoreUnavailableException e) {
                LOG.warn("mails wait why={}", e.getMessage());
            } catch (RuntimeException e) {
                LOG.error("handing mails over", e);
            }
        }
    }

    private void handOver(MailSender to) {
        Instant now = clock.instant();
        List<OutboxRow> due =
                database.read(
                        DataScope.server(Why.UPKEEP),
                        "finding mails to hand over",
                        handle -> DatabaseOutboxStore.due(handle, now, BATCH));
        for (OutboxRow row : due) {
            if (closing) {
                return;
            }
            handOver(to, row);
        }
    }

    private void handOver(MailSender to, OutboxRow row) {
        try {
            to.send(new Mail(row.id(), row.recipient(), row.subject(), textOf(row).orElse("")));
            Instant now = clock.instant();
            database.write(
                    DataScope.of(row.tenant()),
                    "noting a mail as sent",
                    handle -> {
                        DatabaseOutboxStore.sent(handle, row, now);
                        return row;
                    });
            LOG.info("mail handed over id={} template={}", row.id(), row.template());
        } catch (MailRefusedException e) {
            Instant next = pauseAfter(row.attempts() + 1).map(clock.instant()::plus).orElse(null);
            LOG.warn(
                    "mail not taken id={} attempt={} next={} why={}",
                    row.id(),
                    row.attempts() + 1,
                    next,
                    e.why());
            database.write(
                    DataScope.of(row.tenant()),
                    "noting a mail as not sent",
                    handle -> {
                        DatabaseOutboxStore.refused(handle, row, e.why(), next);
                        return row;
                    });
        }
    }

    /** The pause after so many attempts; empty when there is none any more. */
    static Optional<Duration> pauseAfter(int attempts) {
        return attempts >= ATTEMPTS
                ? Optional.empty()
                : Optional.of(FIRST_PAUSE.multipliedBy(1L << (attempts - 1)));
    }

    private Optional<String> textOf(OutboxRow row) {
        return database.read(
                        DataScope.of(row.tenant()),
                        "reading a mail",
                        handle -> DatabaseOutboxStore.sealed(handle, row))
                .map(sealed -> new String(sealer.open(sealed, place(row.id())), UTF_8));
    }

    /** A page of mails and how many there are in all. */
    public record Listed(List<OutboxRow> rows, long total) {
        public Listed {
            rows = List.copyOf(rows);
        }
    }

    /**
     * Mails, newest first.
     *
     * @param state null for all
     * @param after only those behind this one; null for the first page
     */
    public Listed list(@Nullable String state, @Nullable OutboxRow after, int limit) {
        return database.read(
                DataScope.server(Why.OPERATOR),
                "listing the outbox",
                handle ->
                        new Listed(
                                DatabaseOutboxStore.list(
                                        handle,
                                        state,
                                        after == null ? null : after.createdAt(),
                                        after == null ? null : after.id(),
                                        limit),
                                DatabaseOutboxStore.count(handle, state)));
    }

    /** What may be told of a mail. */
    public Optional<OutboxRow> find(String id) {
        return tenantOf(id)
                .flatMap(tenant ->
                        database.read(
                                DataScope.of(tenant),
                                "finding a mail",
                                handle -> DatabaseOutboxStore.find(handle, tenant, id)));
    }

    private Optional<TenantId> tenantOf(String id) {
        return database.read(
                DataScope.server(Why.LOOKUP),
                "finding a mail's tenant",
                handle -> DatabaseOutboxStore.tenantOf(handle, id));
    }

    /**
     * A mail with its text.
     *
     * @param text empty once it was handed over: it is not kept any longer than it is needed
     */
    public record Opened(OutboxRow row, Optional<String> text) {
        @Override
        public String toString() {
            return "Opened[" + row.id() + "]";
        }
    }

    /** Opens a mail for an administrator, which is audited before anything is shown. */
    public Optional<Opened> open(String id, String actor, String requestId) {
        return tenantOf(id)
                .flatMap(tenant ->
                        database.write(
                                DataScope.of(tenant),
                                "opening a mail",
                                handle -> {
                                    Optional<OutboxRow> found =
                                            DatabaseOutboxStore.find(handle, tenant, id);
                                    found.ifPresent(
                                            r -> audit(handle, r, "mail.opened", actor, requestId));
                                    return found;
                                }))
                .map(row -> new Opened(row, textOf(row)));
    }

    /** How a retry ended. */
    public sealed interface Retried {
        /** It is on its way again. */
        record Waiting(OutboxRow row) implements Retried {}

        /** No mail server is configured. */
        record NoServer() implements Retried {}

        /** It was handed over already. */
        record Sent() implements Retried {}

        /** No such mail. */
        record Unknown() implements Retried {}
    }

    /** Puts a mail up for delivery now. */
    public Retried retry(String id, String actor, String requestId) {
        if (sender.isEmpty()) {
            return find(id).isPresent() ? new Retried.NoServer() : new Retried.Unknown();
        }
        return tenantOf(id)
                .map(tenant -> retry(tenant, id, actor, requestId))
                .orElseGet(Retried.Unknown::new);
    }

    private Retried retry(TenantId tenant, String id, String actor, String requestId) {
        Instant now = clock.instant();
        return database.write(
                DataScope.of(tenant),
                "retrying a mail",
                handle -> {
                    Optional<OutboxRow> found = DatabaseOutboxStore.find(handle, tenant, id);
                    if (found.isEmpty()) {
                        return new Retried.Unknown();
                    }
                    if (!DatabaseOutboxStore.retry(handle, found.get(), now)) {
                        return new Retried.Sent();
                    }
                    audit(handle, found.get(), "mail.retried", actor, requestId);
                    return new Retried.Waiting(
                            DatabaseOutboxStore.find(handle, tenant, id).orElseThrow());
                },
                committed -> wake());
    }

    private void audit(Handle handle, OutboxRow row, String kind, String actor, String requestId) {
        audit.append(
                handle,
                AuditEntry.of(row.tenant(), clock.instant(), kind, actor)
                        .request(requestId)
                        .detail(row.template() + " " + row.id()));
    }

    /** Forgets mails whose links have long expired. */
    public void tidy() {
        Instant before = clock.instant().minus(KEPT);
        int forgotten;
        do {
            forgotten =
                    database.write(
                            DataScope.server(Why.UPKEEP),
                            "tidying the outbox",
                            handle -> DatabaseOutboxStore.forget(handle, before, FORGOTTEN_EACH));
        } while (forgotten == FORGOTTEN_EACH);
    }

    @Override
    public void close() {
        closing = true;
        wake();
        try {
            thread.join(Duration.ofSeconds(20));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
