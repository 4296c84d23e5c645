package drawbridge.server.support;

import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;

/** A real PostgreSQL and its stand-by, which follows by streaming. For one thread. */
public final class PostgresPair implements AutoCloseable {
    private static final String NAME = "drawbridge";

    private final Path primaryData;
    private final EmbeddedPostgres primary;
    private final FaultProxy between;
    private final EmbeddedPostgres standBy;

    /** Whether a commit waits for the stand-by. */
    public enum Following {
        /** Whatever is committed by who waits for it is on both. */
        SYNCHRONOUS,
        /** The last rows may be on the primary alone. */
        ASYNCHRONOUS
    }

    private PostgresPair(
            Path primaryData,
            EmbeddedPostgres primary,
            FaultProxy between,
            EmbeddedPostgres standBy) {
        this.primaryData = primaryData;
        this.primary = primary;
        this.between = between;
        this.standBy = standBy;
    }

    /** Starts both with their files in that folder. */
    public static PostgresPair start(Path folder, Following following)
            throws IOException, SQLException {
        Path first = folder.resolve("primary");
        Path second = folder.resolve("stand-by");
        EmbeddedPostgres primary = begin(first);
        FaultProxy between = new FaultProxy(primary.getPort());
        run(primary, "CREATE DATABASE " + NAME);
        copy(primary, first, second);
        Files.writeString(
                second.resolve("postgresql.auto.conf"),
                "primary_conninfo = 'host=127.0.0.1 port=%d user=postgres application_name=standby'%n"
                        .formatted(between.port()));
        Files.createFile(second.resolve("standby.signal"));
        PostgresPair pair = new PostgresPair(first, primary, between, begin(second));
        await().until(pair::isFollowing);
        if (following == Following.SYNCHRONOUS) {
            run(primary, "ALTER SYSTEM SET synchronous_standby_names = '*'");
            run(primary, "SELECT pg_reload_conf()");
            await().until(pair::isSynchronous);
        }
        return pair;
    }

    /** As it comes, with commits that wait for nothing: a server asks for more by itself. */
    private static EmbeddedPostgres begin(Path data) throws IOException {
        return EmbeddedPostgres.builder()
                .setPGStartupWait(TestDatabase.START)
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setServerConfig("max_connections", "100")
                .setServerConfig("synchronous_commit", "off")
                .setServerConfig("wal_keep_size", "256MB")
                .start();
    }

    private static void copy(EmbeddedPostgres primary, Path from, Path to)
            throws IOException, SQLException {
        try (Connection connection = primary.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_start_backup('stand-by', true, false)");
            copyFiles(from, to);
            try (ResultSet ended =
                    statement.executeQuery("SELECT labelfile FROM pg_stop_backup(false, false)")) {
                ended.next();
                Files.writeString(to.resolve("backup_label"), ended.getString(1));
            }
        }
    }

    /** Files may go while they are copied: what is missing then comes by the log. */
    private static void copyFiles(Path from, Path to) throws IOException {
        Set<String> left = Set.of("postmaster.pid", "postmaster.opts", "epg-lock");
        Files.walkFileTree(
                from,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes facts)
                            throws IOException {
                        Files.createDirectories(
                                to.resolve(from.relativize(each).toString()),
                                PosixFilePermissions.asFileAttribute(
                                        PosixFilePermissions.fromString("rwx------")));
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path each, BasicFileAttributes facts)
                            throws IOException {
                        boolean isOfLog = each.startsWith(from.resolve("pg_wal"));
                        if (!isOfLog && !left.contains(each.getFileName().toString())) {
                            copyFile(each, to.resolve(from.relativize(each).toString()));
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path each, IOException why)
                            throws IOException {
                        if (why instanceof NoSuchFileException) {
                            return FileVisitResult.CONTINUE;
                        }
                        throw why;
                    }
                });
    }

    private static void copyFile(Path from, Path to) throws IOException {
        try {
            Files.copy(from, to);
        } catch (NoSuchFileException e) {
            // gone since it was seen
        }
    }

    private boolean isFollowing() throws SQLException {
        return "t".equals(told("SELECT count(*) = 1 FROM pg_stat_replication"));
    }

    private boolean isSynchronous() throws SQLException {
        return "t"
                .equals(
                        told(
                                "SELECT count(*) = 1 FROM pg_stat_replication WHERE sync_state = 'sync'"));
    }

    private String told(String query) throws SQLException {
        try (Connection connection = primary.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    private static void run(EmbeddedPostgres server, String sql) throws SQLException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The {@code DATABASE_URL} of both: whichever is the primary is asked. */
    public String url() {
        return "postgresql://postgres@localhost:%d,localhost:%d/%s"
                .formatted(primary.getPort(), standBy.getPort(), NAME);
    }

    /** From now on the stand-by hears of nothing. */
    public void cutStandByOff() {
        between.set(FaultProxy.Mode.CUT);
    }

    /** Kills the primary as a crash does, and has the stand-by take over. */
    public void failOver() throws IOException, SQLException {
        List<String> lines = Files.readAllLines(primaryData.resolve("postmaster.pid"));
        ProcessHandle killed = ProcessHandle.of(Long.parseLong(lines.getFirst())).orElseThrow();
        boolean _ = killed.destroyForcibly();
        killed.onExit().join();
        run(standBy, "SELECT pg_promote(true, 60)");
    }

    @Override
    public void close() {
        try {
            standBy.close();
            between.close();
            primary.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
