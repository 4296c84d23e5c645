package drawbridge.console.supervise;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** {@link ServerCommands} by a process of the program that serves the folder. */
final class ChildServerCommands implements ServerCommands {
    private static final Logger LOG = LoggerFactory.getLogger(ChildServerCommands.class);
    private static final Duration PATIENCE = Duration.ofMinutes(15);
    private static final int MOST_SAID = 64 << 10;

    private final ServerLaunch launch;

    ChildServerCommands(ServerLaunch launch) {
        this.launch = launch;
    }

    @Override
    public Outcome restore(Path backup) {
        return run(List.of("restore", "--from", backup.toString()));
    }

    @Override
    public Outcome diagnose(Path file) {
        return run(List.of("diagnostics", "--out", file.toString()));
    }

    private Outcome run(List<String> command) {
        Process process;
        try {
            process = launch.startCommand(command);
        } catch (IOException e) {
            LOG.warn("the server's program cannot be run", e);
            return new Outcome.Refused("the server's program cannot be run: " + e.getMessage());
        }
        CompletableFuture<String> said = read(process.getInputStream());
        CompletableFuture<String> complained = read(process.getErrorStream());
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                return new Outcome.Refused(
                        "it took longer than " + PATIENCE.toMinutes() + " min and was ended");
            }
            String answer = said.get(5, TimeUnit.SECONDS);
            return process.exitValue() == 0
                    ? new Outcome.Done(keptAs(answer))
                    : new Outcome.Refused(sentence(complained.get(5, TimeUnit.SECONDS), process));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Outcome.Refused("it was broken off");
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("what the server's program said cannot be read", e);
            return new Outcome.Refused("what it said cannot be read");
        } finally {
            process.destroyForcibly();
        }
    }

    /** On a thread of its own, so that a full pipe holds nobody up; what is too much is let go. */
    private static CompletableFuture<String> read(InputStream stream) {
        CompletableFuture<String> text = new CompletableFuture<>();
        Thread.ofVirtual()
                .name("server-command")
                .start(() -> {
                    try (stream) {
                        byte[] first = stream.readNBytes(MOST_SAID);
                        long _ = stream.transferTo(OutputStream.nullOutputStream());
                        text.complete(new String(first, StandardCharsets.UTF_8));
                    } catch (IOException e) {
                        text.completeExceptionally(e);
                    }
                });
        return text;
    }

    private static String sentence(String complaint, Process process) {
        String text = complaint.strip();
        return text.isEmpty() ? "it ended with exit code " + process.exitValue() : text;
    }

    private static String keptAs(String answer) {
        try {
            return JsonMapper.shared().readTree(answer).path("keptAs").asString("");
        } catch (JacksonException e) {
            return "";
        }
    }
}
