package drawbridge.server.token;

import java.util.Optional;

/**
 * A near copy of what has ended: in memory, or shared in Redis. It may refuse a token early and
 * spare the database; it never accepts one, and may forget at any time. Safe for many threads.
 */
public interface TokenStatusCache {
    /**
     * What it remembers: {@code spent}, {@code revoked} or {@code superseded}; empty is no news.
     */
    Optional<String> endOf(String tokenId);

    /** The database says that this token has ended; a token never opens again. */
    void ended(String tokenId, String how);

    /** Where it remembers, such as {@code memory}. */
    String name();
}
