package drawbridge.server.redis;

import drawbridge.server.limit.Counted;
import drawbridge.server.limit.SharedLimits;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * Shares every limit in Redis, by its clock. While Redis is away nobody can say, and each node
 * counts for itself; a value that no bucket could have counts as a full one. Safe for many threads.
 */
public final class RedisLimits implements SharedLimits {
    private static final byte[] PREFIX = "drawbridge:limit:".getBytes(StandardCharsets.US_ASCII);
    private static final long MINUTE = Duration.ofMinutes(1).toNanos() / 1000;

    /** At once, as scripts are: of each, read until when it is paid, and pay one share more. */
    private static final byte[] TAKE =
            """
            local share = tonumber(ARGV[1])
            local minute = tonumber(ARGV[2])
            local time = redis.call('TIME')
            local now = time[1] * 1000000 + time[2]
            for _, key in ipairs(KEYS) do
                local held = redis.pcall('GET', key)
                local paid = type(held) == 'string' and tonumber(held) or now
                if not (paid >= now and paid <= now + minute) then paid = now end
                local after = paid + share
                if after > now + minute then return after - now - minute end
                redis.call('SET', key, string.format('%.0f', after), 'PX', math.ceil((after - now) / 1000))
            end
            return 0
            """
                    .getBytes(StandardCharsets.US_ASCII);

    private final RedisLink link;

    public RedisLimits(RedisLink link) {
        this.link = link;
    }

    @Override
    public boolean shares(Counted what) {
        return true;
    }

    @Override
    public Optional<Duration> take(List<byte[]> buckets, int perMinute) {
        List<byte[]> keys = buckets.stream().map(RedisLimits::key).toList();
        return link.ask(redis ->
                        redis.eval(TAKE, keys, List.of(text(MINUTE / perMinute), text(MINUTE))))
                .filter(Long.class::isInstance)
                .map(Long.class::cast)
                .map(early -> Duration.of(Math.clamp(early, 0, MINUTE), ChronoUnit.MICROS));
    }

    private static byte[] key(byte[] bucket) {
        return ByteBuffer.allocate(PREFIX.length + bucket.length).put(PREFIX).put(bucket).array();
    }

    private static byte[] text(long number) {
        return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
    }
}
