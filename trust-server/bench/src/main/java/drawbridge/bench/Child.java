package drawbridge.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A program of ours in a process of its own, with the flags the product is started with. */
final class Child implements AutoCloseable {
    private static final List<String> FLAGS =
            List.of("--enable-native-access=ALL-UNNAMED", "-XX:+ExitOnOutOfMemoryError");
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

    private final Process process;

    private Child(Process process) {
        this.process = process;
    }

    /** Starts it; what it says goes into that file. */
    static Child start(
            List<String> flags,
            String main,
            List<String> arguments,
            Map<String, String> environment,
            Path output)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(FLAGS);
        command.addAll(memory());
        command.addAll(flags);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main);
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true).redirectOutput(output.toFile());
        return new Child(builder.start());
    }

    /** What the build says of the product's memory and collector. */
    static List<String> memory() {
        String flags = System.getProperty("server.memory");
        if (flags == null) {
            throw new IllegalStateException(
                    "server.memory is not set; run the benchmarks as docs/benchmarks.md says");
        }
        return List.of(flags.split(" ", -1));
    }

    /** The text of a file that it writes once it is ready. */
    String await(Path file, Duration patience) throws IOException, InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (!Files.exists(file) || Files.size(file) == 0) {
            if (!process.isAlive()) {
                throw new IllegalStateException("it ended with " + process.exitValue());
            }
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException(file + " is not there after " + patience);
            }
            TimeUnit.MILLISECONDS.sleep(2);
        }
        return Files.readString(file);
    }

    /** How much processor time it has used. */
    Duration processorTime() {
        return process.toHandle()
                .info()
                .totalCpuDuration()
                .orElseThrow(() -> new IllegalStateException("its processor time is not told"));
    }

    /** How much memory is resident, in bytes. */
    long residentBytes() throws IOException {
        String status = Files.readString(Path.of("/proc", Long.toString(process.pid()), "status"));
        Matcher matcher = RESIDENT.matcher(status);
        if (!matcher.find()) {
            throw new IllegalStateException("its resident memory is not told");
        }
        return Long.parseLong(matcher.group(1)) * 1024;
    }

    /** Ends it as a crash does; returns once it is gone. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
