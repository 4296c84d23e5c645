package drawbridge.server.bridge;

import drawbridge.server.bridge.CallerRegistry.SecretHashes;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.DataScope.Why;
import drawbridge.server.storage.Database;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Every bridge secret there ever was, by its hashes, as it was when this was read: for telling
 * whose secret some text is that was found where none may stand. Immutable; safe for many threads.
 */
public final class DatabaseWrittenSecrets {
    /** A version of a caller's secret. */
    public record Whose(String callerId, String callerName, int version) {}

    private record Row(SecretHashes hashes, Whose whose) {}

    private final CallerRegistry registry;
    private final Map<ByteBuffer, Row> byLookup;

    private DatabaseWrittenSecrets(CallerRegistry registry, Map<ByteBuffer, Row> byLookup) {
        this.registry = registry;
        this.byLookup = byLookup;
    }

    /** Reads them. */
    public static DatabaseWrittenSecrets read(Database database, CallerRegistry registry) {
        return new DatabaseWrittenSecrets(
                registry,
                database.read(
                        DataScope.server(Why.OPERATOR),
                        "reading the hashes of secrets",
                        handle ->
                                handle
                                        .createQuery(
                                                """
                                                SELECT k.lookup_hash, k.confirm_hash, k.version, c.id, c.name
                                                FROM caller_secret k JOIN caller c
                                                    ON c.id = k.caller_id AND c.tenant_id = k.tenant_id
                                                """)
                                        .map((row, context) ->
                                                new Row(
                                                        new SecretHashes(
                                                                row.getBytes("lookup_hash"),
                                                                row.getBytes("confirm_hash")),
                                                        new Whose(
                                                                row.getString("id"),
                                                                row.getString("name"),
                                                                row.getInt("version"))))
                                        .stream()
                                        .collect(
                                                Collectors.toUnmodifiableMap(
                                                        row ->
                                                                ByteBuffer.wrap(
                                                                        row.hashes().lookup()),
                                                        row -> row))));
    }

    /** Whose secret that is, or was; empty when it never was one. */
    public Optional<Whose> whose(byte[] text) {
        SecretHashes hashes = registry.hashesOf(text);
        Row found = byLookup.get(ByteBuffer.wrap(hashes.lookup()));
        return found != null && MessageDigest.isEqual(found.hashes().confirm(), hashes.confirm())
                ? Optional.of(found.whose())
                : Optional.empty();
    }
}
