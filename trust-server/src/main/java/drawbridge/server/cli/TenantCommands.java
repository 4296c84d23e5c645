package drawbridge.server.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import drawbridge.server.Platform;
import drawbridge.server.config.Reason;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Path;

/** {@code tenant}: who shares the server without seeing each other. */
@Command(name = "tenant", description = "Who shares the server without seeing each other.")
final class TenantCommands extends AdminGroup {
    private final Platform platform;

    TenantCommands(Terminal terminal, Platform platform) {
        super(terminal);
        this.platform = platform;
    }

    @Command(mixinStandardHelpOptions = true, name = "list", description = "Lists the tenants.")
    int list(@Mixin AdminOptions at) {
        return show(
                at,
                client -> client.get("/v1/tenants", query()),
                "id",
                "name",
                "state",
                "users",
                "sessions",
                "createdAt");
    }

    @Command(mixinStandardHelpOptions = true, name = "create", description = "Makes a tenant.")
    int create(
            @Mixin AdminOptions at,
            @Parameters(paramLabel = "ID", description = "Its id, such as acme.") String id,
            @Option(names = "--name", paramLabel = "NAME", description = "Its name.")
                    @Nullable String name) {
        return show(
                at,
                client ->
                        client.post(
                                "/v1/tenants", body("id", id, "name", name == null ? id : name)));
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "suspend",
            description = "Ends every session of a tenant and lets none begin.")
    int suspend(
            @Mixin AdminOptions at,
            @Parameters(paramLabel = "ID", description = "Its id.") String id,
            @Option(names = "--reason", paramLabel = "TEXT", description = "Why; audited.")
                    @Nullable String reason) {
        return show(
                at,
                client ->
                        client.post(
                                "/v1/tenants/" + segment(id) + "/suspend", body("reason", reason)));
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "resume",
            description = "Lets a suspended tenant go on.")
    int resume(
            @Mixin AdminOptions at,
            @Parameters(paramLabel = "ID", description = "Its id.") String id) {
        return show(at, client -> client.post("/v1/tenants/" + segment(id) + "/resume", body()));
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "export",
            description = "Writes all that is a tenant's own to a file that only you may read.")
    int export(
            @Mixin AdminOptions at,
            @Parameters(paramLabel = "ID", description = "Its id.") String id,
            @Option(
                            names = "--to",
                            paramLabel = "FILE",
                            required = true,
                            description = "The file; an older one is replaced.")
                    Path to,
            @Option(
                            names = "--with-password-hashes",
                            description = "Also the hashes of its users' passwords.")
                    boolean withHashes) {
        ObjectNode body = body();
        body.put("withPasswordHashes", withHashes);
        return show(
                at,
                client -> {
                    JsonNode file = client.post("/v1/tenants/" + segment(id) + "/export", body);
                    write(to, file);
                    ObjectNode done = body("tenant", id, "exportedTo", to.toString());
                    file.path("tables").forEachEntry((table, rows) -> done.put(table, rows.size()));
                    return done;
                });
    }

    private void write(Path to, JsonNode file) {
        try {
            platform.writePrivately(
                    to, JsonMapper.shared().writeValueAsString(file).getBytes(UTF_8));
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCodes.FAULT, "%s cannot be written: %s".formatted(to, Reason.of(e)), e);
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "delete",
            description = "Deletes a tenant and all that is its own, for good.")
    int delete(
            @Mixin AdminOptions at,
            @Parameters(paramLabel = "ID", description = "Its id.") String id,
            @Option(
                            names = "--confirm",
                            paramLabel = "NAME",
                            required = true,
                            description = "Its name once more.")
                    String confirm,
            @Option(names = "--without-export", description = "Also when it was never exported.")
                    boolean withoutExport) {
        ObjectNode body = body("confirm", confirm);
        if (withoutExport) {
            body.put("withoutExport", true);
        }
        return show(at, client -> client.post("/v1/tenants/" + segment(id) + "/delete", body));
    }
}
