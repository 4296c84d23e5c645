package drawbridge.server.secret;

import drawbridge.server.secret.OwnSecret.Rotated;
import drawbridge.server.session.Sessions.By;
import drawbridge.server.storage.Database;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The master key of a running server, and its turning. The server itself has used it once, at its
 * start, to open the root key, which stays as it is. Safe for many threads.
 */
public final class MasterKeyTurns {
    private final MasterKeys keys;
    private final Database database;
    private final Duration age;
    private final Clock clock;
    private final Instant openedAt;
    private final AtomicBoolean turning = new AtomicBoolean();

    /**
     * Made when the key has just been used.
     *
     * @param age how old it becomes before it is overdue
     */
    public MasterKeyTurns(MasterKeys keys, Database database, Duration age, Clock clock) {
        this.keys = keys;
        this.database = database;
        this.age = age;
        this.clock = clock;
        this.openedAt = clock.instant();
    }

    /** The key as it is now. */
    public OwnSecret view() {
        Instant since = new DatabaseRootKey(database).wrappedAt();
        return new OwnSecret(
                "master_key",
                keys.isGiven() ? "settings" : "folder",
                since,
                since.plus(age),
                openedAt,
                null,
                null,
                whyNot());
    }

    private String whyNot() {
        if (keys.isGiven()) {
            return "the master key comes from the settings; stop the server and use drawbridge-server secret rotate-master-key --to FILE";
        }
        return database.isShared()
                ? "several nodes open this database with the master key; stop them and use drawbridge-server secret rotate-master-key"
                : "";
    }

    /** Draws a new key and seals the root key under it. */
    public Rotated rotate(By by) {
        String why = whyNot();
        if (!why.isEmpty()) {
            return new Rotated.Not(why);
        }
        if (!turning.compareAndSet(false, true)) { // the next key stands in one file
            return new Rotated.Not("another rotation of the master key is under way");
        }
        try {
            keys.rotate(by, clock.instant());
        } finally {
            turning.set(false);
        }
        return new Rotated.Done(view());
    }
}
