package drawbridge.server.token;

import drawbridge.model.TenantId;
import drawbridge.server.audit.AuditEntry;
import drawbridge.server.audit.DatabaseAuditLog;
import drawbridge.server.crypto.Base64Url;
import drawbridge.server.crypto.Keys;
import drawbridge.server.crypto.Paserk;
import drawbridge.server.crypto.Sealer;
import drawbridge.server.crypto.SigningKey;
import drawbridge.server.crypto.VerifyingKey;
import drawbridge.server.session.RevocationLog;
import drawbridge.server.session.Sessions.By;
import drawbridge.server.session.SharedSettings;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.DataScope.Why;
import drawbridge.server.storage.Database;

import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The keys tokens are signed and verified with, and their rotation. A key is published before its
 * first token is signed, and verifies until its last one has expired. Safe for many threads; what
 * verifies never waits for the database.
 */
public final class TokenKeyring {
    private static final Logger LOG = LoggerFactory.getLogger(TokenKeyring.class);

    /** Longer than a signed token can take into the database. */
    private static final Duration ON_THE_WAY = Duration.ofMinutes(1);

    private static final String DRAWN = "drawn";
    private static final String SETTINGS = "settings";

    /** The keys as they are between two rotations. */
    private record Ring(
            SigningKey signing,
            Optional<SigningKey> next,
            Map<String, VerifyingKey> known,
            List<KeyRow> rows) {
        @Override
        public String toString() {
            return "Ring" + known.keySet();
        }
    }

    private final Database database;
    private final DatabaseAuditLog audit;
    private final Sealer sealer;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final String issuer;
    private final @Nullable SigningKey given;
    private volatile Ring ring;

    /**
     * Reads the keys, and draws what is missing.
     *
     * @param given the key of the settings, which signs at once unless it was rotated away before
     */
    public TokenKeyring(
            Database database,
            DatabaseAuditLog audit,
            Keys keys,
            Optional<SigningKey> given,
            Clock clock) {
        this.database = database;
        this.audit = audit;
        this.sealer = keys.sealerFor("signing-key/v1");
        this.clock = clock;
        this.given = given.orElse(null);
        byte[] name = new byte[12];
        random.nextBytes(name);
        this.issuer =
                database.write(
                        DataScope.server(Why.SETUP),
                        "naming the issuer of tokens",
                        handle -> DatabaseKeyStore.issuer(handle, "srv_" + Base64Url.encode(name)));
        this.ring =
                database.write(
                        DataScope.server(Why.SETUP),
                        "preparing the signing keys",
                        handle -> prepare(handle, given));
    }

    private Ring prepare(Handle handle, Optional<SigningKey> given) {
        Instant now = clock.instant();
        DatabaseKeyStore.endExpired(handle, now, now.minus(ON_THE_WAY));
        if (DatabaseKeyStore.inState(handle, KeyState.NEXT).isEmpty()) {
            draw(handle, now);
        }
        given.ifPresent(key -> take(handle, key, now));
        Optional<KeyRow> signing = DatabaseKeyStore.inState(handle, KeyState.SIGNING);
        boolean canSign =
                signing.filter(key ->
                                key.origin().equals(DRAWN)
                                        || given.filter(g -> idOf(g).equals(key.id())).isPresent())
                        .isPresent();
        if (!canSign) {
            signing.ifPresent(key ->
                    LOG.warn(
                            "the signing key of the settings is gone, the next one signs key={}",
                            key.id()));
            rotate(handle, new By("server", "start"), "no key could sign", now);
        }
        return read(handle, null);
    }

    /** Reads the keys afresh, since any node may have rotated them. For one thread. */
    public void reload() {
        Ring before = ring;
        ring =
                database.read(
                        DataScope.server(Why.UPKEEP),
                        "reading the signing keys",
                        handle -> read(handle, before));
    }

    /** A key that the settings name for the first time signs from now on. */
    private void take(Handle handle, SigningKey key, Instant now) {
        String id = idOf(key);
        Optional<KeyRow> known = DatabaseKeyStore.find(handle, id);
        if (known.isPresent()) {
            if (known.get().state() != KeyState.SIGNING) {
                LOG.warn(
                        "the signing key of the settings was rotated away and stays so key={}", id);
            }
            return;
        }
        DatabaseKeyStore.stopSigning(handle, now);
        DatabaseKeyStore.insert(
                handle,
                new KeyRow(
                        id,
                        Paserk.of(key.verifying()),
                        SETTINGS,
                        KeyState.SIGNING,
                        now,
                        now,
                        null,
                        null),
                null);
        RevocationLog.appendSettings(handle, SharedSettings.SIGNING_KEYS, null, now, "server");
        audit.append(
                handle,
                AuditEntry.of(TenantId.DEFAULT, now, "key.signing", "server")
                        .because("given by the settings", null)
                        .detail(id));
    }

    private void draw(Handle handle, Instant now) {
        byte[] seed = new byte[SigningKey.SEED_BYTES];
        random.nextBytes(seed);
        SigningKey key = SigningKey.ofSeed(seed);
        String id = idOf(key);
        byte[] sealed = sealer.seal(seed, place(id));
        Arrays.fill(seed, (byte) 0);
        DatabaseKeyStore.insert(
                handle,
                new KeyRow(
                        id,
                        Paserk.of(key.verifying()),
                        DRAWN,
                        KeyState.NEXT,
                        now,
                        null,
                        null,
                        null),
                sealed);
        // Every node knows it before this is answered, and so long before it signs.
        RevocationLog.appendSettings(handle, SharedSettings.SIGNING_KEYS, null, now, "server");
        audit.append(
                handle, AuditEntry.of(TenantId.DEFAULT, now, "key.published", "server").detail(id));
    }

