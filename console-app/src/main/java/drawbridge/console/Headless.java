package drawbridge.console;

import drawbridge.console.supervise.ReadyFile;
import drawbridge.console.supervise.ServerLaunch;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What happens without a display: the server runs alone in the foreground of this terminal, with
 * the data folder, the environment and the bridge secret it has under the console.
 */
final class Headless {
    /** The server's own exit code for a folder that another process owns. */
    private static final int OWNED = 3;

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);
    private static final Duration GENTLE = Duration.ofSeconds(8);
    private static final Logger LOG = LoggerFactory.getLogger(Headless.class);

    private final ServerLaunch launch;
    private final PrintStream out;

    Headless(ServerLaunch launch, PrintStream out) {
        this.launch = launch;
        this.out = out;
    }

    /**
     * Runs the server until it ends; Ctrl-C and SIGTERM end it and this process.
     *
     * @return the server's exit code
     * @throws IOException when it cannot be started
     */
    int run() throws IOException, InterruptedException {
        Optional<Long> holder = launch.folder().runningServer();
        if (holder.isPresent()) {
            out.printf(
                    "A server (pid %d) runs in %s already; it is left alone.%n",
                    holder.get(), launch.folder().path());
            return OWNED;
        }
        out.println(
                "There is no display, so the server runs alone in this terminal; Ctrl-C ends it.");
        out.flush();
        Process server = launch.startInForeground();
        Thread atSignal = new Thread(() -> endWith(server), "signal");
        Runtime.getRuntime().addShutdownHook(atSignal);
        Thread.ofVirtual().name("curl-hint").start(() -> hintOnceReady(server));
        int code = server.waitFor();
        if (code > 128) {
            out.printf("The server (pid %d) was killed by signal %d.%n", server.pid(), code - 128);
            out.flush();
        }
        try {
            Runtime.getRuntime().removeShutdownHook(atSignal);
        } catch (IllegalStateException e) {
            LOG.debug("a signal came first; its hook ends the process", e);
        }
        return code;
    }

    /** Ends the server, and this process with the server's code instead of 128 and the signal. */
    private static void endWith(Process server) {
        server.destroy();
        try {
            if (!server.waitFor(GENTLE.toMillis(), TimeUnit.MILLISECONDS)) {
                server.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(server.isAlive() ? 1 : server.exitValue());
    }

    private void hintOnceReady(Process server) {
        try {
            while (server.isAlive()) {
                Optional<ReadyFile> ready = ReadyFile.read(launch.folder().readyFile());
                if (ready.isPresent()) {
                    out.print(hint(ready.get().publicUrl()));
                    out.flush();
                    return;
                }
                Thread.sleep(BETWEEN_LOOKS);
            }
        } catch (IOException e) {
            LOG.warn("no hint is given: the ready file cannot be read", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Commands to paste: register, log in, validate as a back end would. */
    String hint(URI publicUrl) {
        return """

        Try it in another terminal:
          server=%s
          account='{"email":"ana@example.com","password":"a bridge over calm water"}'
          curl -s -H 'Content-Type: application/json' -d "$account" $server/auth/register
          session=$(curl -s -H 'Content-Type: application/json' -d "$account" $server/auth/login | sed 's/.*"session_id":"\\([^"]*\\)".*/\\1/')
          curl -s -H 'Content-Type: application/json' -H "X-Bridge-Secret: %s" -H "X-Session-ID: $session" -d '{"ip":"127.0.0.1"}' $server/auth/bridge/validate

        """
                .formatted(publicUrl, secret());
    }

    /** Shell text that stands for the bridge secret inside double quotes; never the secret. */
    private String secret() {
        Path made = launch.folder().bridgeSecret();
        for (String name : new String[] {"BRIDGE_SECRET", "BRIDGE_VALIDATION_SECRET"}) {
            if (!launch.environment().getOrDefault(name, "").isBlank()) {
                return "$" + name;
            }
            String file = launch.environment().getOrDefault(name + "_FILE", "");
            if (!file.isBlank()) {
                return "$(cat " + quoted(file) + ")";
            }
        }
        return Files.exists(made) ? "$(cat " + quoted(made.toString()) + ")" : "<its secret>";
    }

    private static String quoted(String path) {
        return "'" + path.replace("'", "'\\''") + "'";
    }
}
