package drawbridge.server.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;

import drawbridge.model.TenantId;
import drawbridge.server.crypto.KeyedHash;
import drawbridge.server.session.DeviceHash;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Counts requests by where they come from and by the account they are about, each in a bucket of
 * its own that a minute fills: as many as a minute allows may come at once. What nodes share is
 * asked for only when this node's own count lets a request through, so that a flood stops here; the
 * first who can say decides, and when nobody can, this node's count does. Memory is bounded;
 * sources and accounts are kept apart, so that a flood of addresses does not push out the accounts.
 * Safe for many threads.
 */
public final class RateLimits {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int MOST_SOURCES = 100_000;
    private static final int MOST_ACCOUNTS = 100_000;

    /** An untouched bucket is full again after a minute, and a new one is full as well. */
    private static final Duration KEPT = Duration.ofMinutes(2);

    private record SourceKey(Counted what, SourceNetwork source) {}

    private record AccountKey(Counted what, Owner account) {}

    private final Map<Counted, Integer> perMinute;
    private final Cache<SourceKey, Bucket> sources;
    private final Cache<AccountKey, Bucket> accounts;
    private final List<SharedLimits> shared;
    private final KeyedHash names;
    private final TimeMeter time;

    /**
     * @param perMinute the rate of everything there is to count
     * @param shared what nodes count together, the first choice first; empty when each counts for
     *     itself
     * @param names turns whose a bucket is into a name that says nothing
     * @throws IllegalArgumentException when a rate is missing
     */
    public RateLimits(
            Map<Counted, Integer> perMinute,
            List<SharedLimits> shared,
            KeyedHash names,
            Ticker ticker) {
        if (perMinute.size() != Counted.values().length) {
            throw new IllegalArgumentException("a rate is missing: " + perMinute.keySet());
        }
        this.perMinute = new EnumMap<>(perMinute);
        this.sources =
                Caffeine.newBuilder()
                        .maximumSize(MOST_SOURCES)
                        .expireAfterAccess(KEPT)
                        .ticker(ticker)
                        .build();
        this.accounts =
                Caffeine.newBuilder()
                        .maximumSize(MOST_ACCOUNTS)
                        .expireAfterAccess(KEPT)
                        .ticker(ticker)
                        .build();
        this.shared = List.copyOf(shared);
        this.names = names;
        this.time = new MeteredBy(ticker);
    }

    /**
     * Counts one request of a source.
     *
     * @return how long to wait when there have been too many; empty when this one may go on
     */
    public Optional<Duration> take(Counted what, SourceNetwork source) {
        return takeHere(what, source).or(() -> takeShared(what, List.of(name(what, source))));
    }

    /**
     * The same by this node's own count alone, where what nodes share is taken with the account.
     */
    public Optional<Duration> takeHere(Counted what, SourceNetwork source) {
        return take(sources.get(new SourceKey(what, source), key -> bucket(key.what())));
    }

    /**
     * Whose account a request is about, whether or not there is such an account.
     *
     * @param name its canonical name
     * @param device a device the account is known to use, which then has a bucket of its own; null
     *     for all others
     */
    public record Owner(TenantId tenant, String name, @Nullable DeviceHash device) {}

    /**
     * Counts one request about an account.
     *
     * @return how long to wait when there have been too many; empty when this one may go on
     */
    public Optional<Duration> take(Counted what, Owner account) {
        return takeHere(what, account).or(() -> takeShared(what, List.of(name(what, account))));
    }

    /** The same, and counts what nodes share of its source, which {@link #takeHere} has counted. */
    public Optional<Duration> take(Counted what, SourceNetwork source, Owner account) {
        return takeHere(what, account)
                .or(() -> takeShared(what, List.of(name(what, source), name(what, account))));
    }

    /**
     * How the count stands where the request takes what nodes share in its own transaction.
     *
     * @param tooMany how long to wait, when there have been too many already; empty otherwise
     * @param owed what is still to be taken; empty when that is done, or nobody shares it
     */
    public record Standing(Optional<Duration> tooMany, Optional<Owed> owed) {}

    /**
     * Counts one request about an account, up to what its transaction will take.
     *
     * @param source counted together with the account; null when it is not
     */
    public Standing owe(Counted what, @Nullable SourceNetwork source, Owner account) {
        Optional<Duration> here = takeHere(what, account);
        if (here.isPresent()) {
            return new Standing(here, Optional.empty());
        }
        List<byte[]> buckets =
                source == null
                        ? List.of(name(what, account))
                        : List.of(name(what, source), name(what, account));
        for (SharedLimits each : shared) {
            if (each.shares(what)) {
                Optional<Owed> owed = each.owe(buckets, rate(what));
                if (owed.isPresent()) {
                    return new Standing(Optional.empty(), owed);
                }
                Optional<Duration> wait = each.take(buckets, rate(what));
                if (wait.isPresent()) {
                    return new Standing(wait.filter(length -> !length.isZero()), Optional.empty());
                }
            }
        }
        return new Standing(Optional.empty(), Optional.empty());
    }

    /** What nodes share of a source that {@link #takeHere} has counted. */
    public Optional<Duration> takeShared(Counted what, SourceNetwork source) {
        return takeShared(what, List.of(name(what, source)));
    }

    private Optional<Duration> takeHere(Counted what, Owner account) {
        return take(accounts.get(new AccountKey(what, account), key -> bucket(key.what())));
    }

    private byte[] name(Counted what, SourceNetwork source) {
        return named("source\0" + what + "\0" + source);
    }

    private byte[] name(Counted what, Owner account) {
        DeviceHash device = account.device();
        return named(
                "account\0%s\0%s\0%s\0%s"
                        .formatted(
                                what,
                                account.tenant(),
                                account.name(),
                                device == null ? "" : HexFormat.of().formatHex(device.bytes())));
    }

    private byte[] named(String whose) {
        return names.of(whose.getBytes(StandardCharsets.UTF_8));
    }

    private Optional<Duration> takeShared(Counted what, List<byte[]> buckets) {
        for (SharedLimits each : shared) {
            Optional<Duration> wait =
                    each.shares(what) ? each.take(buckets, rate(what)) : Optional.empty();
            if (wait.isPresent()) {
                return wait.filter(length -> !length.isZero());
            }
        }
        return Optional.empty();
    }

    /** How many of these one source may send in a minute. */
    public int perMinute(Counted what) {
        return rate(what);
    }

    private int rate(Counted what) {
        return perMinute.getOrDefault(what, 1);
    }

    private static Optional<Duration> take(Bucket bucket) {
        ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(1);
        return probe.isConsumed()
                ? Optional.empty()
                : Optional.of(Duration.ofNanos(probe.getNanosToWaitForRefill()));
    }

    private Bucket bucket(Counted what) {
        int rate = rate(what);
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(rate).refillGreedy(rate, MINUTE))
                .withCustomTimePrecision(time)
                .build();
    }

    /** Buckets held now. */
    public long size() {
        return sources.estimatedSize() + accounts.estimatedSize();
    }

    private record MeteredBy(Ticker ticker) implements TimeMeter {
        @Override
        public long currentTimeNanos() {
            return ticker.read();
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }
}
