package drawbridge.server.redis;

import drawbridge.server.token.TokenStatusCache;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Remembers for all nodes which tokens have ended, behind a memory of this node's own. What it says
 * can only refuse: a forged, old or missing copy leaves the question to the database. A token never
 * opens again, so a copy does not grow old. Safe for many threads.
 */
public final class RedisTokenStatusCache implements TokenStatusCache {
    /** Longer than links usually work; whoever comes later costs a look into the database. */
    private static final Duration KEPT = Duration.ofDays(1);

    private static final Set<String> ENDS = Set.of("spent", "revoked", "superseded");

    private final TokenStatusCache memory;
    private final RedisCopies copies;

    public RedisTokenStatusCache(TokenStatusCache memory, RedisCopies copies) {
        this.memory = memory;
        this.copies = copies;
    }

    @Override
    public Optional<String> endOf(String tokenId) {
        Optional<String> near = memory.endOf(tokenId);
        if (near.isPresent()) {
            return near;
        }
        Optional<String> shared =
                copies.get(name(tokenId))
                        .map(copy -> new String(copy.content(), StandardCharsets.US_ASCII))
                        .filter(ENDS::contains);
        shared.ifPresent(how -> memory.ended(tokenId, how));
        return shared;
    }

    @Override
    public void ended(String tokenId, String how) {
        memory.ended(tokenId, how);
        copies.put(name(tokenId), 0, how.getBytes(StandardCharsets.US_ASCII), KEPT);
    }

    @Override
    public String name() {
        return "redis";
    }

    private static byte[] name(String tokenId) {
        return ("token\0" + tokenId).getBytes(StandardCharsets.UTF_8);
    }
}
