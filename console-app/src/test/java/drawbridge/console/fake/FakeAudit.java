package drawbridge.console.fake;

import drawbridge.console.client.AuditCalls;
import drawbridge.console.client.Cancellation;
import drawbridge.console.client.Reply;
import drawbridge.model.view.AuditCheckpoint;
import drawbridge.model.view.AuditProgress;
import drawbridge.model.view.AuditReport;
import drawbridge.model.view.AuditRowView;
import drawbridge.model.view.Page;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * An audit that is kept in memory, with checkpoints that are really signed. Safe for many threads.
 */
public final class FakeAudit implements AuditCalls {
    private static final int RAW_KEY = 32;

    private final List<AuditRowView> newestFirst = new ArrayList<>();
    private final List<AuditCheckpoint> signed = new ArrayList<>();
    private KeyPair keys = keys();
    private @Nullable AuditReport report;
    private @Nullable String silence;
    private String brokenOff = "";

    private static KeyPair keys() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One more row, the newest. */
    public synchronized void add(AuditRowView row) {
        newestFirst.addFirst(row);
    }

    /** A row that says little. */
    public static AuditRowView row(long number, Instant at, String kind, String actor) {
        return new AuditRowView(
                "default",
                number,
                at,
                kind,
                actor,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                "%064x".formatted(number));
    }

    /** Signs where the chain stands. */
    public synchronized AuditCheckpoint sign(long number, Instant at) {
        AuditCheckpoint unsigned =
                new AuditCheckpoint(
                        "default",
                        signed.size() + 1L,
                        number,
                        "%064x".formatted(number),
                        at,
                        signed.isEmpty()
                                ? AuditCheckpoint.NONE_BEFORE
                                : signed.getLast().fingerprint(),
                        "");
        try {
            Signature signer = Signature.getInstance("Ed25519");
            signer.initSign(keys.getPrivate());
            signer.update(unsigned.message());
            AuditCheckpoint done = unsigned.signed(text(signer.sign()));
            signed.add(done);
            return done;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private String publicKey() {
        byte[] encoded = keys.getPublic().getEncoded();
        return text(Arrays.copyOfRange(encoded, encoded.length - RAW_KEY, encoded.length));
    }

    /** The newest checkpoints are gone, as after an older copy of the database was put back. */
    public synchronized void rollBack(int checkpoints) {
        signed.subList(signed.size() - checkpoints, signed.size()).clear();
    }

    /** From now on another key signs. */
    public synchronized void changeKeys() {
        keys = keys();
    }

    /** What a verification finds. */
    public synchronized void finds(AuditReport found) {
        report = found;
    }

    /** From now on nothing is answered. */
    public synchronized void fallSilent(String why) {
        silence = why;
    }

    @Override
    public synchronized Reply<Page<AuditRowView>> rows(
            Wanted wanted, int limit, @Nullable String after) {
        if (silence != null) {
            return new Reply.Unreachable<>("GET /v1/audit", silence);
        }
        List<AuditRowView> found =
                newestFirst.stream()
                        .filter(row -> wanted.kind() == null || row.kind().equals(wanted.kind()))
                        .filter(row -> wanted.actor() == null || row.actor().equals(wanted.actor()))
                        .toList();
        int from = after == null ? 0 : Integer.parseInt(after);
        int to = Math.min(found.size(), from + limit);
        return new Reply.Done<>(
                new Page<>(
                        found.subList(from, to),
                        to < found.size() ? Integer.toString(to) : null,
                        found.size()));
    }

    @Override
    public synchronized Reply<Checkpoints> checkpoints(String tenant, long after, int limit) {
        if (silence != null) {
            return new Reply.Unreachable<>("GET /v1/audit/checkpoints", silence);
        }
        List<AuditCheckpoint> page =
                signed.stream()
                        .filter(each -> each.tenant().equals(tenant) && each.sequence() > after)
                        .limit(limit)
                        .toList();
        String next = page.size() == limit ? Long.toString(page.getLast().sequence()) : null;
        return new Reply.Done<>(new Checkpoints(page, next, signed.size(), publicKey()));
    }

    @Override
    public Reply<AuditReport> verify(Consumer<AuditProgress> progress, Cancellation cancellation) {
        AuditReport found;
        long rows;
        synchronized (this) {
            rows = newestFirst.size();
            found =
                    report == null
                            ? new AuditReport(
                                    true, rows, signed.size(), publicKey(), List.of(), List.of(), 0)
                            : report;
        }
        progress.accept(new AuditProgress(rows, rows));
        return new Reply.Done<>(found);
    }

    /** From now on an export ends after its first line, for that reason. */
    public void breakOffExports(String why) {
        brokenOff = why;
    }

    @Override
    public Reply<Long> export(
            @Nullable String tenant,
            OutputStream to,
            LongConsumer bytes,
            Cancellation cancellation) {
        try {
            byte[] line = "{\"type\":\"drawbridge.audit\"}\n".getBytes(StandardCharsets.UTF_8);
            to.write(line);
            bytes.accept(line.length);
            if (!brokenOff.isEmpty()) {
                return new Reply.Unreachable<>("GET /v1/audit/export", brokenOff);
            }
            return new Reply.Done<>((long) line.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
