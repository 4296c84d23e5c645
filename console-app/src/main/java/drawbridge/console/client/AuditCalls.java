package drawbridge.console.client;

import drawbridge.model.view.AuditCheckpoint;
import drawbridge.model.view.AuditProgress;
import drawbridge.model.view.AuditReport;
import drawbridge.model.view.AuditRowView;
import drawbridge.model.view.Page;

import org.jspecify.annotations.Nullable;

import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * What the admin API says of the audit. Blocks and does not throw, as {@link TrustClient} has it.
 */
public interface AuditCalls {
    /**
     * Which rows are wanted; what is null does not matter.
     *
     * @param from not before that
     * @param until before that
     */
    record Wanted(
            @Nullable String tenant,
            @Nullable String kind,
            @Nullable String actor,
            @Nullable String user,
            @Nullable String ref,
            @Nullable Instant from,
            @Nullable Instant until) {
        /** All of them. */
        public static final Wanted ALL = new Wanted(null, null, null, null, null, null, null);
    }

    /**
     * Checkpoints and what they are checked with.
     *
     * @param next where the next page begins; null on the last
     * @param total how many the tenant has
     * @param publicKey Ed25519, in base64url
     */
    record Checkpoints(
            List<AuditCheckpoint> items, @Nullable String next, long total, String publicKey) {
        public Checkpoints {
            items = List.copyOf(items);
        }
    }

    /**
     * {@code GET /v1/audit}: one page, newest first.
     *
     * @param limit 1 to 1 000
     * @param after the previous page's {@code next}; null for the first page
     */
    Reply<Page<AuditRowView>> rows(Wanted wanted, int limit, @Nullable String after);

    /**
     * {@code GET /v1/audit/checkpoints}: of a tenant, oldest first.
     *
     * @param after only those behind that sequence
     * @param limit 1 to 1 000
     */
    Reply<Checkpoints> checkpoints(String tenant, long after, int limit);

    /**
     * {@code POST /v1/audit/verify}: looks at every chain, which may take minutes.
     *
     * @param progress told now and then, by this thread
     */
    Reply<AuditReport> verify(Consumer<AuditProgress> progress, Cancellation cancellation);

    /**
     * {@code GET /v1/audit/export}: all rows and checkpoints, signed, as JSON lines.
     *
     * @param tenant only that one; null for all
     * @param to stays open
     * @param bytes told now and then how many were written, by this thread
     * @return how many bytes it has
     */
    Reply<Long> export(
            @Nullable String tenant,
            OutputStream to,
            LongConsumer bytes,
            Cancellation cancellation);
}
