package drawbridge.server.bridge;

import drawbridge.model.view.SecretUse;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.DataScope.Why;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.StoreUnavailableException;
import drawbridge.server.storage.Times;

import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What callers use: which version of their secret, which rights, and which leniencies that should
 * not stay. Counted in memory, written down now and then; a crash forgets the last seconds. Safe
 * for many threads.
 */
public final class CallerUse {
    private static final Logger LOG = LoggerFactory.getLogger(CallerUse.class);

    /** Something a caller does that makes it weaker than it could be. */
    public enum Weakness {
        /** It puts the session id into the query string. */
        ID_IN_QUERY("session_id_in_query"),
        /** It lacks signals, and may. */
        SIGNAL_NOT_SENT("signal_not_sent"),
        /** It does not say which route it asks for, so that no rule can be stricter. */
        ROUTE_NOT_TOLD("route_not_told"),
        /** It reports paths that could mean two routes. */
        ROUTE_AMBIGUOUS("route_ambiguous");

        private final String wireName;

        Weakness(String wireName) {
            this.wireName = wireName;
        }

        /** The name in the database and in JSON. */
        public String wireName() {
            return wireName;
        }
    }

    private record VersionKey(String tenant, String caller, int version) {}

    private record KindKey(String tenant, String caller, String kind) {}

    private final Map<VersionKey, UseCount> versions = new ConcurrentHashMap<>();
    private final Map<KindKey, UseCount> kinds = new ConcurrentHashMap<>();

    /** Versions whose use was told last; only the thread that takes the news looks at it. */
    private final Set<VersionKey> told = new HashSet<>();

    /** A call presented that version of the caller's secret. */
    void version(Caller caller, int version, Instant now) {
        count(versions, new VersionKey(caller.tenant().value(), caller.id(), version)).note(now);
    }

    /** A right was used. */
    void scope(Caller caller, Scope scope, Instant now) {
        count(kinds, key(caller, kind(scope))).note(now);
    }

    /** A leniency was used. */
    public void weakness(Caller caller, Weakness weakness, Instant now) {
        count(kinds, key(caller, weakness.wireName())).note(now);
    }

    private static KindKey key(Caller caller, String kind) {
        return new KindKey(caller.tenant().value(), caller.id(), kind);
    }

    /** What stands in the database for the use of a right. */
    static String kind(Scope scope) {
        return scope.use();
    }

    private static <K> UseCount count(Map<K, UseCount> counts, K key) {
        UseCount known = counts.get(key); // computeIfAbsent may lock, a look never does
        return known != null ? known : counts.computeIfAbsent(key, k -> new UseCount());
    }

    /**
     * How often something was used, as far as the memory knows.
     *
     * @param unwritten what the database does not count yet
     * @param last the last time since the server started; empty when there was none
     * @param recent how often within the last ten minutes
     * @param lastMinute how often within the last minute
     */
    record Counted(long unwritten, Optional<Instant> last, long recent, long lastMinute) {
        static final Counted NOTHING = new Counted(0, Optional.empty(), 0, 0);
    }

    /** The use of a version. */
    Counted versionUse(Caller caller, int version, Instant now) {
        return counted(
                versions.get(new VersionKey(caller.tenant().value(), caller.id(), version)), now);
    }

    /** The use of a right or a leniency, by its name in the database. */
    Counted kindUse(Caller caller, String kind, Instant now) {
        return counted(kinds.get(key(caller, kind)), now);
    }

    private static Counted counted(@Nullable UseCount count, Instant now) {
        return count == null
                ? Counted.NOTHING
                : new Counted(
                        count.unwritten(), count.last(), count.recent(now), count.lastMinute(now));
    }

    /**
     * The versions that were used within the last minute, and once more each that no longer was, so
     * that whoever follows sees a share fall to nothing. For one thread.
     */
    public List<SecretUse> takeNews(Instant now) {
        List<SecretUse> news = new ArrayList<>();
        versions.forEach((key, count) -> {
            long uses = count.lastMinute(now);
            boolean wasTold = told.remove(key);
            if (uses > 0) {
                told.add(key);
            }
            if (uses > 0 || wasTold) {
                Instant last = count.last().orElse(now);
                news.add(new SecretUse(key.caller(), key.version(), uses, last));
            }
        });
        return news;
    }

    private record Written(UseCount count, long uses) {}

    /** Writes down what is not written yet; what a broken database did not take stays counted. */
    void writeDown(Database database) {
        if (versions.values().stream().allMatch(count -> count.unwritten() == 0)
                && kinds.values().stream().allMatch(count -> count.unwritten() == 0)) {
            return;
        }
        try {
            List<Written> written =
                    database.write(
                            DataScope.server(Why.UPKEEP),
                            "noting what callers used",
                            handle -> {
                                List<Written> done = new ArrayList<>();
                                versions.forEach((key, count) -> write(handle, key, count, done));
                                kinds.forEach((key, count) -> write(handle, key, count, done));
                                return done;
                            });
            written.forEach(w -> w.count().written(w.uses()));
        } catch (StoreUnavailableException e) {
            LOG.warn("callers' use stays in memory why={}", e.getMessage());
        }
    }

    private static void write(Handle handle, VersionKey key, UseCount count, List<Written> done) {
        long uses = count.unwritten();
        if (uses == 0) {
            return;
        }
        handle.createUpdate(
                        """
                        UPDATE caller_secret SET uses = uses + :uses,
                            last_used_at = <greatest>(coalesce(last_used_at, 0), :last)
                        WHERE tenant_id = :tenant AND caller_id = :caller AND version = :version
                        """)
                .bind("uses", uses)
                .bind("last", Times.micros(count.last().orElseThrow()))
                .bind("tenant", key.tenant())
                .bind("caller", key.caller())
                .bind("version", key.version())
                .execute();
        done.add(new Written(count, uses));
    }

    /** What a caller did whose tenant is deleted is nobody's any more. */
    private static void write(Handle handle, KindKey key, UseCount count, List<Written> done) {
        long uses = count.unwritten();
        if (uses == 0) {
            return;
        }
        handle.createUpdate(
                        """
                        INSERT INTO caller_use (tenant_id, caller_id, kind, uses, last_used_at)
                        SELECT tenant_id, id, :kind, :uses, :last FROM caller
                            WHERE tenant_id = :tenant AND id = :caller
                        ON CONFLICT (caller_id, kind) DO UPDATE SET uses = caller_use.uses + :uses,
                            last_used_at = <greatest>(caller_use.last_used_at, :last)
                        """)
                .bind("uses", uses)
                .bind("last", Times.micros(count.last().orElseThrow()))
                .bind("tenant", key.tenant())
                .bind("caller", key.caller())
                .bind("kind", key.kind())
                .execute();
        done.add(new Written(count, uses));
    }
}
