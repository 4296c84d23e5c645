package drawbridge.server;

import drawbridge.model.view.ServerInfo;
import drawbridge.server.alert.Alerts;
import drawbridge.server.config.DataFolder;
import drawbridge.server.config.ServerAddress;
import drawbridge.server.config.ServerConfig;
import drawbridge.server.http.HttpListeners;
import drawbridge.server.logging.LogShipping;

import io.javalin.util.JavalinBindException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;

/**
 * A running trust server: the whole API of a main or a test. Started by one thread; the other
 * methods are safe for many.
 */
public final class TrustServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TrustServer.class);

    private final DataFolder folder;
    private final Wiring wiring;
    private final CompletableFuture<ServerInfo> info = new CompletableFuture<>();
    private final CompletableFuture<HttpListeners.Certificates> certificates =
            new CompletableFuture<>();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CountDownLatch closed = new CountDownLatch(1);

    private TrustServer(
            ServerConfig config,
            DataFolder folder,
            Clock clock,
            Clock wall,
            Optional<LogShipping> shipping,
            UnaryOperator<URI> drilled) {
        this.folder = folder;
        this.wiring =
                new Wiring(
                        config,
                        folder,
                        clock,
                        wall,
                        shipping,
                        info::join,
                        this::closeSoon,
                        drilled);
    }

    /**
     * Starts a server on a data folder that the caller owns and closes afterwards. When this
     * returns, requests are answered.
     *
     * @throws PortTakenException when a port cannot be opened
     * @throws drawbridge.server.storage.StoreUnavailableException when the database cannot be used
     */
    public static TrustServer start(ServerConfig config, DataFolder folder, Clock clock) {
        return start(config, folder, clock, Optional.empty());
    }

    /**
     * The same, whose log lines are sent elsewhere.
     *
     * @param shipping how, and how it goes; stays its maker's to close
     */
    public static TrustServer start(
            ServerConfig config, DataFolder folder, Clock clock, Optional<LogShipping> shipping) {
        return start(config, folder, clock, shipping, UnaryOperator.identity());
    }

    /**
     * The same, for those in this package, whose drills meet something that stands before the
     * public listener.
     *
     * @param drilled from where the listener is to where drills are played
     */
    static TrustServer start(
            ServerConfig config,
            DataFolder folder,
            Clock clock,
            Optional<LogShipping> shipping,
            UnaryOperator<URI> drilled) {
        // Times are kept in microseconds, so that what is told is what is stored.
        Clock micros = Clock.tick(clock, Duration.ofNanos(1_000));
        TrustServer server =
                new TrustServer(config, folder, micros, wall(clock), shipping, drilled);
        try {
            server.open(config, folder, micros);
            return server;
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private static Clock wall(Clock clock) {
        return clock instanceof SteadyClock steady ? steady.wall() : clock;
    }

    private void open(ServerConfig config, DataFolder folder, Clock clock) {
        Instant now = clock.instant();
        int admin = bind(config.admin().listen(), () -> wiring.listeners().openAdmin());
        int open = bind(config.listen(), () -> wiring.listeners().openPublic());
        info.complete(
                new ServerInfo(
                        Version.current(),
                        ProcessHandle.current().pid(),
                        now,
                        url(
                                config.edge().tls().isPresent() ? "https" : "http",
                                config.listen().host(),
                                open),
                        url(
                                config.admin().tls().isPresent() ? "https" : "http",
                                config.admin().listen().host(),
                                admin),
                        config.node(),
                        wiring.storage(),
                        config.redis().isPresent(),
                        folder.path().toString()));
        wiring.reachedAt(publicUrl().toString());
        tellAddress(listeners().certificates(() -> tellAddress(certificates.join())));
        LOG.info(
                "started version={} public={} admin={}",
                Version.current(),
                publicUrl(),
                adminUrl());
    }

    /** Again whenever a certificate has changed, so that this machine's own tools know it. */
    private void tellAddress(HttpListeners.Certificates shown) {
        certificates.complete(shown);
        folder.tellAddress(
                new ServerAddress(
                        ProcessHandle.current().pid(),
                        publicUrl(),
                        adminUrl(),
                        shown.open(),
                        shown.admin()));
    }

    private interface Opening {
        int port();
    }

    private static int bind(ServerConfig.Listener listener, Opening opening) {
        try {
            return opening.port();
        } catch (JavalinBindException e) {
            throw new PortTakenException(listener.host(), listener.port(), e);
        }
    }

    private static String url(String scheme, String host, int port) {
        return scheme + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    /** Does what is done now and then, for those in this package. */
    void upkeepNow() {
        wiring.heartbeat().upkeepNow();
    }

    /** The alerts, for those in this package. */
    Alerts alerts() {
        return wiring.alerts();
    }

    /** The listeners, for those in this package. */
    HttpListeners listeners() {
        return wiring.listeners();
    }

    /** Where clients and back ends reach it. */
    public URI publicUrl() {
        return URI.create(info.join().publicUrl());
    }

    /** Where an administrator reaches it. */
    public URI adminUrl() {
        return URI.create(info.join().adminUrl());
    }

    /** Waits until it is closed, by {@link #close()} or over the admin API. */
    public void awaitClosed() throws InterruptedException {
        closed.await();
    }

    /** Closes from a thread of its own, so that a request may ask for it. */
    private void closeSoon() {
        Thread.ofPlatform().name("stop").start(this::close);
    }

    /**
     * Ends in good order: what was begun is answered, what is noted is written. The second time it
     * only waits.
     */
    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            try {
                closed.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return;
        }
        try {
            end();
            LOG.info("stopped");
        } finally {
            info.completeExceptionally(new IllegalStateException("the server is closed"));
            closed.countDown();
        }
    }

    private void end() {
        try {
            folder.forgetAddress();
        } finally {
            wiring.close();
        }
    }
}
