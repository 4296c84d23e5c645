package drawbridge.server.support;

import org.jspecify.annotations.Nullable;

import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.RedisClient;
import redis.embedded.RedisServer;
import redis.embedded.core.RedisServerBuilder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Path;

/** A real Redis on a free port of this machine, empty at its start. */
public final class TestRedis implements AutoCloseable {
    private final int port;
    private final @Nullable Path folder;
    private RedisServer server;

    private TestRedis(int port, @Nullable Path folder) throws IOException {
        this.port = port;
        this.folder = folder;
        this.server = begin();
    }

    /** Starts one that keeps nothing on disk. */
    public static TestRedis start() {
        return start(null);
    }

    /** Starts one that can be saved to that folder. */
    public static TestRedis keepingOnDisk(Path folder) {
        return start(folder);
    }

    private static TestRedis start(@Nullable Path folder) {
        for (int tries = 1; true; tries++) {
            try {
                return new TestRedis(freePort(), folder);
            } catch (IOException e) {
                if (tries == 5) { // or else somebody else was given the port meanwhile
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }

    private RedisServer begin() throws IOException {
        RedisServerBuilder wanted =
                RedisServer.newRedisServer()
                        .port(port)
                        .setting("bind 127.0.0.1")
                        .setting("save \"\"");
        if (folder != null) {
            wanted.setting("dir " + folder);
        }
        RedisServer begun = wanted.build();
        begun.start();
        return begun;
    }

    /** Where it listens. */
    public int port() {
        return port;
    }

    /** As a setting. */
    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    /** Writes what it holds to its folder. */
    public void save() {
        try (RedisClient client = RedisClient.create("127.0.0.1", port)) {
            client.executeCommand(new CommandArguments(Protocol.Command.SAVE));
        }
    }

    /** Stops it and starts it with what it held when it was saved. */
    public void restartFromLastSave() throws IOException {
        server.stop();
        server = begin();
    }

    /** Kills its process, as {@code kill -9} does, and returns once that is gone. */
    public void kill() {
        long pid;
        try (RedisClient client = RedisClient.create("127.0.0.1", port)) {
            pid =
                    client.info("server")
                            .lines()
                            .filter(line -> line.startsWith("process_id:"))
                            .mapToLong(line ->
                                    Long.parseLong(line.substring("process_id:".length()).strip()))
                            .findFirst()
                            .orElseThrow();
        }
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        boolean _ = process.destroyForcibly();
        process.onExit().join();
    }

    /** Starts it again where it was, after {@link #kill()}; what it kept nowhere is gone. */
    public void startAgain() throws IOException {
        restartFromLastSave();
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
