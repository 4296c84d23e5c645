package drawbridge.console;

import drawbridge.console.client.AdminToken;
import drawbridge.console.model.Protection;
import drawbridge.console.remote.KeptSnapshot;
import drawbridge.console.remote.RemoteServer;
import drawbridge.console.remote.SeenCertificate;
import drawbridge.console.screen.Profile;
import drawbridge.console.screen.remote.Servers;
import drawbridge.console.supervise.DataFolder;
import drawbridge.console.supervise.RemoteSupervisor;
import drawbridge.console.ui.Words;
import drawbridge.model.view.ServerSnapshot;

import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.stage.Stage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * A window on a server elsewhere. The admin token lives as long as it does; the server goes on.
 * Used on the FX thread.
 */
final class RemoteWindow {
    private static final Duration KEEP_EVERY = Duration.ofMinutes(1);

    private final Executor fx;
    private final RemoteAccess access;
    private final RemoteSupervisor supervisor;
    private final KeptSnapshot kept;
    private final ConsoleWindow window;
    private final ReadOnlyObjectWrapper<Optional<SeenCertificate>> changed =
            new ReadOnlyObjectWrapper<>(this, "changed", Optional.empty());
    private final Runnable gone;
    private Instant keptAt;
    private boolean isClosed;

    /**
     * Opens it.
     *
     * @param token from now on this window's to close
     * @param first the window whose theme it shares
     * @param gone told when it has been closed
     * @throws IOException when its folder cannot be made
     */
    RemoteWindow(
            RemoteServer server,
            AdminToken token,
            ConsoleWindow first,
            Servers servers,
            DataFolder folder,
            Platform platform,
            Clock clock,
            Executor fx,
            Runnable gone)
            throws IOException {
        this.fx = fx;
        this.gone = gone;
        this.keptAt = clock.instant();
        Path own = folder.remoteFolder(server.id());
        makeFolders(own, platform);
        Protection protection = server.isProtected() ? Protection.locked(clock) : Protection.none();
        kept = new KeptSnapshot(own.resolve("figures.sealed"), platform, token);
        access = new RemoteAccess(server, token, protection, this::showsAnother, clock);
        supervisor = RemoteSupervisor.of(server.adminUrl(), access::client, clock);
        Stage stage = new Stage();
        window =
                first.elsewhere(
                        stage,
                        new ConsoleWindow.Of(
                                supervisor,
                                access,
                                own.resolve("console-settings.json"),
                                own.resolve("audit-witness.jsonl")),
                        new Profile.Remote(server, changed.getReadOnlyProperty()),
                        new Wiring.Beside(protection, Optional.of(servers)),
                        platform,
                        clock);
        stage.setTitle(Words.in(Locale.getDefault()).get("remote.window", server.name()));
        stage.setOnCloseRequest(event -> {
            event.consume();
            close();
        });
        window.wiring().model().secondsProperty().subscribe(this::second);
        window.show();
        window.threads()
                .workers()
                .execute(() -> {
                    Optional<ServerSnapshot> before = kept.read();
                    fx.execute(() -> before.ifPresent(window.wiring().model()::restore));
                    supervisor.start();
                });
    }

    private static void makeFolders(Path own, Platform platform) throws IOException {
        for (Path each : new Path[] {own.getParent(), own}) {
            if (each != null && Files.notExists(each)) {
                platform.createPrivateFolder(each);
            }
        }
    }

    /** On a connection's thread: nothing goes on until a person has compared. */
    private void showsAnother(X509Certificate certificate) {
        SeenCertificate seen = SeenCertificate.of(certificate);
        supervisor.refuse(Words.in(Locale.getDefault()).get("remote.certificateChanged"));
        fx.execute(() -> changed.set(Optional.of(seen)));
    }

    private void second(Instant now) {
        if (!window.wiring().model().staleProperty().get()
                && Duration.between(keptAt, now).compareTo(KEEP_EVERY) >= 0) {
            keptAt = now;
            window.wiring()
                    .model()
                    .figures()
                    .ifPresent(figures ->
                            window.threads().workers().execute(() -> kept.write(figures)));
        }
    }

    /** Whether it has been closed. */
    boolean isClosed() {
        return isClosed;
    }

    /** Brings it to the front. */
    void raise() {
        window.raise();
    }

    /** Takes it away, keeps its last figures and wipes the token. */
    void close() {
        if (!isClosed) {
            isClosed = true;
            window.hide();
            window.wiring().model().figures().ifPresent(kept::write);
            window.close();
            access.close();
            gone.run();
        }
    }
}
