package drawbridge.server.backup;

import drawbridge.model.Secret;
import drawbridge.model.TenantId;
import drawbridge.server.audit.AuditEntry;
import drawbridge.server.audit.DatabaseAuditLog;
import drawbridge.server.config.DataFolder;
import drawbridge.server.crypto.Keys;
import drawbridge.server.secret.MasterKeys;
import drawbridge.server.secret.WrongMasterKeyException;
import drawbridge.server.session.EverythingEnded;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.DataScope.Why;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.PostgresUrl;
import drawbridge.server.storage.ServerState;
import drawbridge.server.storage.SqliteFile;
import drawbridge.server.storage.StoreUnavailableException;

import org.jdbi.v3.core.Handle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts a backup in the place of the database while no server runs. All is prepared in a file beside
 * it and takes the database's name at once, so that a crash leaves the one or the other. One
 * thread, on a folder this process owns.
 *
 * <p>What was opened or issued before is dead afterwards: sessions, open tokens, and every bridge
 * secret that the present database knows to be retired or burned.
 */
public final class Restoring {
    /**
     * What was restored.
     *
     * @param sha256 of the backup
     * @param everythingNumber the number of the "everything" row in the revocation log
     * @param keptAs the backup of the database that was there; empty when there was none
     */
    public record Restored(String sha256, long everythingNumber, Optional<String> keptAs) {}

    private static final DataScope SETUP = DataScope.server(Why.SETUP);
    private static final String LOG_NUMBER = "SELECT log_number FROM server_state WHERE id = 1";

    private final DataFolder folder;
    private final Optional<Secret> masterKey;
    private final Backups backups;
    private final SecureRandom random;

    /**
     * @param masterKey the master key where it comes from the settings
     */
    public Restoring(
            DataFolder folder, Optional<Secret> masterKey, Backups backups, SecureRandom random) {
        this.folder = folder;
        this.masterKey = masterKey;
        this.backups = backups;
        this.random = random;
    }

    /**
     * Restores.
     *
     * @throws BackupFailure when the backup is damaged, of a newer version, or sealed under another
     *     master key; nothing was changed then
     */
    public Restored restore(Path from, Instant now) {
        requireBackup(from);
        requireMasterKey();
        String sha256 = Backups.sha256(from);
        Path fresh = folder.path().resolve("drawbridge.db.restored");
        backups.copy(from, fresh);
        long number = prepare(fresh, from, sha256, now);
        return new Restored(sha256, number, replaceBy(fresh, now));
    }

    /**
     * Restores into a database that is not the folder's own, in one transaction, while no server
     * uses it.
     *
     * @throws BackupFailure as {@link #restore}
     */
    public Restored restoreInto(PostgresUrl url, Path from, Instant now) {
        requireBackup(from);
        requireMasterKey();
        String sha256 = Backups.sha256(from);
        Path fresh = folder.path().resolve("drawbridge.db.restored");
        backups.copy(from, fresh);
        try (Database backup = Database.openSqlite(fresh);
                Database target =
                        backups.openUpgraded(url, Optional.empty(), Database.Pool.USUAL, now)) {
            Keys keys = new MasterKeys(masterKey, folder, backup, random).open(now);
            ServerState.prepare(backup, now);
            Optional<String> kept =
                    ServerState.exists(target)
                            ? Optional.of(
                                    backups.make(Backups.Kind.BEFORE_RESTORE, target, now).name())
                            : Optional.empty();
            DatabaseAuditLog audit = new DatabaseAuditLog(target, keys);
            long number =
                    backup.snapshot(
                            SETUP,
                            "reading the backup",
                            rows ->
                                    target.rewrite(
                                            SETUP,
                                            "restoring",
                                            handle ->
                                                    replace(
                                                            rows, handle, audit, from, sha256,
                                                            now)));
            return new Restored(sha256, number, kept);
        } catch (WrongMasterKeyException e) {
            throw new BackupFailure("%s: %s".formatted(from, e.getMessage()), e);
        } catch (StoreUnavailableException e) {
            throw new BackupFailure("%s was not restored: %s".formatted(from, e.getMessage()), e);
        } finally {
            forget(fresh);
        }
    }

    private static long replace(
            Handle rows,
            Handle handle,
            DatabaseAuditLog audit,
            Path from,
            String sha256,
            Instant now) {
        long above =
                handle.createQuery("SELECT coalesce(max(log_number), 0) FROM server_state")
                        .mapTo(long.class)
                        .one();
        DatabaseEndedSecrets ended = DatabaseEndedSecrets.read(handle);
        Map<String, Long> _ = DatabaseCopy.copy(rows, handle);
        long number = EverythingEnded.write(handle, above, now, "restore", "server");
        int secrets = ended.endIn(handle);
        audit.append(handle, restored(from, sha256, secrets, now));
        return number;
    }

