package drawbridge.server.bridge;

import drawbridge.server.bridge.CallerUse.Counted;
import drawbridge.server.bridge.CallerUse.Weakness;
import drawbridge.server.bridge.CallerView.Right;
import drawbridge.server.bridge.CallerView.SecretVersion;
import drawbridge.server.bridge.CallerView.Seen;
import drawbridge.server.bridge.DatabaseCallerStore.SecretRow;
import drawbridge.server.bridge.DatabaseCallerStore.Used;

import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Puts what the database and the memory know of a caller's use together. */
final class CallerFacts {
    private CallerFacts() {}

    /** What was used in all, and when last. */
    private record Total(long uses, @Nullable Instant lastAt) {
        static Total of(@Nullable Used stored, Counted counted) {
            return new Total(
                    (stored == null ? 0 : stored.uses()) + counted.unwritten(),
                    later(stored == null ? null : stored.lastAt(), counted.last().orElse(null)));
        }
    }

    static List<Right> rights(Handle handle, Caller caller, CallerUse use, Instant now) {
        Map<String, Used> stored = DatabaseCallerStore.used(handle, caller);
        List<Right> rights = new ArrayList<>();
        for (Scope scope : Scope.values()) {
            String kind = CallerUse.kind(scope);
            Total total = Total.of(stored.get(kind), use.kindUse(caller, kind, now));
            boolean granted = caller.scopes().contains(scope);
            rights.add(new Right(scope, granted, total.uses(), total.lastAt()));
        }
        return rights;
    }

    static List<Seen> weaknesses(Handle handle, Caller caller, CallerUse use, Instant now) {
        Map<String, Used> stored = DatabaseCallerStore.used(handle, caller);
        List<Seen> seen = new ArrayList<>();
        for (Weakness weakness : Weakness.values()) {
            String kind = weakness.wireName();
            Total total = Total.of(stored.get(kind), use.kindUse(caller, kind, now));
            if (total.uses() > 0) {
                seen.add(new Seen(weakness, total.uses(), total.lastAt()));
            }
        }
        return seen;
    }

    /**
     * @param quiet how long nothing may have used an old version before it is safe to retire
     */
    static List<SecretVersion> versions(
            List<SecretRow> rows, Caller caller, CallerUse use, Duration quiet, Instant now) {
        Optional<SecretRow> newest = newest(rows, now);
        long recent = 0;
        for (SecretRow row : rows) {
            recent += use.versionUse(caller, row.version(), now).recent();
        }
        List<SecretVersion> versions = new ArrayList<>();
        for (SecretRow row : rows) {
            Counted counted = use.versionUse(caller, row.version(), now);
            Instant lastAt = later(row.lastUsedAt(), counted.last().orElse(null));
            boolean isOld =
                    row.isAccepted(now)
                            && newest.filter(fresh -> fresh.version() > row.version()).isPresent();
            // What it may have to do is known only since its successor could be used instead.
            Instant since = later(lastAt, newest.map(SecretRow::createdAt).orElse(null));
            versions.add(
                    new SecretVersion(
                            row.version(),
                            state(row, now),
                            row.origin(),
                            row.createdAt(),
                            row.until(),
                            row.endedAt(),
                            row.uses() + counted.unwritten(),
                            lastAt,
                            counted.recent(),
                            recent == 0 ? 0 : Math.toIntExact(100 * counted.recent() / recent),
                            counted.lastMinute(),
                            isOld && since != null ? since.plus(quiet) : null));
        }
        return versions;
    }

    /** The accepted version that was made last. */
    static Optional<SecretRow> newest(List<SecretRow> rows, Instant now) {
        return rows.stream()
                .filter(row -> row.isAccepted(now))
                .max(Comparator.comparingInt(SecretRow::version));
    }

    private static String state(SecretRow row, Instant now) {
        if (!row.state().equals("active") || row.until() == null) {
            return row.state();
        }
        return row.isAccepted(now) ? "ending" : "ended";
    }

    private static @Nullable Instant later(@Nullable Instant one, @Nullable Instant other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.isAfter(other) ? one : other;
    }
}
