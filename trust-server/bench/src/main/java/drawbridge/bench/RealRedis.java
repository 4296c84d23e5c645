package drawbridge.bench;

import redis.embedded.RedisServer;

import java.io.IOException;
import java.net.ServerSocket;

/** A Redis of the bench's own on a free port of this machine, which keeps nothing on disk. */
final class RealRedis implements AutoCloseable {
    private final RedisServer server;
    private final int port;

    private RealRedis(RedisServer server, int port) {
        this.server = server;
        this.port = port;
    }

    static RealRedis start() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        RedisServer server =
                RedisServer.newRedisServer()
                        .port(port)
                        .setting("bind 127.0.0.1")
                        .setting("save \"\"")
                        .build();
        server.start();
        return new RealRedis(server, port);
    }

    /** As a setting. */
    String url() {
        return "redis://127.0.0.1:" + port;
    }

    @Override
    public void close() throws IOException {
        server.stop();
    }
}
