package drawbridge.server.checklist;

import drawbridge.model.Secret;
import drawbridge.model.SessionToken;
import drawbridge.model.TenantId;
import drawbridge.server.bridge.CallerRegistry;
import drawbridge.server.bridge.DatabaseWrittenSecrets;
import drawbridge.server.bridge.DatabaseWrittenSecrets.Whose;
import drawbridge.server.crypto.KeyedHash;
import drawbridge.server.secret.AdminTokens;
import drawbridge.server.session.DatabaseSessionStore;
import drawbridge.server.session.Session;
import drawbridge.server.session.SessionKey;
import drawbridge.server.storage.Database;
import drawbridge.server.tenant.Tenant;
import drawbridge.server.tenant.Tenants;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Says of a text whether it is a secret of this server, by keyed hashes alone. Made for one search;
 * one thread.
 */
final class KnownSecrets {
    private static final int KEY_BYTES = 32;

    /** Session ids have a shape of their own; so many are looked up in the database. */
    private static final int MOST_SESSIONS = 10_000;

    /**
     * What a text turned out to be.
     *
     * @param isLive says whether it still opens something, also later
     */
    record Known(
            String kind,
            String name,
            BooleanSupplier isLive,
            @Nullable String callerId,
            @Nullable Integer version,
            @Nullable String ref) {}

    /**
     * Where secrets are known.
     *
     * @param keyed hashes for this purpose alone
     * @param settings keyed hashes of what the settings hold, with the setting's key
     * @param masterKey the 32 bytes that are the master key now; whoever asks closes it
     */
    record Sources(
            Database database,
            CallerRegistry registry,
            AdminTokens adminTokens,
            DatabaseSessionStore sessions,
            Tenants tenants,
            KeyedHash keyed,
            Map<String, Secret> settings,
            Supplier<Secret> masterKey,
            Clock clock) {
        Sources {
            settings = Map.copyOf(settings);
        }

        /** Reads what there is now. */
        KnownSecrets open() {
            return new KnownSecrets(this);
        }
    }

    private final Sources from;
    private final DatabaseWrittenSecrets bridge;
    private final Map<ByteBuffer, String> settings = new HashMap<>();
    private final byte[] master;
    private final List<TenantId> tenants;
    private int sessionsLooked;

    private KnownSecrets(Sources from) {
        this.from = from;
        this.bridge = DatabaseWrittenSecrets.read(from.database(), from.registry());
        from.settings()
                .forEach((key, secret) ->
                        settings.put(ByteBuffer.wrap(secret.use(from.keyed()::of)), key));
        this.master = masterNow();
        this.tenants = from.tenants().all().stream().map(Tenant::id).toList();
    }

    private byte[] masterNow() {
        try (Secret key = from.masterKey().get()) {
            return key.use(from.keyed()::of);
        }
    }

    /** What that text is; empty when it is no secret. */
    Optional<Known> find(String text) {
        Optional<SessionToken> session = SessionToken.parse(text);
        if (session.isPresent()) {
            return session(session.get());
        }
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return bridge(bytes)
                .or(() -> adminToken(bytes))
                .or(() -> setting(bytes))
                .or(() -> masterKey(text));
    }

    private Optional<Known> bridge(byte[] bytes) {
        return bridge.whose(bytes)
                .map(whose ->
                        new Known(
                                "bridge_secret",
                                "the bridge secret of %s, version %d"
                                        .formatted(whose.callerName(), whose.version()),
                                () -> isAccepted(whose),
                                whose.callerId(),
                                whose.version(),
                                null));
    }

    private boolean isAccepted(Whose whose) {
        return from.registry()
                .accepted(whose.callerId(), whose.version(), from.clock().instant())
                .isPresent();
    }

    private Optional<Known> adminToken(byte[] bytes) {
        return from.adminTokens()
                .liveness(bytes)
                .map(live -> own("admin_token", "the admin token", live));
    }

    private Optional<Known> setting(byte[] bytes) {
        String key = settings.get(ByteBuffer.wrap(from.keyed().of(bytes)));
        return Optional.ofNullable(key)
                .map(setting -> own("settings", "the secret of " + setting, () -> true));
    }

    /** As its file holds it, or as base64 or hexadecimal digits, as the settings take it. */
    private Optional<Known> masterKey(String text) {
        return decoded(text)
                .map(from.keyed()::of)
                .filter(hash -> MessageDigest.isEqual(hash, master))
                .map(hash ->
                        own(
                                "master_key",
                                "the master key",
                                () -> MessageDigest.isEqual(hash, masterNow())));
    }

    private static Optional<byte[]> decoded(String text) {
        try {
            byte[] bytes =
                    switch (text.length()) {
                        case 2 * KEY_BYTES -> HexFormat.of().parseHex(text);
                        case 43, 44 ->
                                text.indexOf('-') >= 0 || text.indexOf('_') >= 0
                                        ? Base64.getUrlDecoder().decode(text)
                                        : Base64.getDecoder().decode(text);
                        default -> new byte[0];
                    };
            return Optional.of(bytes).filter(key -> key.length == KEY_BYTES);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Known own(String kind, String name, BooleanSupplier isLive) {
        return new Known(kind, name, isLive, null, null, null);
    }

    private Optional<Known> session(SessionToken token) {
        if (sessionsLooked++ >= MOST_SESSIONS) {
            return Optional.empty();
        }
        for (TenantId tenant : tenants) {
            SessionKey key = new SessionKey(tenant, token.id());
            Optional<Session> found = from.sessions().find(key);
            if (found.isPresent()) {
                return Optional.of(
                        new Known(
                                "session",
                                "the id of session " + found.get().ref().value(),
                                () -> isLive(key),
                                null,
                                null,
                                found.get().ref().value()));
            }
        }
        return Optional.empty();
    }

    private boolean isLive(SessionKey key) {
        return from.sessions()
                .find(key)
                .filter(session ->
                        session.over(session.lastSeenAt(), from.clock().instant()).isEmpty())
                .isPresent();
    }
}
