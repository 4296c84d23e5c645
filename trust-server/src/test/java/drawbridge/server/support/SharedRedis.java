package drawbridge.server.support;

import java.util.Map;

/**
 * The Redis that all servers of this test run use when the system property {@code
 * drawbridge.test.redis} is true. Each server keeps to itself in it: keys are named by a key of its
 * data folder's.
 */
public final class SharedRedis {
    private static final class Holder {
        static final TestRedis ONE = TestRedis.start(); // ends with this JVM

        private Holder() {}
    }

    private SharedRedis() {}

    /** The settings of a server that uses it; none when servers are to do without. */
    public static Map<String, String> environment() {
        return Boolean.getBoolean("drawbridge.test.redis")
                ? Map.of("REDIS_URL", Holder.ONE.url(), "DRAWBRIDGE_REDIS_TIMEOUT", "1s")
                : Map.of();
    }
}
