package drawbridge.server.secret;

import drawbridge.model.Secret;
import drawbridge.model.TenantId;
import drawbridge.server.audit.AuditEntry;
import drawbridge.server.audit.DatabaseAuditLog;
import drawbridge.server.config.DataFolder;
import drawbridge.server.crypto.Keys;
import drawbridge.server.session.Sessions.By;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.DataScope.Why;
import drawbridge.server.storage.Database;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;

/**
 * Finds the master key of a data folder, opens the root key with it, and turns it. One thread, on a
 * folder this process owns.
 *
 * <p>A turn can be broken off anywhere. The new key is written beside the present one, the root key
 * is sealed under it in one transaction, then it is put in place: what the database is sealed under
 * tells at the next start which of the two counts.
 */
public final class MasterKeys {
    private static final Logger LOG = LoggerFactory.getLogger(MasterKeys.class);

    private static final By SERVER = new By("server", "command-line");

    private final Optional<Secret> given;
    private final DataFolder folder;
    private final Database database;
    private final DatabaseRootKey root;
    private final SecureRandom random;

    /**
     * @param given the master key where it comes from the settings; it then counts instead of the
     *     folder's files
     */
    public MasterKeys(
            Optional<Secret> given, DataFolder folder, Database database, SecureRandom random) {
        this.given = given;
        this.folder = folder;
        this.database = database;
        this.root = new DatabaseRootKey(database);
        this.random = random;
    }

    /**
     * The keys of this server. Makes master and root key where there are none, and finishes a turn
     * that was broken off.
     *
     * @throws WrongMasterKeyException when the master key does not open the root key
     * @throws drawbridge.server.config.DataFolderException when the key file is gone or unreadable
     */
    public Keys open(Instant now) {
        try (Secret master = master();
                Secret opened = opened(master, now)) {
            return opened.use(Keys::new);
        }
    }

    /** The root key itself; the caller closes it. */
    public Secret openRoot(Instant now) {
        try (Secret master = master()) {
            return opened(master, now);
        }
    }

    private Secret opened(Secret master, Instant now) {
        root.prepare(
                master,
                random,
                now,
                (handle, keys) -> new DatabaseAuditLog(database, keys).adopt(handle));
        return root.open(master);
    }

    /** The master key that counts; the caller closes it. */
    public Secret master() {
        if (given.isPresent()) {
            return given.get().use(Secret::copyOf);
        }
        Secret present = folder.masterKey(random, root.exists());
        Optional<Secret> next = folder.nextMasterKey();
        if (next.isEmpty()) {
            return present;
        }
        if (root.exists() && !root.isSealedUnder(present) && root.isSealedUnder(next.get())) {
            LOG.warn("a turn of the master key was broken off; the new key is put in place");
            folder.useNextMasterKey();
            present.close();
            return next.get();
        }
        LOG.warn("a turn of the master key was broken off; the present key stays");
        folder.dropNextMasterKey();
        next.get().close();
        return present;
    }

    /** Whether it comes from the settings, so that the folder's files do not count. */
    boolean isGiven() {
        return given.isPresent();
    }

    /** Turns the master key of a stopped server that the folder keeps. */
    public void rotate(Instant now) {
        rotate(SERVER, now);
    }

    /**
     * Turns the master key that the folder keeps, audited in the same transaction.
     *
     * @throws IllegalStateException when the master key comes from the settings: {@link #rotateTo}
     *     is for that
     */
    void rotate(By by, Instant now) {
        if (given.isPresent()) {
            throw new IllegalStateException("the master key is not the folder's");
        }
        Keys keys = open(now);
        try (Secret present = master();
                Secret next = folder.drawNextMasterKey(random)) {
            rewrap(keys, present, next, by, now);
        }
        folder.useNextMasterKey();
    }

    /** Turns the master key to one that the operator keeps, audited in the same transaction. */
    public void rotateTo(Secret next, Instant now) {
        Keys keys = open(now);
        try (Secret present = master()) {
            rewrap(keys, present, next, SERVER, now);
        }
    }

    private void rewrap(Keys keys, Secret present, Secret next, By by, Instant now) {
        DatabaseAuditLog audit = new DatabaseAuditLog(database, keys);
        database.write(
                DataScope.server(Why.SETUP),
                "turning the master key",
                handle -> {
                    DatabaseRootKey.rewrap(handle, present, next, now);
                    audit.append(
                            handle,
                            AuditEntry.of(
                                            TenantId.DEFAULT,
                                            now,
                                            "secret.master_key_rotated",
                                            by.actor())
                                    .request(by.requestId()));
                    return true;
                });
    }
}
