package drawbridge.server.backup;

import drawbridge.model.Secret;
import drawbridge.model.TenantId;
import drawbridge.server.audit.AuditEntry;
import drawbridge.server.audit.AuditInspection;
import drawbridge.server.audit.DatabaseAuditLog;
import drawbridge.server.audit.DatabaseCheckpoints;
import drawbridge.server.config.DataFolder;
import drawbridge.server.crypto.Keys;
import drawbridge.server.secret.MasterKeys;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.PostgresUrl;
import drawbridge.server.storage.ServerState;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;

/** The database of a server that does not run, for commands that work on the data folder. */
public final class StoppedServer implements AutoCloseable {
    private final Database database;
    private final MasterKeys masterKeys;
    private final DatabaseAuditLog audit;
    private final Keys keys;
    private final Clock clock;

    private StoppedServer(Database database, MasterKeys masterKeys, Clock clock) {
        this.database = database;
        this.masterKeys = masterKeys;
        this.clock = clock;
        this.keys = masterKeys.open(clock.instant());
        this.audit = new DatabaseAuditLog(database, keys);
    }

    /**
     * Opens it, and brings its schema up to this version after a backup, as a start would.
     *
     * @param folder owned by this process, and closed by whoever opened it
     * @param masterKey the master key where it comes from the settings
     * @param elsewhere where the database is; empty for the folder's own
     * @param backupsKept how many backups of each kind are kept
     * @throws BackupFailure when there is no database
     */
    public static StoppedServer open(
            DataFolder folder,
            Optional<Secret> masterKey,
            Optional<PostgresUrl> elsewhere,
            int backupsKept,
            Clock clock) {
        if (elsewhere.isEmpty() && !folder.hadDatabase()) {
            throw new BackupFailure("there is no database in " + folder.path());
        }
        Backups backups = new Backups(folder, backupsKept);
        Database database =
                elsewhere
                        .map(url ->
                                backups.openUpgraded(
                                        url,
                                        Optional.empty(),
                                        Database.Pool.USUAL,
                                        clock.instant()))
                        .orElseGet(() -> backups.openUpgraded(clock.instant()));
        try {
            StoppedServer server =
                    new StoppedServer(
                            database,
                            new MasterKeys(masterKey, folder, database, new SecureRandom()),
                            clock);
            ServerState.prepare(database, clock.instant());
            return server;
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    /** The master key and what turns it. */
    public MasterKeys masterKeys() {
        return masterKeys;
    }

    /** Backs its database up, into a file anywhere or among the folder's backups. */
    public Path backUp(Backups backups, @Nullable Path file) {
        if (file == null) {
            return backups.find(backups.make(Backups.Kind.ASKED, database, clock.instant()).name())
                    .orElseThrow();
        }
        backups.copyOf(database, file);
        return file;
    }

    /** The audit, for reading. */
    public AuditInspection inspection() {
        return new AuditInspection(database, audit, keys);
    }

    /** Signs where the chains stand. */
    public void checkpoint() {
        try (DatabaseCheckpoints checkpoints =
                new DatabaseCheckpoints(database, audit, keys, (made, key) -> {}, clock)) {
            checkpoints.make();
        }
    }

    /** Audits what was done on the command line. */
    public void note(String kind, @Nullable String detail) {
        database.write(
                DataScope.of(TenantId.DEFAULT),
                "auditing a command",
                handle -> {
                    audit.append(
                            handle,
                            AuditEntry.of(TenantId.DEFAULT, clock.instant(), kind, "command-line")
                                    .detail(detail));
                    return true;
                });
    }

    @Override
    public void close() {
        database.close();
    }
}
