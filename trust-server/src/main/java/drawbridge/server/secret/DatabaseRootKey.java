package drawbridge.server.secret;

import drawbridge.model.Secret;
import drawbridge.server.crypto.Keys;
import drawbridge.server.crypto.Sealer;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.DataScope.Why;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.Times;

import org.jdbi.v3.core.Handle;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * The root key in the database: 32 random bytes, sealed under the master key. All other keys are
 * derived from it, keyed hashes too, so that a new master key leaves them as they are. Safe for
 * many threads.
 */
public final class DatabaseRootKey {
    private static final byte[] PLACE = "root_key".getBytes(StandardCharsets.US_ASCII);

    private final Database database;

    public DatabaseRootKey(Database database) {
        this.database = database;
    }

    /** Whether there is one, which is so from the first start on. */
    public boolean exists() {
        return database.read(
                        DataScope.server(Why.SETUP),
                        "finding the root key",
                        DatabaseRootKey::sealed)
                .isPresent();
    }

    /**
     * Makes the root key unless there is one. A database of an older version has keyed hashes under
     * the master key itself, so there the master key becomes the root key.
     *
     * @param adopt does, in the same transaction, what else an older version's database needs; only
     *     called for such a one
     */
    public void prepare(
            Secret master, SecureRandom random, Instant now, BiConsumer<Handle, Keys> adopt) {
        database.write(
                DataScope.server(Why.SETUP),
                "making the root key",
                handle -> {
                    if (sealed(handle).isPresent()) {
                        return false;
                    }
                    boolean older =
                            handle.createQuery("SELECT count(*) FROM server_state")
                                    .mapTo(Boolean.class)
                                    .one();
                    byte[] root = older ? master.use(byte[]::clone) : new byte[32];
                    if (!older) {
                        random.nextBytes(root);
                    }
                    byte[] sealed = sealer(master).seal(root, PLACE);
                    handle.createUpdate(
                                    "INSERT INTO root_key (id, sealed, created_at, wrapped_at)"
                                            + " VALUES (1, :sealed, :now, :now)")
                            .bind("sealed", sealed)
                            .bind("now", Times.micros(now))
                            .execute();
                    if (older) {
                        adopt.accept(handle, new Keys(root));
                    }
                    Arrays.fill(root, (byte) 0);
                    return true;
                });
    }

    /** Since when it is sealed under the present master key. */
    Instant wrappedAt() {
        return database.read(
                DataScope.server(Why.SETUP),
                "reading since when the root key is sealed",
                handle ->
                        Times.instant(
                                handle.createQuery("SELECT wrapped_at FROM root_key WHERE id = 1")
                                        .mapTo(long.class)
                                        .one()));
    }

    /** Whether that master key opens it, as far as the sealed bytes say themselves. */
    public boolean isSealedUnder(Secret master) {
        return sealer(master)
                .isMine(
                        database.read(
                                        DataScope.server(Why.SETUP),
                                        "finding the root key",
                                        DatabaseRootKey::sealed)
                                .orElseThrow());
    }

    /**
     * The root key.
     *
     * @throws WrongMasterKeyException when that master key does not open it
     */
    public Secret open(Secret master) {
        return database.read(
                DataScope.server(Why.SETUP),
                "opening the root key",
                handle -> open(handle, master));
    }

    private static Secret open(Handle handle, Secret master) {
        try {
            return Secret.takeOwnership(sealer(master).open(sealed(handle).orElseThrow(), PLACE));
        } catch (Sealer.BrokenSealException e) {
            throw new WrongMasterKeyException(
                    "the master key does not open this database's secrets ("
                            + e.getMessage()
                            + "); give the key it was last used with");
        }
    }

    /**
     * Seals it under another master key, in the caller's transaction.
     *
     * @throws WrongMasterKeyException when the present master key does not open it
     */
    static void rewrap(Handle handle, Secret present, Secret next, Instant now) {
        try (Secret root = open(handle, present)) {
            put(handle, root, next, now);
        }
    }

    /** Takes over another server's root key, in the caller's transaction. */
    public static void adopt(Handle handle, Secret root, Secret master, Instant now) {
        put(handle, root, master, now);
    }

    private static void put(Handle handle, Secret root, Secret master, Instant now) {
        byte[] sealed = root.use(bytes -> sealer(master).seal(bytes, PLACE));
        handle.createUpdate("UPDATE root_key SET sealed = :sealed, wrapped_at = :now WHERE id = 1")
                .bind("sealed", sealed)
                .bind("now", Times.micros(now))
                .execute();
    }

    private static Optional<byte[]> sealed(Handle handle) {
        return handle.createQuery("SELECT sealed FROM root_key WHERE id = 1")
                .mapTo(byte[].class)
                .findOne();
    }

    private static Sealer sealer(Secret master) {
        return master.use(bytes -> new Keys(bytes).sealerFor("root-key/v1"));
    }
}
