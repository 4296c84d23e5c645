package drawbridge.server.cli;

import drawbridge.server.config.ServerAddress;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Has a running server end, whoever started it: a console that is gone, for one. */
@Command(
        name = "stop",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.Provider.class,
        description = {
            "Has a running server end in good order, and waits until it has, where it runs on this machine.",
            ""
        })
final class StopCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @Mixin private AdminOptions at = new AdminOptions();

    private final Terminal terminal;

    StopCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Optional<ProcessHandle> here = processHere();
        try (AdminClient client = AdminClient.open(at, terminal)) {
            JsonNode answer = client.post("/v1/stop", JsonMapper.shared().createObjectNode());
            here.ifPresent(StopCommand::awaitEnd);
            terminal.out()
                    .println(
                            at.json()
                                    ? JsonMapper.shared().writeValueAsString(answer)
                                    : here.map(process ->
                                                    "The server (pid %d) has stopped."
                                                            .formatted(process.pid()))
                                            .orElse("The server is stopping."));
        }
        return ExitCodes.OK;
    }

    private Optional<ProcessHandle> processHere() {
        if (at.adminUrl().isPresent()) {
            return Optional.empty();
        }
        Path folder = at.config(terminal.environment()).dataDir().toAbsolutePath().normalize();
        return ServerAddress.find(folder).flatMap(told -> ProcessHandle.of(told.pid()));
    }

    private static void awaitEnd(ProcessHandle process) {
        try {
            process.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new CommandFailure(
                    ExitCodes.FAULT,
                    "the server (pid %d) was told to stop and has not ended after a minute"
                            .formatted(process.pid()),
                    e);
        } catch (ExecutionException e) {
            throw new CommandFailure(ExitCodes.FAULT, "the server's end was not seen", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(ExitCodes.FAULT, "interrupted", e);
        }
    }
}
