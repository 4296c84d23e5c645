package drawbridge.server.backup;

import drawbridge.model.Secret;
import drawbridge.model.TenantId;
import drawbridge.server.audit.AuditEntry;
import drawbridge.server.audit.DatabaseAuditLog;
import drawbridge.server.config.DataFolder;
import drawbridge.server.crypto.Keys;
import drawbridge.server.secret.MasterKeys;
import drawbridge.server.secret.WrongMasterKeyException;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.DataScope.Why;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.PostgresUrl;
import drawbridge.server.storage.ServerState;
import drawbridge.server.storage.StoreUnavailableException;
import drawbridge.server.storage.Times;

import org.jdbi.v3.core.Handle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Takes all that a stopped server holds from the folder's SQLite file into a PostgreSQL, or back.
 * What it leaves is sealed at that moment, so that sessions go on in one place only, and nothing
 * that is revoked there comes back here. One thread, on a folder this process owns.
 */
public final class DatabaseMigration {
    /**
     * What was moved.
     *
     * @param rows of each table, counted and compared on both sides
     * @param keptAs the backup of what was in the target; empty when there was nothing
     */
    public record Migrated(Map<String, Long> rows, Optional<String> keptAs) {
        public Migrated {
            rows = Collections.unmodifiableMap(new TreeMap<>(rows));
        }
    }

    private static final DataScope SETUP = DataScope.server(Why.SETUP);

    /** A server that runs says so more often than this. */
    private static final Duration SILENT = Duration.ofMillis(2_500);

    private final DataFolder folder;
    private final Optional<Secret> masterKey;
    private final PostgresUrl url;
    private final Backups backups;
    private final SecureRandom random;

    /**
     * @param masterKey the master key where it comes from the settings
     * @param url of a login that may change the schema
     */
    public DatabaseMigration(
            DataFolder folder,
            Optional<Secret> masterKey,
            PostgresUrl url,
            Backups backups,
            SecureRandom random) {
        this.folder = folder;
        this.masterKey = masterKey;
        this.url = url;
        this.backups = backups;
        this.random = random;
    }

    /**
     * From the folder's file into the PostgreSQL.
     *
     * @throws BackupFailure when there is nothing to move, a server runs on the PostgreSQL, or it
     *     holds accounts that were not moved away; nothing was changed then
     */
    public Migrated toPostgres(Instant now) {
        if (!folder.hadDatabase()) {
            throw new BackupFailure("there is no database in " + folder.path());
        }
        return telling(() -> {
            try (Database source = backups.openUpgraded(now);
                    Database target =
                            backups.openUpgraded(url, Optional.empty(), Database.Pool.USUAL, now)) {
                requireUnsealed(source); // before what is there: it may be what went from here
                requireNobody(target);
                requireRoom(target, url.toString());
                Optional<String> kept = keep(target, now);
                return new Migrated(move(source, target, "postgresql", now), kept);
            }
        });
    }

    /**
     * From the PostgreSQL into the folder's file, which is kept as a backup.
     *
     * @throws BackupFailure as {@link #toPostgres}
     */
    public Migrated toSqlite(Instant now) {
        Path fresh = folder.path().resolve("drawbridge.db.moved");
        return telling(() -> {
            try (Database source =
                    backups.openUpgraded(url, Optional.empty(), Database.Pool.USUAL, now)) {
                requireNobody(source);
                if (!ServerState.exists(source)) {
                    throw new BackupFailure("there is no server's data in " + url);
                }
                if (folder.hadDatabase()) {
                    try (Database present = backups.openUpgraded(now)) {
                        requireRoom(present, folder.path().toString());
                    }
                }
                folder.emptyFile(fresh);
                Map<String, Long> rows;
                try (Database target = Database.openSqlite(fresh)) {
                    rows = move(source, target, "sqlite", now);
                }
                Optional<String> kept =
                        new Restoring(folder, masterKey, backups, random).replaceBy(fresh, now);
                return new Migrated(rows, kept);
            } finally {
                forget(fresh);
            }
        });
    }

    private interface Moving {
        Migrated move();
    }

    private static Migrated telling(Moving moving) {
        try {
            return moving.move();
        } catch (WrongMasterKeyException e) {
            throw new BackupFailure(String.valueOf(e.getMessage()), e);
        } catch (StoreUnavailableException e) {
            throw new BackupFailure(
                    "not moved: %s. Where the source is sealed already, look whether the target has everything; if not, 'drawbridge-server export --reopen' opens the source again, its sessions ended"
                            .formatted(e.getMessage()),
                    e);
        }
    }

    /** Rows of nodes stay where a server was killed, so it is looked whether they change. */
    private static void requireNobody(Database postgres) {
        Map<Long, Long> before = renewals(postgres);
        if (before.isEmpty()) {
            return;
        }
        awaitSilence();
        if (!renewals(postgres).entrySet().stream()
                .allMatch(now -> Objects.equals(before.get(now.getKey()), now.getValue()))) {
            throw new BackupFailure(
                    "a server runs on that PostgreSQL; stop every one of them first");
        }
    }

