package drawbridge.server.cli;

import drawbridge.server.Platform;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** {@code caller}: back ends and their bridge secrets. */
@Command(name = "caller", description = "Back ends and their bridge secrets.")
final class CallerCommands extends AdminGroup {
    private static final String[] COLUMNS = {
        "id", "name", "tenant", "floor", "kit", "signals", "createdAt"
    };

    private final Platform platform;

    CallerCommands(Terminal terminal, Platform platform) {
        super(terminal);
        this.platform = platform;
    }

    @Command(mixinStandardHelpOptions = true, name = "list", description = "Lists the callers.")
    int list(
            @Mixin AdminOptions at,
            @Option(names = "--tenant", paramLabel = "TENANT", description = "Only of that tenant.")
                    @Nullable String tenant) {
        return show(at, client -> client.get("/v1/callers", query("tenant", tenant)), COLUMNS);
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "show",
            description = "Shows a caller and the versions of its secret.")
    int show(
            @Mixin AdminOptions at,
            @Parameters(paramLabel = "ID", description = "The caller's id.") String id) {
        return show(at, client -> client.get("/v1/callers/" + segment(id), query()));
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "create",
            description = "Makes a caller and tells its first secret, once.")
    int create(
            @Mixin AdminOptions at,
            @Mixin Delivery delivery,
            @Parameters(paramLabel = "NAME", description = "Its name, such as shop.") String name,
            @Option(names = "--tenant", paramLabel = "TENANT", description = "Its tenant.")
                    @Nullable String tenant,
            @Option(
                            names = "--floor",
                            paramLabel = "MODE",
                            description = "The least mode: STANDARD, ADVANCED or STRICT.")
                    @Nullable String floor,
            @Option(names = "--kit", paramLabel = "KIT", description = "drawbridge or flowfull.")
                    @Nullable String kit,
            @Option(
                            names = "--signals",
                            paramLabel = "POLICY",
                            description = "required or when-sent.")
                    @Nullable String signals,
            @Option(
                            names = "--scope",
                            paramLabel = "SCOPE",
                            description = "A right: validate, revoke-own, issue-token.")
                    @Nullable List<String> scopes,
            @Option(
                            names = "--network",
                            paramLabel = "NETWORK",
                            description = "A network it may call from, such as 10.0.0.0/8.")
                    @Nullable List<String> networks) {
        delivery.require();
        ObjectNode body =
                body(
                        "name", name, "tenant", tenant, "floor", floor, "kit", kit, "signals",
                        signals);
        add(body, "scopes", scopes);
        add(body, "networks", networks);
        return show(at, client -> deliver(delivery, client.post("/v1/callers", body)));
    }

    private static void add(ObjectNode body, String name, @Nullable List<String> values) {
        if (values != null) {
            values.forEach(body.putArray(name)::add);
        }
    }

    private JsonNode deliver(Delivery delivery, JsonNode answer) {
        return delivery.deliver(answer, platform, "secret", "note");
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "rotate",
            description = "Makes a new secret; the present one is accepted for the overlap.")
    int rotate(
            @Mixin AdminOptions at,
            @Mixin Delivery delivery,
            @Parameters(paramLabel = "ID", description = "The caller's id.") String id,
            @Option(
                            names = "--overlap",
                            paramLabel = "TIME",
                            description = "How long the present one is accepted, such as 24h.")
                    @Nullable String overlap) {
        delivery.require();
        return show(
                at,
                client ->
                        deliver(
                                delivery,
                                client.post(
                                        "/v1/callers/" + segment(id) + "/rotate",
                                        body("overlap", overlap))));
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "retire",
            description = "Ends a version of a secret in good order.")
    int retire(
            @Mixin AdminOptions at,
            @Parameters(paramLabel = "ID", description = "The caller's id.") String id,
            @Parameters(paramLabel = "VERSION", description = "Which one.") int version) {
        return end(at, id, version, "retire");
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "burn",
            description = "Ends a version of a secret that has leaked.")
    int burn(
            @Mixin AdminOptions at,
            @Parameters(paramLabel = "ID", description = "The caller's id.") String id,
            @Parameters(paramLabel = "VERSION", description = "Which one.") int version) {
        return end(at, id, version, "burn");
    }

    private int end(AdminOptions at, String id, int version, String how) {
        return show(
                at,
                client ->
                        client.post(
                                "/v1/callers/%s/secrets/%d/%s".formatted(segment(id), version, how),
                                body()));
    }
}
