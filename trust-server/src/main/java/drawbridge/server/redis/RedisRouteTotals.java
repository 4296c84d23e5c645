package drawbridge.server.redis;

import drawbridge.server.crypto.KeyedHash;
import drawbridge.server.crypto.Keys;
import drawbridge.server.policy.RouteSharing;

import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Calls counted for all nodes, in Redis, under names that tell it nothing. Safe for many threads.
 */
public final class RedisRouteTotals implements RouteSharing.Totals {
    private static final byte[] PREFIX = "drawbridge:route:".getBytes(StandardCharsets.US_ASCII);

    /** A bucket is full again after a minute. */
    private static final Duration KEPT = Duration.ofMinutes(2);

    private final RedisLink link;
    private final KeyedHash names;

    public RedisRouteTotals(RedisLink link, Keys keys) {
        this.link = link;
        this.names = keys.hashFor("route-limits/v1");
    }

    @Override
    public Optional<List<Long>> add(List<String> all, List<Long> more) {
        return link.ask(redis -> {
            List<Response<Long>> answers = new ArrayList<>();
            try (Pipeline pipeline = redis.pipelined()) {
                for (int i = 0; i < all.size(); i++) {
                    byte[] key = key(all.get(i));
                    answers.add(pipeline.incrBy(key, more.get(i)));
                    pipeline.pexpire(key, KEPT.toMillis());
                }
                pipeline.sync();
            }
            return answers.stream().map(Response::get).toList();
        });
    }

    private byte[] key(String name) {
        byte[] hash = names.of(name.getBytes(StandardCharsets.UTF_8));
        return ByteBuffer.allocate(PREFIX.length + hash.length).put(PREFIX).put(hash).array();
    }
}
