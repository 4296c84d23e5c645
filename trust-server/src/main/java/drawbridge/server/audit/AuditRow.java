package drawbridge.server.audit;

import drawbridge.server.storage.Times;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Objects;

/**
 * A row of the audit log as it is stored, with every text as it stands there: what was altered must
 * not be mended by reading it.
 *
 * @param tenant whose chain it belongs to
 * @param number its place in that chain, from 1 without gaps
 * @param hash SHA-256 over the hash before it and its own contents, in hex
 */
public record AuditRow(
        String tenant,
        long number,
        Instant at,
        String kind,
        String actor,
        @Nullable String userId,
        @Nullable String ref,
        @Nullable String ip,
        @Nullable String agent,
        @Nullable String route,
        @Nullable String mode,
        @Nullable String reason,
        @Nullable String signal,
        @Nullable String requestId,
        @Nullable String detail,
        String hash) {
    public AuditRow {
        Objects.requireNonNull(tenant);
        Objects.requireNonNull(at);
        Objects.requireNonNull(kind);
        Objects.requireNonNull(actor);
        Objects.requireNonNull(hash);
    }

    /** The hash before the first row. */
    static final String GENESIS = "0".repeat(64);

    /** The row an entry becomes behind that hash. */
    static AuditRow of(AuditEntry entry, long number, String previous) {
        var ip = entry.ip();
        AuditRow unhashed =
                new AuditRow(
                        entry.tenant().value(),
                        number,
                        entry.at(),
                        entry.kind(),
                        entry.actor(),
                        entry.userId(),
                        entry.ref(),
                        ip == null ? null : ip.toString(),
                        entry.agent(),
                        entry.route(),
                        entry.mode(),
                        entry.reason(),
                        entry.signal(),
                        entry.requestId(),
                        entry.detail(),
                        "");
        return unhashed.withHash(unhashed.hashBehind(previous));
    }

    private AuditRow withHash(String other) {
        return new AuditRow(
                tenant, number, at, kind, actor, userId, ref, ip, agent, route, mode, reason,
                signal, requestId, detail, other);
    }

    /**
     * The hash this row must have behind that one: SHA-256 over the previous hash, number and time
     * (microseconds), each as 8 bytes, and every field with its length in 4 bytes before it; null
     * is length -1.
     */
    public String hashBehind(String previous) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(HexFormat.of().parseHex(previous));
            sha256.update(ByteBuffer.allocate(8).putLong(number).flip());
            sha256.update(ByteBuffer.allocate(8).putLong(Times.micros(at)).flip());
            for (String field :
                    new @Nullable String[] {
                        tenant, kind, actor, userId, ref, ip, agent, route, mode, reason, signal,
                        requestId, detail
                    }) {
                byte[] bytes = field == null ? null : field.getBytes(StandardCharsets.UTF_8);
                int length = bytes == null ? -1 : bytes.length;
                sha256.update(ByteBuffer.allocate(4).putInt(length).flip());
                if (bytes != null) {
                    sha256.update(bytes);
                }
            }
            return HexFormat.of().formatHex(sha256.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
