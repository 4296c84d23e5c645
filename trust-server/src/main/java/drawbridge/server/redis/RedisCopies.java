package drawbridge.server.redis;

import drawbridge.server.crypto.KeyedHash;
import drawbridge.server.crypto.Keys;
import drawbridge.server.crypto.Sealer;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.SslVerifyMode;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.SetParams;
import redis.clients.jedis.util.JedisURIHelper;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * Copies kept in Redis: sealed, so that it can neither read nor change them, each with the number
 * under which it was read from the authority. Nothing here ever fails: a Redis that is away, slow
 * or lying is a miss. Reads wait at most for the timeout, and not at all while the breaker is open;
 * writes are done by a thread of their own. Safe for many threads.
 */
public final class RedisCopies implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RedisCopies.class);
    private static final String PREFIX = "drawbridge:s:";
    private static final int WRITES_WAITING = 10_000;
    private static final Duration POOL_PATIENCE = Duration.ofMillis(20);
    private static final Duration OPEN = Duration.ofSeconds(1);

    /** What was kept, and how old it is in terms of the revocation log. */
    public static final class Copy {
        private final long readAt;
        private final byte[] content;

        Copy(long readAt, byte[] content) {
            this.readAt = readAt;
            this.content = content;
        }

        /** The log's number when it was read from the authority. */
        public long readAt() {
            return readAt;
        }

        /** What was kept; not copied. */
        public byte[] content() {
            return content;
        }
    }

    /** Whether Redis is asked at all. */
    public enum State {
        /** It answers. */
        UP,
        /** It did not; it is tried again every second. */
        DOWN
    }

    private final RedisClient redis;
    private final CircuitBreaker breaker;
    private final KeyedHash names;
    private final Sealer sealer;
    private final long ageMillis;
    private final BlockingQueue<Runnable> writes = new ArrayBlockingQueue<>(WRITES_WAITING);
    private final LongAdder writesDropped = new LongAdder();
    private final LongAdder forged = new LongAdder();
    private final Thread writer;
    private volatile boolean closing;

    /**
     * Connects when first asked, not now.
     *
     * @param onState hears when Redis goes away and comes back; must be quick
     */
    public RedisCopies(RedisSettings settings, Keys keys, Consumer<State> onState) {
        this.names = keys.hashFor("redis-names/v1");
        this.sealer = keys.sealerFor("redis-copies/v1");
        this.ageMillis = settings.age().toMillis();
        this.redis = client(settings);
        this.breaker = breaker(settings, onState);
        this.writer = Thread.ofPlatform().name("redis-writer").start(this::write);
    }

    private static RedisClient client(RedisSettings settings) {
        int timeout = Math.toIntExact(settings.timeout().toMillis());
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        pool.setMaxTotal(settings.connections());
        pool.setMaxIdle(settings.connections());
        pool.setMaxWait(POOL_PATIENCE);
        pool.setJmxEnabled(false);
        DefaultJedisClientConfig.Builder config =
                DefaultJedisClientConfig.builder()
                        .resp3()
                        .user(JedisURIHelper.getUser(settings.url()))
                        .password(JedisURIHelper.getPassword(settings.url()))
                        .database(JedisURIHelper.getDBIndex(settings.url()))
                        .connectionTimeoutMillis(timeout)
                        .socketTimeoutMillis(timeout);
        if (JedisURIHelper.isRedisSSLScheme(settings.url())) {
            config.sslOptions(SslOptions.builder().sslVerifyMode(SslVerifyMode.FULL).build());
        }
        return RedisClient.builder()
                .hostAndPort(JedisURIHelper.getHostAndPort(settings.url()))
                .clientConfig(config.build())
                .poolConfig(pool)
                .build();
    }

    private static CircuitBreaker breaker(RedisSettings settings, Consumer<State> onState) {
        CircuitBreaker breaker =
                CircuitBreaker.of(
                        "redis",
                        CircuitBreakerConfig.custom()
                                .slidingWindowType(SlidingWindowType.COUNT_BASED)
                                .slidingWindowSize(20)
                                .minimumNumberOfCalls(5)
                                .failureRateThreshold(50)
                                .slowCallDurationThreshold(settings.timeout().dividedBy(2))
                                .slowCallRateThreshold(80)
                                .waitDurationInOpenState(OPEN)
                                .permittedNumberOfCallsInHalfOpenState(3)
                                .build());
        breaker.getEventPublisher()
                .onStateTransition(event -> {
                    switch (event.getStateTransition().getToState()) {
                        case OPEN -> {
                            if (event.getStateTransition().getFromState()
                                    == CircuitBreaker.State.CLOSED) {
                                onState.accept(State.DOWN);
                            }
                        }
                        case CLOSED -> onState.accept(State.UP);
                        default -> {
                            // half-open: being tried
                        }
                    }
                });
        return breaker;
    }

    /**
     * The copy kept for that name.
     *
     * @return empty when there is none, it was not made by this server's keys for this name, or
     *     Redis does not answer in time
     */
    public Optional<Copy> get(byte[] name) {
        byte[] key = key(name);
        byte @Nullable [] value;
        try {
            value = breaker.executeSupplier(() -> redis.get(key));
        } catch (CallNotPermittedException e) {
            return Optional.empty();
        } catch (JedisException e) {
            LOG.debug("redis does not answer", e);
            return Optional.empty();
        }
        return value == null ? Optional.empty() : open(key, value);
    }

    private Optional<Copy> open(byte[] key, byte[] value) {
        try {
            ByteBuffer plain = ByteBuffer.wrap(sealer.open(value, key));
            long readAt = plain.getLong();
            byte[] content = new byte[plain.remaining()];
            plain.get(content);
            return Optional.of(new Copy(readAt, content));
        } catch (Sealer.BrokenSealException | java.nio.BufferUnderflowException e) {
            forged.increment();
            return Optional.empty();
        }
    }

    /** Keeps a copy, soon; it is dropped when too many writes wait. */
    public void put(byte[] name, long readAt, byte[] content) {
        byte[] key = key(name);
        byte[] plain =
                ByteBuffer.allocate(Long.BYTES + content.length)
                        .putLong(readAt)
                        .put(content)
                        .array();
        byte[] value = sealer.seal(plain, key);
        offer(() -> redis.set(key, value, SetParams.setParams().px(ageMillis)));
    }

    /**
     * Forgets the copy, soon. Nothing depends on it: a copy that stays is known to be overtaken.
     */
    public void remove(byte[] name) {
        byte[] key = key(name);
        offer(() -> redis.del(key));
    }

    private void offer(Runnable write) {
        if (breaker.getState() == CircuitBreaker.State.OPEN || !writes.offer(write)) {
            writesDropped.increment();
        }
    }

    /** A name that tells Redis nothing. */
    private byte[] key(byte[] name) {
        byte[] hash = names.of(name);
        return ByteBuffer.allocate(PREFIX.length() + hash.length)
                .put(PREFIX.getBytes(StandardCharsets.US_ASCII))
                .put(hash)
                .array();
    }

    private void write() {
        while (!closing) {
            try {
                Runnable write = writes.poll(200, TimeUnit.MILLISECONDS);
                if (write != null) {
                    breaker.executeRunnable(write);
                }
            } catch (CallNotPermittedException | JedisException e) {
                writesDropped.increment();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Whether Redis is asked now. */
    public State state() {
        return breaker.getState() == CircuitBreaker.State.CLOSED ? State.UP : State.DOWN;
    }

    /** Writes that were not done since the start. */
    public long writesDropped() {
        return writesDropped.sum();
    }

    /** Values met since the start that this server did not make for that name. */
    public long forged() {
        return forged.sum();
    }

    @Override
    public void close() {
        closing = true;
        try {
            writer.join(Duration.ofSeconds(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        redis.close();
    }
}
