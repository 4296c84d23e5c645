package drawbridge.server.backup;

import drawbridge.server.config.DataFolder;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.DataScope.Why;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.Dialect;
import drawbridge.server.storage.PostgresUrl;
import drawbridge.server.storage.SqliteFile;
import drawbridge.server.storage.StoreUnavailableException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The backups in a data folder: whole copies of the database, for the owner only, the oldest of
 * each kind deleted when there are too many. Safe for many threads.
 */
public final class Backups {
    /** Why a backup was made. */
    public enum Kind {
        /** An administrator asked for it. */
        ASKED("backup"),
        /** A newer version was about to change the schema. */
        BEFORE_UPGRADE("before-upgrade"),
        /** A restore or an import was about to put another database in place. */
        BEFORE_RESTORE("before-restore");

        private final String word;

        Kind(String word) {
            this.word = word;
        }
    }

    /**
     * One backup.
     *
     * @param name its file's name in the folder {@code backups}
     * @param kind {@code backup}, {@code before-upgrade} or {@code before-restore}
     * @param madeAt when
     * @param bytes its size
     */
    public record Backup(String name, String kind, Instant madeAt, long bytes) {}

    private static final Logger LOG = LoggerFactory.getLogger(Backups.class);
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final Pattern NAME =
            Pattern.compile(
                    "(backup|before-upgrade|before-restore)-([0-9]{8}T[0-9]{6}\\.[0-9]{3}Z)\\.db");

    private final DataFolder folder;
    private final int keep;

    /**
     * @param keep how many of each kind are kept
     */
    public Backups(DataFolder folder, int keep) {
        this.folder = folder;
        this.keep = keep;
    }

    /**
     * Copies the database as it is at one instant, also while it is used.
     *
     * @throws StoreUnavailableException when it could not be copied whole; there is no file then
     */
    public Backup make(Kind kind, Instant now) {
        String name = "%s-%s.db".formatted(kind.word, STAMP.format(now));
        Path file = folder.backups().resolve(name);
        copy(folder.database(), file);
        prune(kind);
        return read(file).orElseThrow();
    }

    /**
     * The same of a database that a server has open. One that is not the folder's own is written,
     * row by row, into a file like the folder's own, which either kind can be restored from.
     */
    public Backup make(Kind kind, Database database, Instant now) {
        if (database.dialect().equals(Dialect.SQLITE.word())) {
            return make(kind, now);
        }
        String name = "%s-%s.db".formatted(kind.word, STAMP.format(now));
        Path file = folder.backups().resolve(name);
        copy(database, file, Database::openSqlite);
        prune(kind);
        return read(file).orElseThrow();
    }

    /** The same, to a file anywhere. */
    void copyOf(Database database, Path file) {
        if (database.dialect().equals(Dialect.SQLITE.word())) {
            copy(folder.database(), file);
        } else {
            copy(database, file, Database::openSqlite);
        }
    }

    private void copy(Database database, Path file, Function<Path, Database> opening) {
        Path part = folder.emptyFile(file.resolveSibling("." + file.getFileName() + ".part"));
        try {
            try (Database copy = opening.apply(part)) {
                DataScope all = DataScope.server(Why.SETUP);
                Map<String, Long> _ =
                        database.snapshot(
                                all,
                                "backing up",
                                from ->
                                        copy.rewrite(
                                                all,
                                                "backing up",
                                                to -> DatabaseCopy.copy(from, to)));
            }
            SqliteFile.settle(part);
        } catch (RuntimeException e) {
            for (String beside : List.of("", "-wal", "-shm")) {
                delete(part.resolveSibling(part.getFileName() + beside));
            }
            throw e;
        }
        folder.putInPlace(part, file);
    }

    /** Opens the folder's database, after a backup where the schema of an older version changes. */
    public Database openUpgraded(Instant now) {
        Path file = folder.database();
        if (Database.outdatedSqlite(file).isPresent()) {
            make(Kind.BEFORE_UPGRADE, now);
        }
        return Database.openSqlite(file);
    }

    /**
     * The same of a PostgreSQL. The copy has the older version's schema, as the database had.
     *
     * @param migrating a login that brings the schema up to date; empty when one login does both
     * @throws StoreUnavailableException also when it could not be backed up; nothing was changed in
     *     it then
     */
    public Database openUpgraded(
            PostgresUrl url, Optional<PostgresUrl> migrating, Database.Pool pool, Instant now) {
        Optional<String> old = Database.outdatedPostgres(migrating.orElse(url));
        if (old.isPresent()) {
            String name = "%s-%s.db".formatted(Kind.BEFORE_UPGRADE.word, STAMP.format(now));
            try (Database present = Database.openPostgresAsItIs(url)) {
                copy(
                        present,
                        folder.backups().resolve(name),
                        file -> Database.openSqlite(file, old.get()));
            }
            LOG.info("the database is backed up before its schema changes name={}", name);
            prune(Kind.BEFORE_UPGRADE);
        }
        return Database.openPostgres(url, migrating, pool);
    }

    /** Keeps a file that SQLite cannot copy any more, byte for byte. */
    String keepDamaged(Path database, Instant now) throws IOException {
        String name = "%s-%s.db".formatted(Kind.BEFORE_RESTORE.word, STAMP.format(now));
        Path part = folder.emptyFile(folder.backups().resolve("." + name));
        try (var out = Files.newOutputStream(part)) {
            Files.copy(database, out);
        }
        folder.putInPlace(part, folder.backups().resolve(name));
        return name;
    }

    /** Copies a database to a file anywhere, whole or not at all, for its owner only. */
    public void copy(Path database, Path file) {
        Path part = folder.emptyFile(file.resolveSibling("." + file.getFileName() + ".part"));
        try {
            SqliteFile.copy(database, part);
        } catch (StoreUnavailableException e) {
            delete(part);
            throw e;
        }
        folder.putInPlace(part, file);
    }

    private void prune(Kind kind) {
        List<Backup> same = new ArrayList<>(list());
        same.removeIf(backup -> !backup.kind().equals(kind.word));
        for (Backup old : same.subList(Math.min(keep, same.size()), same.size())) {
            delete(folder.backups().resolve(old.name()));
            LOG.info("deleted an old backup name={}", old.name());
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("a backup could not be deleted name={}", file.getFileName(), e);
        }
    }

    /** Every backup there is, newest first. */
    public List<Backup> list() {
        try (Stream<Path> files = Files.list(folder.backups())) {
            return files.flatMap(file -> read(file).stream())
                    .sorted(Comparator.comparing(Backup::madeAt).reversed())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("listing the backups", e);
        }
    }

    private static Optional<Backup> read(Path file) {
        Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
        try {
            return name.matches()
                    ? Optional.of(
                            new Backup(
                                    name.group(),
                                    name.group(1),
                                    Instant.from(STAMP.parse(name.group(2))),
                                    Files.size(file)))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // deleted meanwhile
        }
    }

    /** The file of a backup; empty when there is none of that name. */
    public Optional<Path> find(String name) {
        Path file = folder.backups().resolve(name);
        return NAME.matcher(name).matches() && Files.exists(file)
                ? Optional.of(file)
                : Optional.empty();
    }

    /** SHA-256 of a file, in hex. */
    public static String sha256(Path file) {
        try (DigestInputStream in =
                new DigestInputStream(
                        Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        } catch (IOException e) {
            throw new UncheckedIOException("hashing a backup", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
