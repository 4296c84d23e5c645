package drawbridge.server.backup;

import drawbridge.model.TenantId;
import drawbridge.server.audit.AuditEntry;
import drawbridge.server.audit.DatabaseAuditLog;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.Database;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** Backups as an administrator asks for them: one at a time, audited. Safe for many threads. */
public final class BackupDesk {
    /** A backup that was made now, and the hash of its file. */
    public record Made(Backups.Backup backup, String sha256) {}

    private final Backups backups;
    private final Database database;
    private final DatabaseAuditLog audit;
    private final Clock clock;
    private final Semaphore one = new Semaphore(1);

    public BackupDesk(Backups backups, Database database, DatabaseAuditLog audit, Clock clock) {
        this.backups = backups;
        this.database = database;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * Makes one.
     *
     * @param actor who asked
     * @param requestId in which request
     * @return empty when another one is being made
     */
    public Optional<Made> make(String actor, String requestId) {
        if (!one.tryAcquire()) {
            return Optional.empty();
        }
        try {
            Instant now = clock.instant();
            note("backup.begun", actor, requestId, "");
            Backups.Backup backup = backups.make(Backups.Kind.ASKED, database, now);
            String hash = Backups.sha256(backups.find(backup.name()).orElseThrow());
            note("backup.made", actor, requestId, backup.name() + " sha256=" + hash);
            return Optional.of(new Made(backup, hash));
        } finally {
            one.release();
        }
    }

    /** Every backup there is, newest first. */
    public List<Backups.Backup> list() {
        return backups.list();
    }

    /**
     * The file of a backup that is to leave the server.
     *
     * @return empty when there is none of that name
     */
    public Optional<Path> take(String name, String actor, String requestId) {
        Optional<Path> file = backups.find(name);
        file.ifPresent(_ -> note("backup.read", actor, requestId, name));
        return file;
    }

    private void note(String kind, String actor, String requestId, String detail) {
        database.write(
                DataScope.of(TenantId.DEFAULT),
                "auditing a backup",
                handle -> {
                    audit.append(
                            handle,
                            AuditEntry.of(TenantId.DEFAULT, clock.instant(), kind, actor)
                                    .request(requestId)
                                    .detail(detail.isEmpty() ? null : detail));
                    return true;
                });
    }
}
