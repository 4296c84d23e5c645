package drawbridge.server.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Has a running server judge how it keeps the ten practices. */
@Command(
        name = "checklist",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.Provider.class,
        description = {
            "Has a running server try its own listeners, search its logs for secrets, and judge how it keeps the ten practices of a secure deployment.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every practice is kept, or not applicable",
            "10:a practice could be kept better",
            "11:a practice is not kept"
        })
final class ChecklistCommand implements Callable<Integer> {
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);
    private static final String SCAN = "/v1/checklist/scan";

    @Mixin private AdminOptions at = new AdminOptions();

    @Option(
            names = "--tenant",
            paramLabel = "T",
            description = "Whose policies, callers and traffic are judged; default by default.")
    private @Nullable String tenant;

    @Option(
            names = "--search",
            paramLabel = "FOLDER",
            description =
                    "Searches this folder of the server's machine, and the history of git repositories in it, for secrets too.")
    private @Nullable Path folder;

    private final Terminal terminal;

    ChecklistCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        try (AdminClient client = AdminClient.open(at, terminal)) {
            search(client, null);
            if (folder != null) {
                search(client, folder.toAbsolutePath().normalize());
            }
            ObjectNode body = JsonMapper.shared().createObjectNode();
            if (tenant != null) {
                body.put("tenant", tenant);
            }
            JsonNode checklist = client.post("/v1/checklist/try", body);
            print(checklist);
            return switch (checklist.path("verdict").asString("")) {
                case "pass" -> ExitCodes.OK;
                case "warn" -> ExitCodes.COULD_BE_BETTER;
                default -> ExitCodes.NOT_KEPT;
            };
        }
    }

    private static void search(AdminClient client, @Nullable Path where) {
        ObjectNode body = JsonMapper.shared().createObjectNode();
        if (where != null) {
            body.put("folder", where.toString());
        }
        JsonNode scan = client.post(SCAN, body);
        while (scan.path("state").asString().equals("running")) {
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
            scan = client.get(SCAN, Map.of());
        }
        if (!scan.path("state").asString().equals("ended")) {
            throw new CommandFailure(
                    ExitCodes.FAULT,
                    "the search for secrets came to no end: "
                            + scan.path("why").asString(scan.path("state").asString()));
        }
    }

    private void print(JsonNode checklist) {
        if (at.json()) {
            terminal.out().println(JsonMapper.shared().writeValueAsString(checklist));
            return;
        }
        for (JsonNode item : checklist.path("items")) {
            terminal.out()
                    .printf(
                            "%-15s %s%n",
                            item.path("verdict").asString().replace('_', ' '),
                            item.path("id").asString());
            for (JsonNode evidence : item.path("evidence")) {
                String verdict = evidence.path("verdict").asString();
                if (verdict.equals("warn") || verdict.equals("fail")) {
                    terminal.out()
                            .printf(
                                    "                %s: %s%n",
                                    evidence.path("code").asString(),
                                    evidence.path("what").asString());
                }
            }
        }
        terminal.out()
                .printf(
                        "%d of %d kept%n",
                        checklist.path("kept").asInt(), checklist.path("items").size());
    }
}
