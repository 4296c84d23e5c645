package drawbridge.server.redis;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.SslVerifyMode;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.JedisURIHelper;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The way to Redis: a bounded pool behind a circuit breaker. Nothing here ever fails: a Redis that
 * is away or slow gives nothing. A call waits at most for the timeout, and not at all while the
 * breaker is open; whether Redis is back is tried by a thread of its own, which also does the
 * writes nobody waits for. Safe for many threads.
 */
public final class RedisLink implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);
    private static final int WRITES_WAITING = 10_000;
    private static final Duration POOL_PATIENCE = Duration.ofMillis(20);
    private static final Duration OPEN = Duration.ofSeconds(1);
    private static final Duration LOOKS_EVERY = Duration.ofMillis(100);
    private static final int TRIES = 3;

    /** Whether Redis is asked at all. */
    public enum State {
        /** It answers. */
        UP,
        /** It did not; it is tried again every second, by nobody who waits for an answer. */
        DOWN
    }

    private final RedisClient redis;
    private final CircuitBreaker breaker;
    private final BlockingQueue<Consumer<RedisClient>> writes =
            new ArrayBlockingQueue<>(WRITES_WAITING);
    private final LongAdder writesDropped = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final Thread writer;
    private volatile boolean closing;

    /**
     * Connects when first asked, not now.
     *
     * @param onState hears when Redis goes away and comes back; must be quick
     */
    public RedisLink(RedisSettings settings, Consumer<State> onState) {
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
                                .automaticTransitionFromOpenToHalfOpenEnabled(true)
                                .permittedNumberOfCallsInHalfOpenState(TRIES)
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

    /** Asks, and waits at most for the timeout; empty when Redis is away or has nothing. */
    <T> Optional<T> ask(Function<RedisClient, T> question) {
        if (!isAsked()) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(breaker.executeSupplier(() -> question.apply(redis)));
        } catch (CallNotPermittedException e) {
            return Optional.empty();
        } catch (JedisException e) {
            failures.increment();
            LOG.debug("redis does not answer", e);
            return Optional.empty();
        }
    }

    /** Has it done soon, in order; it is dropped when Redis is away or too much waits. */
    void later(Consumer<RedisClient> write) {
        if (!isAsked() || !writes.offer(write)) {
            writesDropped.increment();
        }
    }

    private void write() {
        while (!closing) {
            try {
                if (breaker.getState() == CircuitBreaker.State.HALF_OPEN) {
                    tryWhetherItIsBack();
                }
                Consumer<RedisClient> write =
                        writes.poll(LOOKS_EVERY.toMillis(), TimeUnit.MILLISECONDS);
                if (write != null) {
                    write(write);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void write(Consumer<RedisClient> write) {
        try {
            breaker.executeRunnable(() -> write.accept(redis));
        } catch (CallNotPermittedException | JedisException e) {
            writesDropped.increment();
        } catch (RuntimeException e) {
            writesDropped.increment();
            LOG.error("a write to redis failed", e); // our fault: the next one may be better
        }
    }

    private void tryWhetherItIsBack() {
        for (int i = 0; i < TRIES; i++) {
            try {
                breaker.executeRunnable(redis::ping);
            } catch (CallNotPermittedException | JedisException e) {
                LOG.debug("redis is not back", e);
            }
        }
    }

    /** Whether Redis is asked now: it answered when it was asked last. */
    public boolean isAsked() {
        return breaker.getState() == CircuitBreaker.State.CLOSED;
    }

    /** Whether Redis is away. */
    public State state() {
        return isAsked() ? State.UP : State.DOWN;
    }

    /** Writes that were not done since the start. */
    public long writesDropped() {
        return writesDropped.sum();
    }

    /** Questions since the start that Redis did not answer, or not in time. */
    public long failures() {
        return failures.sum();
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
