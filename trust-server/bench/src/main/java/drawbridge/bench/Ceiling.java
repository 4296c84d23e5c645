package drawbridge.bench;

import drawbridge.server.http.ListenerThreads;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;

import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The same Javalin in the same threading mode, doing nothing: it reads the body of a POST and
 * answers without one. What a server built on it can reach at most on this machine.
 */
public final class Ceiling {
    private static final int READERS = Runtime.getRuntime().availableProcessors();

    private Ceiling() {}

    /** Runs until it is ended; writes its port into the file that is the first argument. */
    public static void main(String[] arguments) throws Exception {
        Javalin server =
                Javalin.create(
                                config -> {
                                    config.startup.showJavalinBanner = false;
                                    config.concurrency.useVirtualThreads = true;
                                    config.jetty.threadPool = ListenerThreads.of(1 + READERS);
                                    config.http.compressionStrategy = CompressionStrategy.NONE;
                                    config.jetty.addConnector(Ceiling::connector);
                                    config.routes.post(
                                            "/auth/bridge/validate",
                                            ctx -> {
                                                byte[] body =
                                                        ctx.req().getInputStream().readAllBytes();
                                                ctx.status(body.length == 0 ? 400 : 200);
                                            });
                                })
                        .start(0);
        Files.writeString(Path.of(arguments[0]), Integer.toString(server.port()));
    }

    private static ServerConnector connector(Server server, HttpConfiguration http) {
        ServerConnector connector =
                new ServerConnector(server, 1, READERS, new HttpConnectionFactory(http));
        connector.setHost("127.0.0.1");
        return connector;
    }
}
