package drawbridge.server.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import java.util.Optional;

/** Remembers the tokens this node has seen refused, so that hammering one costs no database. */
public final class MemoryTokenStatusCache implements TokenStatusCache {
    private final Cache<String, String> ends;

    /**
     * @param tokens how many it remembers; about 150 bytes each
     */
    public MemoryTokenStatusCache(int tokens) {
        this.ends = Caffeine.newBuilder().maximumSize(tokens).build();
    }

    @Override
    public Optional<String> endOf(String tokenId) {
        return Optional.ofNullable(ends.getIfPresent(tokenId));
    }

    @Override
    public void ended(String tokenId, String how) {
        ends.put(tokenId, how);
    }

    @Override
    public String name() {
        return "memory";
    }
}