    private static void awaitSilence() {
        long until = System.nanoTime() + SILENT.toNanos();
        for (long left = SILENT.toNanos(); left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private static Map<Long, Long> renewals(Database postgres) {
        return postgres.read(
                SETUP,
                "looking whether a server runs",
                handle -> {
                    Map<Long, Long> all = new HashMap<>();
                    handle.createQuery("SELECT incarnation, renewals FROM node")
                            .map((row, context) ->
                                    all.put(row.getLong("incarnation"), row.getLong("renewals")))
                            .list();
                    return all;
                });
    }

    private static void requireUnsealed(Database source) {
        if (ServerState.isSealed(source)) {
            throw new BackupFailure(
                    "the source is sealed: what it held was moved away already, and goes on there. To give that up and go on here, 'drawbridge-server export --reopen' opens the source again, its sessions ended");
        }
    }

    /** Only what was moved away, or never had anybody, may be written over. */
    private static void requireRoom(Database target, String name) {
        if (ServerState.exists(target) && !ServerState.isSealed(target) && accounts(target) > 0) {
            throw new BackupFailure(
                    "%s holds accounts already; a move needs a database without any, or one that was moved away"
                            .formatted(name));
        }
    }

    private static long accounts(Database database) {
        return database.read(
                SETUP,
                "counting accounts",
                handle ->
                        handle.createQuery("SELECT count(*) FROM user_account")
                                .mapTo(long.class)
                                .one());
    }

    private Optional<String> keep(Database target, Instant now) {
        return ServerState.exists(target)
                ? Optional.of(backups.make(Backups.Kind.BEFORE_RESTORE, target, now).name())
                : Optional.empty();
    }

    private Map<String, Long> move(Database source, Database target, String to, Instant now) {
        requireUnsealed(source);
        Keys keys = new MasterKeys(masterKey, folder, source, random).open(now);
        seal(source, new DatabaseAuditLog(source, keys), to, now);
        if (source.isShared() && !renewals(source).isEmpty()) {
            // One that was away may have come back just before: its lease is not renewed any more.
            awaitSilence();
        }
        try {
            return source.snapshot(
                    SETUP,
                    "moving everything",
                    from ->
                            target.rewrite(
                                    SETUP,
                                    "moving everything",
                                    handle ->
                                            fill(
                                                    from,
                                                    handle,
                                                    new DatabaseAuditLog(target, keys),
                                                    to,
                                                    now)));
        } catch (BackupFailure e) {
            reopen(source); // nothing arrived anywhere
            throw e;
        }
    }

    private static void seal(Database source, DatabaseAuditLog audit, String to, Instant now) {
        int _ =
                source.write(
                        SETUP,
                        "sealing what is moved",
                        handle -> {
                            audit.append(
                                    handle,
                                    AuditEntry.of(TenantId.DEFAULT, now, "data.moved", "server")
                                            .detail("to " + to));
                            return handle.createUpdate(
                                            "UPDATE server_state SET sealed_at = :now WHERE id = 1")
                                    .bind("now", Times.micros(now))
                                    .execute();
                        });
    }

    private static void reopen(Database source) {
        int _ =
                source.write(
                        SETUP,
                        "opening again what was not moved",
                        handle ->
                                handle.createUpdate("UPDATE server_state SET sealed_at = NULL")
                                        .execute());
    }

    private static Map<String, Long> fill(
            Handle from, Handle to, DatabaseAuditLog audit, String where, Instant now) {
        long above =
                to.createQuery("SELECT coalesce(max(log_number), 0) FROM server_state")
                        .mapTo(long.class)
                        .one();
        Map<String, Long> counts = DatabaseCopy.copy(from, to);
        requireSame(DatabaseDigests.of(from), DatabaseDigests.of(to), counts);
        int _ = to.createUpdate("DELETE FROM node").execute(); // none of them runs on this one
        // One more than anybody has seen: no copy outside that was made before counts any more.
        int _ =
                to.createUpdate(
                                "UPDATE server_state SET sealed_at = NULL,"
                                        + " log_number = <greatest>(log_number, :above) + 1")
                        .bind("above", above)
                        .execute();
        audit.append(
                to,
                AuditEntry.of(TenantId.DEFAULT, now, "data.arrived", "server")
                        .detail(
                                "in %s, %d rows"
                                        .formatted(
                                                where,
                                                counts.values().stream()
                                                        .mapToLong(Long::longValue)
                                                        .sum())));
        return counts;
    }

    private static void requireSame(
            Map<String, DatabaseDigests.Content> from,
            Map<String, DatabaseDigests.Content> to,
            Map<String, Long> counts) {
        List<String> different =
                from.entrySet().stream()
                        .filter(table ->
                                !table.getValue().equals(to.get(table.getKey()))
                                        || table.getValue().rows()
                                                != counts.getOrDefault(table.getKey(), -1L))
                        .map(Map.Entry::getKey)
                        .toList();
        if (!different.isEmpty()) {
            throw new BackupFailure("what arrived differs in " + String.join(", ", different));
        }
    }

    private static void forget(Path fresh) {
        try {
            for (String beside : List.of("", "-wal", "-shm")) {
                Files.deleteIfExists(fresh.resolveSibling(fresh.getFileName() + beside));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("deleting what was moved into", e);
        }
    }
}
