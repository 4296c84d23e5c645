package drawbridge.server.http;

import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The TLS of a listener: reads the certificate again when its file changes, without ending a
 * connection. Files that cannot be used are told of, and the certificate in use stays.
 */
final class ListenerTls implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ListenerTls.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final TlsFiles files;
    private final SslContextFactory.Server factory = new SslContextFactory.Server();
    private final ScheduledExecutorService looking =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("tls-files").daemon().factory());

    /** Only the looking thread uses it once that runs. */
    private String seen;

    /**
     * Reads the files, and looks at them from now on.
     *
     * @throws TlsUnusableException when they cannot be used
     */
    ListenerTls(TlsFiles files) {
        this.files = files;
        this.seen = TlsIdentity.fingerprint(files);
        factory.setSslContext(TlsIdentity.read(files));
        long millis = LOOK_EVERY.toMillis();
        Future<?> _ =
                looking.scheduleWithFixedDelay(this::look, millis, millis, TimeUnit.MILLISECONDS);
    }

    /** What a connector does its handshakes with. */
    SslContextFactory.Server factory() {
        return factory;
    }

    private void look() {
        String now = TlsIdentity.fingerprint(files);
        if (now.equals(seen)) {
            return;
        }
        seen = now;
        try {
            var context = TlsIdentity.read(files);
            factory.reload(ready -> ready.setSslContext(context));
            LOG.info("certificate read again files={}", files.all());
        } catch (TlsUnusableException e) {
            // Certificate and key are seldom written in one step: the next look may be good.
            LOG.warn("the certificate in use stays: {}", e.getMessage());
        } catch (Exception e) {
            LOG.error("the certificate in use stays", e);
        }
    }

    @Override
    public void close() {
        looking.shutdownNow();
    }
}
