package drawbridge.server.fault;

import drawbridge.server.support.KillableServer;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What can be done to one server on SQLite. */
final class Faults {
    /** Never counted down: what lasts is awaited like anything else. */
    private static final CountDownLatch NEVER = new CountDownLatch(1);

    private Faults() {}

    /** Those that the process survives. */
    static List<Fault> survived(KillableServer server) {
        return List.of(new Stopped(server), new Locked(server));
    }

    private static void last(long millis) throws InterruptedException {
        if (NEVER.await(millis, TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("nobody counts down");
        }
    }

    /** {@code kill -9}, and a start on the same data. */
    record Killed(KillableServer server) implements Fault {
        @Override
        public String name() {
            return "kill -9";
        }

        @Override
        public void strike(Random random) throws Exception {
            server.kill();
            server.start();
        }
    }

    /** SIGSTOP for a while. */
    record Stopped(KillableServer server) implements Fault {
        @Override
        public String name() {
            return "SIGSTOP";
        }

        @Override
        public void strike(Random random) throws Exception {
            signal("-STOP");
            try {
                last(500 + random.nextInt(2000));
            } finally {
                signal("-CONT");
            }
        }

        private void signal(String which) throws Exception {
            new ProcessBuilder("kill", which, Long.toString(server.pid())).start().waitFor();
        }
    }

    /** Another program holds the database's write lock for a while. */
    record Locked(KillableServer server) implements Fault {
        @Override
        public String name() {
            return "database locked";
        }

        @Override
        public void strike(Random random) throws Exception {
            Path file = server.data().resolve("drawbridge.db");
            try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
                    Statement statement = other.createStatement()) {
                statement.execute("PRAGMA busy_timeout = 60000");
                statement.execute("BEGIN IMMEDIATE");
                last(500 + random.nextInt(6500));
                statement.execute("ROLLBACK");
            }
        }
    }
}
