package drawbridge.server.cluster;

import drawbridge.server.support.RunningServer;
import drawbridge.server.support.TestDatabase;

import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;

/** Real servers on one PostgreSQL, each with a folder of its own. */
final class SharedNodes {
    /** 32 bytes, as every node of one database needs the same. */
    private static final String MASTER_KEY = "0123456789abcdef".repeat(4);

    private SharedNodes() {}

    /** What every node of the database of that folder is started with. */
    static Map<String, String> environment(Path shared, String node) {
        return environment(TestDatabase.postgresFor(shared), node);
    }

    /** The same for a database that is no folder's own. */
    static Map<String, String> environment(String url, String node) {
        Map<String, String> all = new HashMap<>();
        all.put("DATABASE_URL", url);
        all.put("DRAWBRIDGE_MASTER_KEY", MASTER_KEY);
        all.put("DRAWBRIDGE_NODE", node);
        return all;
    }

    /** Starts a node in this JVM. */
    static RunningServer start(Path shared, String node, Map<String, String> more) {
        return start(shared, node, more, Clock.systemUTC());
    }

    /** The same with the clock of the test. */
    static RunningServer start(Path shared, String node, Map<String, String> more, Clock clock) {
        Map<String, String> all = environment(shared, node);
        all.putAll(more);
        return RunningServer.start(shared.resolve(node), clock, all);
    }

    /** The same database through another port of this machine. */
    static String through(int port, Path shared) {
        return TestDatabase.postgresFor(shared).replaceFirst(":[0-9]+/", ":" + port + "/");
    }

    /** The port of the PostgreSQL itself. */
    static int port(Path shared) {
        return URI.create(TestDatabase.postgresFor(shared)).getPort();
    }

    /** A connection past the servers. */
    static Connection connect(Path shared) throws SQLException {
        return TestDatabase.connectPostgres(shared);
    }
}
