package drawbridge.server.audit;

import drawbridge.server.crypto.KeyedHash;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * Where a tenant's chain ends, as the head row says.
 *
 * @param number of the last row
 * @param hash of the last row, in hex
 * @param origin {@code first}, {@code adopted} or {@code refound}
 * @param mac the keyed hash over all of it, in hex; only the server can make one
 */
record AuditHead(String tenant, long number, String hash, String origin, String mac) {
    /** There was no row before there were heads. */
    static final String FIRST = "first";

    /** Rows of an older version were taken over. */
    static final String ADOPTED = "adopted";

    /** The head was gone although there were rows. */
    static final String REFOUND = "refound";

    static AuditHead of(KeyedHash keyed, String tenant, long number, String hash, String origin) {
        return new AuditHead(
                tenant, number, hash, origin, mac(keyed, tenant, number, hash, origin));
    }

    boolean isGenuine(KeyedHash keyed) {
        return MessageDigest.isEqual(
                mac.getBytes(StandardCharsets.US_ASCII),
                mac(keyed, tenant, number, hash, origin).getBytes(StandardCharsets.US_ASCII));
    }

    private static String mac(
            KeyedHash keyed, String tenant, long number, String hash, String origin) {
        String said = String.join("\n", tenant, Long.toString(number), hash, origin);
        return HexFormat.of().formatHex(keyed.of(said.getBytes(StandardCharsets.UTF_8)));
    }
}
