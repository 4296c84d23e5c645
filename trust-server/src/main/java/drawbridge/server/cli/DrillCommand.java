package drawbridge.server.cli;

import drawbridge.server.config.Reason;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Plays the attacks of the threat matrix against a running server. */
@Command(
        name = "drill",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.Provider.class,
        description = {
            "Plays the attacks of the threat matrix against a running server, in a tenant made for it, and says what held.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every drill held",
            "7:something is weak",
            "8:something is open",
            "9:a drill could not be played"
        })
final class DrillCommand implements Callable<Integer> {
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);

    @Mixin private AdminOptions at = new AdminOptions();

    @Option(
            names = "--tenant",
            paramLabel = "T",
            description = "Whose policies, callers and settings are copied; default by default.")
    private @Nullable String tenant;

    @Option(
            names = "--only",
            paramLabel = "ID",
            split = ",",
            description = "Plays these drills, such as hijacking,auth_bypass; all by default.")
    private @Nullable List<String> only;

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "Writes the signed report: as HTML when FILE ends so, else as JSON.")
    private @Nullable Path report;

    private final Terminal terminal;

    DrillCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        try (AdminClient client = AdminClient.open(at, terminal)) {
            JsonNode run = begin(client);
            String path = "/v1/drills/" + AdminClient.segment(run.path("id").asString());
            while (run.path("state").asString().equals("running")) {
                LockSupport.parkNanos(LOOK_EVERY.toNanos());
                run = client.get(path, Map.of());
            }
            if (report != null) {
                write(client, path, report);
            }
            print(run);
            return exit(run);
        }
    }

    private JsonNode begin(AdminClient client) {
        ObjectNode body = JsonMapper.shared().createObjectNode();
        if (tenant != null) {
            body.put("tenant", tenant);
        }
        if (only != null) {
            ArrayNode drills = body.putArray("drills");
            only.forEach(drills::add);
        }
        try {
            return client.post("/v1/drills", body);
        } catch (CommandFailure refused) {
            throw refused.exitCode() == ExitCodes.FAULT
                    ? new CommandFailure(ExitCodes.NOT_DRILLED, Reason.of(refused), refused)
                    : refused;
        }
    }

    private static void write(AdminClient client, String path, Path file) {
        boolean isPage = file.toString().toLowerCase(Locale.ROOT).endsWith(".html");
        try (InputStream in =
                client.stream(path + "/report?format=" + (isPage ? "html" : "json"))) {
            Files.write(file, in.readAllBytes());
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCodes.FAULT,
                    "the report cannot be written to %s: %s".formatted(file, e.getMessage()),
                    e);
        }
    }

    private void print(JsonNode run) {
        if (at.json()) {
            terminal.out().println(JsonMapper.shared().writeValueAsString(run));
            return;
        }
        for (JsonNode drill : run.path("drills")) {
            JsonNode outcome = drill.path("outcome");
            terminal.out()
                    .printf(
                            "%-6s %-18s %s%n",
                            outcome.isString()
                                    ? outcome.asString()
                                    : drill.path("state").asString(),
                            drill.path("id").asString(),
                            drill.path("says").asString());
            for (JsonNode reason : drill.path("reasons")) {
                terminal.out()
                        .printf(
                                "       %s: %s%n",
                                reason.path("code").asString(), reason.path("what").asString());
            }
        }
        String why = run.path("why").asString("");
        terminal.out()
                .printf(
                        "%s %s%s%n",
                        run.path("id").asString(),
                        run.path("state").asString(),
                        why.isEmpty() ? "" : ": " + why);
    }

    /** What is open counts most, also when another drill could not be played. */
    private static int exit(JsonNode run) {
        String outcome = run.path("outcome").asString("");
        if (outcome.equals("open")) {
            return ExitCodes.OPEN;
        }
        if (!run.path("state").asString().equals("ended")) {
            return ExitCodes.NOT_DRILLED;
        }
        return outcome.equals("holds") ? ExitCodes.OK : ExitCodes.WEAK;
    }
}
