package drawbridge.bench;

import drawbridge.server.http.ListenerThreads;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The same Javalin in the same threading mode, doing nothing: it reads the body of a POST and
 * answers without one. What a server built on it can reach at most on this machine.
 */
public final class Ceiling {
    private Ceiling() {}

    /** Runs until it is ended; writes its port into the file that is the first argument. */
    public static void main(String[] arguments) throws Exception {
        Javalin server =
                Javalin.create(
                                config -> {
                                    config.startup.showJavalinBanner = false;
                                    config.concurrency.useVirtualThreads = true;
                                    config.jetty.threadPool =
                                            ListenerThreads.of(
                                                    1 + Runtime.getRuntime().availableProcessors());
                                    config.http.compressionStrategy = CompressionStrategy.NONE;
                                    config.jetty.host = "127.0.0.1";
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
}
