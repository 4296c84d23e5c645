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

    private volatile String sha256;
    private volatile Runnable changed = () -> {};

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
        TlsIdentity.Shown shown = TlsIdentity.read(files);
        this.sha256 = shown.sha256();
        factory.setSslContext(shown.context());
        long millis = LOOK_EVERY.toMillis();
        Future<?> _ =
                looking.scheduleWithFixedDelay(this::look, millis, millis, TimeUnit.MILLISECONDS);
    }

    /** What a connector does its handshakes with. */
    SslContextFactory.Server factory() {
        return factory;
    }

    /** SHA-256 of the certificate that is shown, in hexadecimal. */
    String sha256() {
        return sha256;
    }

    /** Calls this, on a thread of this class, whenever another certificate is shown. */
    void onChange(Runnable listener) {
        changed = listener;
    }

    private void look() {
        String now = TlsIdentity.fingerprint(files);
        if (now.equals(seen)) {
            return;
        }
        seen = now;
        try {
            TlsIdentity.Shown shown = TlsIdentity.read(files);
            factory.reload(ready -> ready.setSslContext(shown.context()));
            sha256 = shown.sha256();
            changed.run();
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
