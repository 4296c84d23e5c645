package drawbridge.server.redis;

import drawbridge.server.Background;
import drawbridge.server.Platform.Deferral;
import drawbridge.server.config.Reason;
import drawbridge.server.crypto.Authorities;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.SslVerifyMode;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.JedisURIHelper;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
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

    /** One round trip for so many, so that the writer keeps up with what the database answers. */
    private static final int WRITES_AT_ONCE = 100;

    private static final Duration POOL_PATIENCE = Duration.ofMillis(20);

    /** A store of certificates, which are no secret, never leaves this process. */
    private static final char[] NO_SECRET = "certificates".toCharArray();

    private static final Duration OPEN = Duration.ofSeconds(1);
    private static final Duration LOOKS_EVERY = Duration.ofMillis(100);
    private static final int TRIES = 3;
    private static final int FAILURE_PERCENT = 50;

    /** Whether Redis is asked at all. */
    public enum State {
        /** It answers. */
        UP,
        /** It did not; it is tried again every second, by nobody who waits for an answer. */
        DOWN
    }

    /** Hears of Redis going and coming; must be quick. */
    @FunctionalInterface
    public interface Heard {
        /**
         * Redis is away, or back.
         *
         * @param why it is away, in a few words for the end of a sentence; empty when it is back
         */
        void is(State state, String why);
    }

    private final RedisClient redis;
    private final RedisSettings settings;
    private final CircuitBreaker breaker;
    private final BlockingQueue<Consumer<Pipeline>> writes =
            new ArrayBlockingQueue<>(WRITES_WAITING);
    private final LongAdder writesDropped = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final SteadyState told;
    private final Thread writer;
    private volatile String trouble = "";
    private volatile boolean closing;

    /**
     * Connects when first asked, not now.
     *
     * @param heard when Redis goes away, and when it has been back for a while: one that comes and
     *     goes under load is told of once
     */
    public RedisLink(RedisSettings settings, Heard heard) {
        this.redis = client(settings);
        this.settings = settings;
        this.told =
                new SteadyState(
                        state -> heard.is(state, state == State.UP ? "" : whyAway()),
                        System::nanoTime);
        this.breaker = breaker(settings, told);
        this.breaker.getEventPublisher().onError(e -> trouble = reason(e.getThrowable()));
        this.writer =
                Thread.ofPlatform()
                        .name("redis-writer")
                        .start(Background.deferred(Deferral.A_LITTLE, this::write));
    }

    /** In our words where Jedis speaks of its pool, and without a full stop. */
    private static String reason(Throwable thrown) {
        if (thrown.getCause() instanceof NoSuchElementException) {
            return "all connections to it are busy";
        }
        String text = Reason.ofRoot(thrown);
        String bare = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        return bare.isEmpty()
                ? "it fails"
                : Character.toLowerCase(bare.charAt(0)) + bare.substring(1);
    }

    /** The breaker's figures are still those it has opened for. */
    private String whyAway() {
        return breaker.getMetrics().getFailureRate() >= FAILURE_PERCENT
                ? trouble
                : "it takes longer than %d ms".formatted(slow(settings).toMillis());
    }

    /** An answer that takes longer makes Redis no faster than the database. */
    private static Duration slow(RedisSettings settings) {
        return settings.timeout().dividedBy(2);
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
            config.sslOptions(tls(settings.authorities()));
        }
        return RedisClient.builder()
                .hostAndPort(JedisURIHelper.getHostAndPort(settings.url()))
                .clientConfig(config.build())
                .poolConfig(pool)
                .build();
    }

    private static SslOptions tls(Optional<Path> authorities) {
        SslOptions.Builder tls = SslOptions.builder().sslVerifyMode(SslVerifyMode.FULL);
        // Read at each use, so that a renewed file counts.
        authorities.ifPresent(
                pem -> tls.trustStoreType("PKCS12").truststore(() -> trustStore(pem), NO_SECRET));
        return tls.build();
    }

    private static InputStream trustStore(Path pem) throws IOException {
        try {
            ByteArrayOutputStream store = new ByteArrayOutputStream();
            Authorities.of(pem).store(store, NO_SECRET);
            return new ByteArrayInputStream(store.toByteArray());
        } catch (GeneralSecurityException e) {
            throw new IOException("the authorities of redis.ca cannot be used", e);
        }
    }

    private static CircuitBreaker breaker(RedisSettings settings, SteadyState told) {
        CircuitBreaker breaker =
                CircuitBreaker.of(
                        "redis",
                        CircuitBreakerConfig.custom()
                                .slidingWindowType(SlidingWindowType.COUNT_BASED)
                                .slidingWindowSize(20)
                                .minimumNumberOfCalls(5)
                                .failureRateThreshold(FAILURE_PERCENT)
                                .slowCallDurationThreshold(slow(settings))
                                .slowCallRateThreshold(80)
                                .waitDurationInOpenState(OPEN)
                                .automaticTransitionFromOpenToHalfOpenEnabled(true)
                                .permittedNumberOfCallsInHalfOpenState(TRIES)
                                .build());
        breaker.getEventPublisher()
                .onStateTransition(event -> {
                    switch (event.getStateTransition().getToState()) {
                        case OPEN -> told.opened();
                        case CLOSED -> told.closed();
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
        } catch (RuntimeException e) { // what Jedis makes of an answer that is none of a Redis
            failures.increment();
            LOG.warn("redis answers what cannot be understood", e);
            return Optional.empty();
        }
    }

    /** Has it done soon, in order; it is dropped when Redis is away or too much waits. */
    void later(Consumer<Pipeline> write) {
        if (!isAsked() || !writes.offer(write)) {
            writesDropped.increment();
        }
    }

    private void write() {
        List<Consumer<Pipeline>> batch = new ArrayList<>(WRITES_AT_ONCE);
        while (!closing) {
            try {
                if (breaker.getState() == CircuitBreaker.State.HALF_OPEN) {
                    tryWhetherItIsBack();
                }
                told.look();
                Consumer<Pipeline> first =
                        writes.poll(LOOKS_EVERY.toMillis(), TimeUnit.MILLISECONDS);
                if (first != null) {
                    batch.add(first);
                    writes.drainTo(batch, WRITES_AT_ONCE - 1);
                    write(batch);
                    batch.clear();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void write(List<Consumer<Pipeline>> batch) {
        try {
            breaker.executeRunnable(() -> send(batch));
        } catch (JedisDataException e) {
            LOG.debug("redis refuses writes", e); // they are counted
        } catch (CallNotPermittedException | JedisException e) {
            writesDropped.add(batch.size());
        } catch (RuntimeException e) {
            writesDropped.add(batch.size());
            LOG.error("writing to redis failed", e); // the thread must outlive it
        }
    }

    private void send(List<Consumer<Pipeline>> batch) {
        List<Object> answers;
        try (Pipeline pipeline = redis.pipelined()) {
            for (Consumer<Pipeline> write : batch) {
                put(write, pipeline);
            }
            answers = pipeline.syncAndReturnAll();
        }
        List<JedisDataException> refused =
                answers.stream()
                        .filter(JedisDataException.class::isInstance)
                        .map(JedisDataException.class::cast)
                        .toList();
        writesDropped.add(refused.size());
        if (!refused.isEmpty() && refused.size() == answers.size()) {
            throw refused.getFirst(); // a Redis that takes nothing is as good as away
        }
    }

    private void put(Consumer<Pipeline> write, Pipeline pipeline) {
        try {
            write.accept(pipeline);
        } catch (JedisException e) {
            throw e;
        } catch (RuntimeException e) {
            writesDropped.increment();
            LOG.error("a write to redis failed", e); // our fault: the next one may be better
        }
    }

    private void tryWhetherItIsBack() {
        for (int i = 0; i < TRIES; i++) {
            try {
                breaker.executeRunnable(redis::ping);
            } catch (RuntimeException e) { // the thread must outlive whatever answers there
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
