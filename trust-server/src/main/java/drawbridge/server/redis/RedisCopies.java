package drawbridge.server.redis;

import drawbridge.server.crypto.KeyedHash;
import drawbridge.server.crypto.Keys;
import drawbridge.server.crypto.Sealer;

import redis.clients.jedis.params.SetParams;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/**
 * Copies kept in Redis: sealed, so that it can neither read nor change them nor put one in the
 * place of another, each with the number under which it was read from the authority. A Redis that
 * is away, slow or lying is a miss. Safe for many threads.
 */
public final class RedisCopies implements NumberedCopies {
    private static final String PREFIX = "drawbridge:";

    /**
     * No copy is larger. Of what somebody put into Redis no more than this is fetched: a value may
     * have 512 MB there, which would end this process.
     */
    private static final int MOST_BYTES = 256 * 1024;

    private final RedisLink link;
    private final KeyedHash names;
    private final Sealer sealer;
    private final LongAdder forged = new LongAdder();

    /** Copies sealed under a key of this server's. */
    public RedisCopies(RedisLink link, Keys keys) {
        this.link = link;
        this.names = keys.hashFor("redis-names/v1");
        this.sealer = keys.sealerFor("redis-copies/v1");
    }

    /**
     * The copy kept for that name.
     *
     * @return empty when there is none, it was not made by this server's keys for this name, or
     *     Redis does not answer in time
     */
    @Override
    public Optional<Copy> get(byte[] name) {
        if (!link.isAsked()) {
            return Optional.empty();
        }
        byte[] key = key(name);
        // What is not there is answered as nothing, and not as null.
        return link.ask(redis -> redis.getrange(key, 0, MOST_BYTES - 1))
                .filter(value -> value.length > 0)
                .flatMap(value -> open(key, value));
    }

    private Optional<Copy> open(byte[] key, byte[] value) {
        try {
            ByteBuffer plain = ByteBuffer.wrap(sealer.open(value, key));
            long readAt = plain.getLong();
            byte[] content = new byte[plain.remaining()];
            plain.get(content);
            return Optional.of(new Copy(readAt, content));
        } catch (Sealer.BrokenSealException | BufferUnderflowException e) {
            forged.increment();
            return Optional.empty();
        }
    }

    /** Keeps a copy, soon, for so long at most; it is dropped when too many writes wait. */
    @Override
    public void put(byte[] name, long readAt, byte[] content, Duration age) {
        link.later(redis -> {
            byte[] key = key(name);
            byte[] plain =
                    ByteBuffer.allocate(Long.BYTES + content.length)
                            .putLong(readAt)
                            .put(content)
                            .array();
            byte[] sealed = sealer.seal(plain, key);
            if (sealed.length > MOST_BYTES) {
                return; // the database has it
            }
            redis.set(key, sealed, SetParams.setParams().px(age.toMillis()));
        });
    }

    @Override
    public void remove(byte[] name) {
        link.later(redis -> redis.del(key(name)));
    }

    /** A name that tells Redis nothing. */
    private byte[] key(byte[] name) {
        byte[] hash = names.of(name);
        return ByteBuffer.allocate(PREFIX.length() + hash.length)
                .put(PREFIX.getBytes(StandardCharsets.US_ASCII))
                .put(hash)
                .array();
    }

    @Override
    public boolean isAsked() {
        return link.isAsked();
    }

    /** Values met since the start that this server did not make for that name. */
    public long forged() {
        return forged.sum();
    }
}
