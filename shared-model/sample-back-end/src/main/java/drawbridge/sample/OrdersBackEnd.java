package drawbridge.sample;

import drawbridge.kit.Answer;
import drawbridge.kit.Bridge;
import drawbridge.kit.BridgeSettings;
import drawbridge.kit.Guard;
import drawbridge.kit.javalin.TrustHandler;
import drawbridge.model.Secret;
import drawbridge.model.ValidationMode;

import io.javalin.Javalin;
import io.javalin.http.Context;

import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * A back end with orders and payments that lets the trust server decide who may call it. Everything
 * under {@code /orders} asks for what the server's policy says, payments for STRICT at least, and
 * {@code /menu} for nobody.
 *
 * <pre>
 * DRAWBRIDGE_URL=http://127.0.0.1:7070 BRIDGE_SECRET_FILE=secret java -jar sample-back-end.jar 8080
 * curl -H "X-Session-ID: ses_…" http://127.0.0.1:8080/orders
 * </pre>
 */
public final class OrdersBackEnd implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Bridge bridge;
    private final Javalin http;

    /**
     * Opens a port on this machine.
     *
     * @param port 0 for any free one
     */
    public OrdersBackEnd(URI trustServer, Secret secret, int port) {
        bridge = new Bridge(BridgeSettings.of(trustServer), secret);
        Guard guard = Guard.everywhere().with("/payments", ValidationMode.STRICT);
        // No proxy stands in front: the address of the connection is the client's.
        TrustHandler trusted = new TrustHandler(bridge, guard, Context::ip);
        http =
                Javalin.create(config -> {
                    config.startup.showJavalinBanner = false;
                    config.concurrency.useVirtualThreads = true;
                    config.routes
                            .before("/orders", trusted)
                            .before("/payments/*", trusted)
                            .get("/menu", ctx -> json(ctx, Map.of("today", "soup")))
                            .get("/orders", OrdersBackEnd::orders)
                            .post("/payments/{id}", OrdersBackEnd::pay);
                });
        http.start("127.0.0.1", port);
    }

    private static Answer.Trusted who(Context ctx) {
        return Objects.requireNonNull(TrustHandler.trusted(ctx), "the handler stands before");
    }

    private static void json(Context ctx, Map<String, Object> body) {
        ctx.contentType("application/json").result(JSON.writeValueAsBytes(body));
    }

    private static void orders(Context ctx) {
        Answer.Trusted who = who(ctx);
        json(ctx, Map.of("of", who.userId(), "session", who.sessionRef(), "orders", 2));
    }

    private static void pay(Context ctx) {
        json(ctx, Map.of("paid", ctx.pathParam("id"), "by", who(ctx).userId()));
    }

    /** Where it is reached. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + http.port());
    }

    @Override
    public void close() {
        http.stop();
        bridge.close();
    }

    /** Runs until it is killed; the port is the only argument. */
    public static void main(String[] arguments) throws IOException {
        Map<String, String> environment = System.getenv();
        byte[] secret =
                Files.readString(Path.of(environment.getOrDefault("BRIDGE_SECRET_FILE", "secret")))
                        .strip()
                        .getBytes(StandardCharsets.UTF_8);
        OrdersBackEnd backEnd =
                new OrdersBackEnd(
                        URI.create(
                                environment.getOrDefault(
                                        "DRAWBRIDGE_URL", "http://127.0.0.1:7070")),
                        Secret.takeOwnership(secret),
                        arguments.length == 0 ? 8080 : Integer.parseInt(arguments[0]));
        Runtime.getRuntime().addShutdownHook(new Thread(backEnd::close, "stop"));
        System.out.println(backEnd.url());
    }
}
