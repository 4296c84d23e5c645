package drawbridge.server.bridge;

import drawbridge.model.TenantId;
import drawbridge.server.crypto.KeyedHash;
import drawbridge.server.crypto.Keys;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Knows callers by their secrets. A secret is found by one keyed hash of it and confirmed by
 * another in constant time, so that the time taken tells nothing about any secret; a miss does the
 * same work. Safe for many threads; asking is one volatile read.
 */
public final class CallerRegistry {
    /** The two hashes of a secret under this server's keys. */
    public static final class SecretHashes {
        private final byte[] lookup;
        private final byte[] confirm;

        /** 32 bytes each; taken over, not copied. */
        SecretHashes(byte[] lookup, byte[] confirm) {
            this.lookup = lookup;
            this.confirm = confirm;
        }

        byte[] lookup() {
            return lookup;
        }

        byte[] confirm() {
            return confirm;
        }
    }

    /**
     * An accepted version of a caller's secret.
     *
     * @param until its announced end: from that instant on it is not accepted; null while it has
     *     none
     */
    public record Accepted(
            Caller caller, int version, SecretHashes hashes, @Nullable Instant until) {
        /** Whether it is still accepted then. */
        boolean isAccepted(Instant now) {
            return until == null || now.isBefore(until);
        }
    }

    /** Who presented a secret, and which version of it. */
    public record Presented(Caller caller, int version) {}

    private static final byte[] NOBODY = new byte[32];

    private final KeyedHash lookup;
    private final KeyedHash confirm;
    private volatile Map<ByteBuffer, Accepted> accepted = Map.of();

    public CallerRegistry(Keys keys) {
        this.lookup = keys.hashFor("caller-secret/lookup/v1");
        this.confirm = keys.hashFor("caller-secret/confirm/v1");
    }

    /** The hashes under which a secret is stored. */
    public SecretHashes hashesOf(byte[] secret) {
        return new SecretHashes(lookup.of(secret), confirm.of(secret));
    }

    /** From now on exactly these are accepted. */
    public synchronized void accept(Collection<Accepted> all) {
        accepted = byLookup(all.stream());
    }

    /** From now on exactly these of that tenant are accepted; those of others stay. */
    synchronized void accept(TenantId tenant, Collection<Accepted> all) {
        accepted =
                byLookup(
                        Stream.concat(
                                all.stream(),
                                accepted.values().stream()
                                        .filter(a -> !a.caller().tenant().equals(tenant))));
    }

    private static Map<ByteBuffer, Accepted> byLookup(Stream<Accepted> all) {
        return all.collect(
                Collectors.toUnmodifiableMap(a -> ByteBuffer.wrap(a.hashes().lookup()), a -> a));
    }

    /** The caller with that id as it is now, if that version of its secret is accepted then. */
    public Optional<Caller> accepted(String callerId, int version, Instant now) {
        return accepted.values().stream()
                .filter(one -> one.version() == version && one.caller().id().equals(callerId))
                .filter(one -> one.isAccepted(now))
                .map(Accepted::caller)
                .findFirst();
    }

    /**
     * The caller that presents this secret.
     *
     * @return empty for a secret that is unknown, retired, burned or past its announced end; nobody
     *     is told which
     */
    public Optional<Presented> authenticate(byte[] secret, Instant now) {
        Accepted candidate = accepted.get(ByteBuffer.wrap(lookup.of(secret)));
        byte[] expected = candidate == null ? NOBODY : candidate.hashes().confirm();
        boolean confirmed = MessageDigest.isEqual(confirm.of(secret), expected);
        return confirmed && candidate != null && candidate.isAccepted(now)
                ? Optional.of(new Presented(candidate.caller(), candidate.version()))
                : Optional.empty();
    }
}
