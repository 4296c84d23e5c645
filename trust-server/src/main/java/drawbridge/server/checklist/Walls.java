package drawbridge.server.checklist;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import com.github.benmanes.caffeine.cache.Ticker;

import drawbridge.server.storage.Database;
import drawbridge.server.storage.WallTrial;

import java.time.Duration;

/**
 * How the walls between tenants stand. Trying them asks the database a hundred questions, so
 * whoever looks every second gets the same outcome. Safe for many threads.
 */
final class Walls {
    private static final Duration SAME_OUTCOME = Duration.ofSeconds(5);

    private final Database database;
    private final LoadingCache<String, WallTrial.Outcome> tried;

    Walls(Database database, Ticker ticker) {
        this.database = database;
        this.tried =
                Caffeine.newBuilder()
                        .expireAfterWrite(SAME_OUTCOME)
                        .ticker(ticker)
                        .build(_ -> database.tryWalls());
    }

    /** As of at most a few seconds ago. */
    WallTrial.Outcome now() {
        return tried.get("walls");
    }

    /** What the next look sees is tried afresh. */
    void forget() {
        tried.invalidateAll();
    }

    boolean isOfDatabase() {
        return database.isShared();
    }
}
