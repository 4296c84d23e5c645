package drawbridge.console.supervise;

import drawbridge.console.Platform;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/** A process of the operating system. Safe for many threads. */
final class OsServerProcess implements ServerProcess {
    /** The system's record of a start is kept in clock ticks since a boot that is known to 1 s. */
    private static final Duration START_TOLERANCE = Duration.ofSeconds(2);

    private final Platform platform;
    private final Instant startedAt;
    private final CompletableFuture<OptionalInt> ended;
    private volatile ProcessHandle server;

    private OsServerProcess(
            Platform platform,
            ProcessHandle server,
            Instant startedAt,
            CompletableFuture<OptionalInt> ended) {
        this.platform = platform;
        this.server = server;
        this.startedAt = startedAt;
        this.ended = ended;
    }

    /** The process just started. */
    static OsServerProcess started(Process process, Platform platform) {
        Instant startedAt = process.info().startInstant().orElseGet(() -> Instant.ofEpochMilli(0));
        CompletableFuture<OptionalInt> ended =
                process.onExit().thenApply(gone -> OptionalInt.of(gone.exitValue()));
        return new OsServerProcess(platform, process.toHandle(), startedAt, ended);
    }

    /**
     * The process of that id, when it still runs and is the one that began then and not a later one
     * with the same id.
     */
    static Optional<OsServerProcess> find(long pid, Instant startedAt, Platform platform) {
        return ProcessHandle.of(pid)
                .filter(platform::isRunning)
                .filter(handle -> beganAt(handle, startedAt))
                .map(handle ->
                        new OsServerProcess(
                                platform,
                                handle,
                                startedAt,
                                handle.onExit().thenApply(_ -> OptionalInt.empty())));
    }

    private static boolean beganAt(ProcessHandle handle, Instant startedAt) {
        return handle.info()
                .startInstant()
                .map(began -> Duration.between(began, startedAt).abs())
                .filter(apart -> apart.compareTo(START_TOLERANCE) <= 0)
                .isPresent();
    }

    @Override
    public long pid() {
        return server.pid();
    }

    @Override
    public Instant startedAt() {
        return startedAt;
    }

    @Override
    public boolean isRunning() {
        return platform.isRunning(server);
    }

    @Override
    public CompletableFuture<OptionalInt> ended() {
        return ended;
    }

    @Override
    public void becomes(long serverPid) {
        if (serverPid != server.pid()) {
            server.descendants()
                    .filter(child -> child.pid() == serverPid)
                    .findFirst()
                    .ifPresent(child -> server = child);
        }
    }

    @Override
    public void askToEnd() {
        boolean _ = server.destroy(); // false when it has ended meanwhile
    }

    @Override
    public void kill() {
        ProcessHandle target = server;
        target.descendants().forEach(ProcessHandle::destroyForcibly);
        boolean _ = target.destroyForcibly();
    }
}