    private static AuditEntry restored(Path from, String sha256, int secrets, Instant now) {
        return AuditEntry.of(TenantId.DEFAULT, now, "backup.restored", "server")
                .detail(
                        "%s sha256=%s; all sessions and open tokens ended, %d secrets stay retired"
                                .formatted(from.getFileName(), sha256, secrets));
    }

    private static void forget(Path fresh) {
        try {
            for (String beside : List.of("", "-wal", "-shm")) {
                Files.deleteIfExists(fresh.resolveSibling(fresh.getFileName() + beside));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("deleting what was restored from", e);
        }
    }

    private void requireMasterKey() {
        if (masterKey.isEmpty() && !folder.hasMasterKey()) {
            throw new BackupFailure(
                    "there is no master key in %s; put the one there that the backed-up server had"
                            .formatted(folder.path()));
        }
        if (masterKey.isEmpty() && folder.nextMasterKey().isPresent()) {
            throw new BackupFailure(
                    "a turn of the master key was broken off here; start the server once, then"
                            + " restore");
        }
    }

    private static void requireBackup(Path from) {
        if (!Files.isRegularFile(from)) {
            throw new BackupFailure("there is no file " + from);
        }
        Optional<String> damage = SqliteFile.findAnyDamage(from);
        if (damage.isPresent()) {
            throw new BackupFailure("%s is damaged: %s".formatted(from, damage.get()));
        }
        if (SqliteFile.number(from, LOG_NUMBER).isEmpty()) {
            throw new BackupFailure(from + " is no backup of a trust server");
        }
    }

    private long prepare(Path fresh, Path from, String sha256, Instant now) {
        long above = presentNumber();
        try (Database database = Database.openSqlite(fresh)) {
            Keys keys = new MasterKeys(masterKey, folder, database, random).open(now);
            ServerState.prepare(database, now);
            DatabaseAuditLog audit = new DatabaseAuditLog(database, keys);
            return database.write(
                    DataScope.server(Why.SETUP),
                    "ending what was open",
                    handle -> {
                        long number =
                                EverythingEnded.write(handle, above, now, "restore", "server");
                        int secrets = keepEnded(handle);
                        audit.append(handle, restored(from, sha256, secrets, now));
                        return number;
                    });
        } catch (WrongMasterKeyException e) {
            throw new BackupFailure("%s: %s".formatted(from, e.getMessage()), e);
        } catch (StoreUnavailableException e) {
            throw new BackupFailure(
                    "%s cannot be used by this version: %s".formatted(from, e.getMessage()), e);
        }
    }

    private boolean hasPresent() {
        return folder.hadDatabase();
    }

    private long presentNumber() {
        return hasPresent() ? SqliteFile.number(folder.database(), LOG_NUMBER).orElse(0) : 0;
    }

    /** What was retired since the backup was made stays retired. */
    private int keepEnded(Handle handle) {
        if (!hasPresent() || SqliteFile.number(folder.database(), LOG_NUMBER).isEmpty()) {
            return 0;
        }
        int ended = 0;
        for (var row : SqliteFile.endedSecrets(folder.database())) {
            ended +=
                    handle.createUpdate(
                                    "UPDATE caller_secret SET state = :state, ended_at = :at"
                                            + " WHERE hex(lookup_hash) = :hash AND state = 'active'")
                            .bind("state", row.state())
                            .bind("at", row.endedAt())
                            .bind("hash", row.lookupHash())
                            .execute();
        }
        return ended;
    }

    /** Gives the prepared file the database's name, after what was there was kept. */
    Optional<String> replaceBy(Path fresh, Instant now) {
        SqliteFile.settle(fresh);
        Path database = folder.path().resolve("drawbridge.db");
        Optional<String> kept = Optional.empty();
        if (hasPresent()) {
            kept = Optional.of(keepPresent(database, now));
        }
        folder.putInPlace(fresh, database);
        return kept;
    }

    private String keepPresent(Path database, Instant now) {
        try {
            String name;
            try {
                name = backups.make(Backups.Kind.BEFORE_RESTORE, now).name();
                SqliteFile.settle(database);
            } catch (StoreUnavailableException e) {
                name = backups.keepDamaged(database, now);
            }
            // They belong to the file that is about to go, and would be taken for the new one's.
            Files.deleteIfExists(folder.path().resolve("drawbridge.db-wal"));
            Files.deleteIfExists(folder.path().resolve("drawbridge.db-shm"));
            return name;
        } catch (IOException e) {
            throw new BackupFailure("the present database cannot be kept: " + e.getMessage(), e);
        }
    }
}
