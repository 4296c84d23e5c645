package drawbridge.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The {@link Ceiling}, in a process of its own as the server is. */
record Bare(Child process, InetSocketAddress address) implements AutoCloseable {
    /** Starts it; returns once requests are answered. */
    static Bare start(Path work) throws IOException, InterruptedException {
        Path file = work.resolve("ceiling-port");
        Child process =
                Child.start(
                        List.of(),
                        "drawbridge.bench.Ceiling",
                        List.of(file.toString()),
                        Map.of(),
                        work.resolve("ceiling.txt"));
        int port = Integer.parseInt(process.await(file, Duration.ofMinutes(1)).strip());
        return new Bare(process, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    @Override
    public void close() {
        process.close();
    }
}