    private void rotate(Handle handle, By by, String reason, Instant now) {
        KeyRow next = DatabaseKeyStore.inState(handle, KeyState.NEXT).orElseThrow();
        DatabaseKeyStore.stopSigning(handle, now);
        DatabaseKeyStore.startSigning(handle, next.id(), now);
        DatabaseKeyStore.endExpired(handle, now, now.minus(ON_THE_WAY));
        audit.append(
                handle,
                AuditEntry.of(TenantId.DEFAULT, now, "key.rotated", by.actor())
                        .because(reason, null)
                        .request(by.requestId())
                        .detail(next.id()));
        draw(handle, now);
    }

    /**
     * @param before what was known; null at the start
     */
    private Ring read(Handle handle, @Nullable Ring before) {
        List<KeyRow> rows = DatabaseKeyStore.all(handle);
        Map<String, VerifyingKey> known = new LinkedHashMap<>();
        SigningKey signing = null;
        SigningKey next = null;
        for (KeyRow row : rows) {
            switch (row.state()) {
                case SIGNING ->
                        signing =
                                row.origin().equals(SETTINGS)
                                        ? givenAs(row.id())
                                        : open(handle, row.id());
                case NEXT -> next = open(handle, row.id());
                case VERIFYING, GONE -> {}
            }
            if (row.state() != KeyState.GONE) {
                known.put(row.id(), Paserk.readPublic(row.publicKey()).orElseThrow());
            }
        }
        if (signing == null && before != null) {
            LOG.warn("another node signs with a key of its settings, which this one lacks");
            signing = before.signing(); // the others can verify what it signs
        }
        if (signing == null) {
            throw new IllegalStateException("no key signs");
        }
        return new Ring(signing, Optional.ofNullable(next), Map.copyOf(known), rows);
    }

    private @Nullable SigningKey givenAs(String id) {
        SigningKey key = given;
        return key != null && idOf(key).equals(id) ? key : null;
    }

    private SigningKey open(Handle handle, String id) {
        byte[] seed = sealer.open(DatabaseKeyStore.seed(handle, id).orElseThrow(), place(id));
        try {
            return SigningKey.ofSeed(seed);
        } finally {
            Arrays.fill(seed, (byte) 0);
        }
    }

    private static byte[] place(String id) {
        return ("signing_key/" + id).getBytes(StandardCharsets.US_ASCII);
    }

    static String idOf(SigningKey key) {
        return Paserk.idOf(key.verifying());
    }

    /**
     * The next key signs from now on, the one before still verifies, and a new next key is
     * published.
     *
     * @param reason why, for the audit
     */
    public List<KeyRow> rotate(String reason, By by) {
        return database.write(
                        DataScope.server(Why.OPERATOR),
                        "rotating the signing keys",
                        handle -> {
                            rotate(handle, by, reason, clock.instant());
                            return read(handle, null);
                        },
                        fresh -> {
                            if (!database.isShared()) { // else it comes by the log
                                ring = fresh;
                            }
                        })
                .rows();
    }

    /** Every key there ever was, newest first; those whose last token expired are gone. */
    public List<KeyRow> list() {
        return database
                .read(
                        DataScope.server(Why.OPERATOR),
                        "listing the signing keys",
                        DatabaseKeyStore::all)
                .stream()
                .map(row -> isOver(row, clock.instant()) ? gone(row) : row)
                .toList();
    }

    /** The keys that anybody may verify tokens with: next, signing and verifying. */
    public List<KeyRow> published() {
        return list().stream().filter(row -> row.state() != KeyState.GONE).toList();
    }

    /** Decided by time, not by whoever writes it down. */
    private static boolean isOver(KeyRow row, Instant now) {
        Instant stopped = row.stoppedAt();
        Instant last = row.lastExpiry();
        return row.state() == KeyState.VERIFYING
                && stopped != null
                && !now.isBefore(stopped.plus(ON_THE_WAY))
                && (last == null || !now.isBefore(last));
    }

    private static KeyRow gone(KeyRow row) {
        return new KeyRow(
                row.id(),
                row.publicKey(),
                row.origin(),
                KeyState.GONE,
                row.createdAt(),
                row.signingSince(),
                row.stoppedAt(),
                row.lastExpiry());
    }

    /** The name of this server in tokens, the same for all of its life. */
    public String issuer() {
        return issuer;
    }

    /**
     * What was signed besides tokens, and by which key.
     *
     * @param keyId as in {@code /.well-known/drawbridge-keys}
     * @param publicKey as PASERK {@code k4.public}
     * @param signature Ed25519 in base64url
     */
    public record Statement(String keyId, String publicKey, String signature) {}

    /**
     * Signs a statement that is no token.
     *
     * @param format what kind of statement; stands before it, with a newline between, in what is
     *     signed
     */
    public Statement state(byte[] statement, String format) {
        SigningKey key = ring.signing();
        return new Statement(
                idOf(key),
                Paserk.of(key.verifying()),
                Base64Url.encode(key.signStatement(format, statement)));
    }

    /** The key that signs now. */
    SigningKey signing() {
        return ring.signing();
    }

    /** The key with that id, if tokens may still be verified with it. */
    Optional<VerifyingKey> find(String id) {
        return Optional.ofNullable(ring.known().get(id));
    }
}
