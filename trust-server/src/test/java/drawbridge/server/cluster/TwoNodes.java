package drawbridge.server.cluster;

import static org.awaitility.Awaitility.await;

import drawbridge.server.support.FaultProxy;
import drawbridge.server.support.KillableServer;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.TestRedis;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Two real servers on one PostgreSQL and one Redis: the first in this JVM, which nothing happens
 * to, the second in a process of its own and behind proxies.
 */
final class TwoNodes implements AutoCloseable {
    private final Path folder;
    private final TestRedis redis;
    private final FaultProxy beforeDatabase;
    private final FaultProxy beforeRedis;
    private final RunningServer first;
    private final KillableServer second;
    private final Set<String> unexpected = ConcurrentHashMap.newKeySet();

    TwoNodes(Path folder) throws IOException {
        this.folder = folder;
        redis = TestRedis.start();
        beforeDatabase = new FaultProxy(SharedNodes.port(folder));
        beforeRedis = new FaultProxy(redis.port());
        Map<String, String> shared =
                Map.of(
                        "REDIS_URL",
                        beforeRedis.redisUrl(),
                        "DRAWBRIDGE_REDIS_TIMEOUT",
                        "1s",
                        "DRAWBRIDGE_SESSION_HOLD",
                        "10m"); // until after the slowest start of a server
        first = SharedNodes.start(folder, "a", shared);
        Map<String, String> own = new HashMap<>(SharedNodes.environment(folder, "b"));
        own.putAll(shared);
        own.put("DATABASE_URL", SharedNodes.through(beforeDatabase.port(), folder));
        second = new KillableServer(Files.createDirectories(folder.resolve("second")), own);
        second.start();
    }

    Path folder() {
        return folder;
    }

    FaultProxy beforeDatabase() {
        return beforeDatabase;
    }

    TestRedis redis() {
        return redis;
    }

    FaultProxy beforeRedis() {
        return beforeRedis;
    }

    RunningServer first() {
        return first;
    }

    KillableServer second() {
        return second;
    }

    /** The status of a validation by one of them; 0 when there was no answer. */
    int validate(int node, String session) {
        Map<String, String> call = Map.of("session_id", session, "ip", "127.0.0.1");
        try {
            if (node == 0) {
                return first.validate(call).status();
            }
            HttpResponse<String> answer = second.post("/auth/bridge/validate", call);
            if (answer.statusCode() == 400) {
                unexpected.add(answer.body());
            }
            return answer.statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    /** What calls that had nothing wrong with them were answered as if they had. */
    Set<String> unexpected() {
        return unexpected;
    }

    /** Both trust it, the second from its memory. */
    void awaitTrusted(String session) {
        await().until(() -> validate(0, session) == 200 && validate(1, session) == 200);
    }

    @Override
    public void close() throws IOException {
        second.close();
        first.close();
        beforeRedis.close();
        beforeDatabase.close();
        redis.close();
    }
}
