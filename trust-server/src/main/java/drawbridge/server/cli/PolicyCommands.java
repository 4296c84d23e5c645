package drawbridge.server.cli;

import drawbridge.server.Platform;
import drawbridge.server.config.Reason;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

/** {@code policy}: what each route demands. */
@Command(name = "policy", description = "What each route demands.")
final class PolicyCommands extends AdminGroup {
    private static final JsonMapper PRETTY =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final Platform platform;

    PolicyCommands(Terminal terminal, Platform platform) {
        super(terminal);
        this.platform = platform;
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "list",
            description = "Shows the rules in force, in their order.")
    int list(
            @Mixin AdminOptions at,
            @Option(names = "--tenant", paramLabel = "TENANT", description = "Of that tenant.")
                    @Nullable String tenant) {
        return show(
                at,
                client -> {
                    JsonNode set = client.get("/v1/policies", query("tenant", tenant));
                    return at.json() || !set.path("rules").isArray() ? set : set.path("rules");
                });
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "export",
            description = "Writes the rules to a file that import reads.")
    int export(
            @Mixin AdminOptions at,
            @Option(names = "--tenant", paramLabel = "TENANT", description = "Of that tenant.")
                    @Nullable String tenant,
            @Option(
                            names = "--to",
                            paramLabel = "FILE",
                            description = "The file; without it they are printed.")
                    @Nullable Path to) {
        try (AdminClient client = AdminClient.open(at, terminal)) {
            JsonNode rules = client.get("/v1/policies/export", query("tenant", tenant));
            String text = PRETTY.writeValueAsString(rules);
            if (to == null) {
                terminal.out().println(text);
                return ExitCodes.OK;
            }
            platform.writePrivately(to, (text + "\n").getBytes(StandardCharsets.UTF_8));
            Rendering.print(terminal, at.json(), body("exportedTo", to.toString()));
            return ExitCodes.OK;
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCodes.FAULT, "%s cannot be written: %s".formatted(to, Reason.of(e)), e);
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "import",
            description = "Puts the rules of a file in force, as a new version.")
    int importRules(
            @Mixin AdminOptions at,
            @Option(names = "--tenant", paramLabel = "TENANT", description = "For that tenant.")
                    @Nullable String tenant,
            @Parameters(paramLabel = "FILE", description = "As export wrote it.") Path file) {
        ObjectNode body = asked(file, tenant);
        return show(
                at,
                client -> {
                    // Whoever changes them meanwhile is not overwritten: the server compares.
                    JsonNode dry =
                            client.post("/v1/policies/import", body.deepCopy().put("dryRun", true));
                    body.put("baseVersion", dry.path("baseVersion").asInt(0));
                    return readable(at, client.post("/v1/policies/import", body));
                });
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "diff",
            description = "Says what the rules of a file would change; changes nothing.")
    int diff(
            @Mixin AdminOptions at,
            @Option(names = "--tenant", paramLabel = "TENANT", description = "For that tenant.")
                    @Nullable String tenant,
            @Parameters(paramLabel = "FILE", description = "As export wrote it.") Path file) {
        ObjectNode body = asked(file, tenant).put("dryRun", true);
        return show(at, client -> readable(at, client.post("/v1/policies/import", body)));
    }

    /** Each change in one line, unless a program reads it. */
    private static JsonNode readable(AdminOptions at, JsonNode answer) {
        if (!at.json()) {
            for (JsonNode change : answer.path("changes")) {
                if (change instanceof ObjectNode sides) {
                    sides.put("from", rule(sides.path("from")));
                    sides.put("to", rule(sides.path("to")));
                }
            }
        }
        return answer;
    }

    private static @Nullable String rule(JsonNode side) {
        return side.isObject()
                ? side.valueStream()
                        .filter(value -> !value.isNull())
                        .map(value -> value.asString(value.toString()))
                        .collect(Collectors.joining(" "))
                : null;
    }

    private static ObjectNode asked(Path file, @Nullable String tenant) {
        ObjectNode body = body("tenant", tenant);
        body.set("file", read(file));
        return body;
    }

    private static ObjectNode read(Path file) {
        try {
            JsonNode node = JsonMapper.shared().readTree(Files.readString(file));
            if (node instanceof ObjectNode object) {
                return object;
            }
            throw new CommandFailure(ExitCodes.USAGE, file + " holds no JSON object");
        } catch (IOException | JacksonException e) {
            throw new CommandFailure(
                    ExitCodes.USAGE, "%s cannot be read: %s".formatted(file, Reason.of(e)), e);
        }
    }
}
