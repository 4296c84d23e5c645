package drawbridge.console.screen.secrets;

import drawbridge.model.view.CallerRow;
import drawbridge.model.view.CallerRow.Version;
import drawbridge.model.view.CallerRow.Weakness;
import drawbridge.model.view.SecretUse;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A caller as it was read, with what is used of it right now. Immutable.
 *
 * @param row as it was read
 * @param uses the use of its versions, as last told; by version
 * @param quiet the quiet time
 */
record CallerState(CallerRow row, Map<Integer, SecretUse> uses, Duration quiet) {
    /** Weaknesses that are plain settings of most callers, and told in the drawer alone. */
    private static final Set<String> CALM = Set.of("any_network");

    CallerState {
        uses = Map.copyOf(uses);
    }

    /**
     * How much a version is used.
     *
     * @param calls within the last minute
     * @param all every call of the caller within the last minute
     * @param lastAt the last call; null when there was none
     * @param quietAt from when on nothing has used it for the quiet time; null for the newest
     */
    record Use(long calls, long all, @Nullable Instant lastAt, @Nullable Instant quietAt) {
        /** Its share of all calls, 0 to 1. */
        double share() {
            return all == 0 ? 0 : (double) calls / all;
        }

        /** Whether nothing has used it for the quiet time. */
        boolean isQuiet(Instant now) {
            return quietAt != null && calls == 0 && !now.isBefore(quietAt);
        }
    }

    String id() {
        return row.id();
    }

    Use use(Version version) {
        SecretUse told = uses.get(version.version());
        Instant lastAt = version.lastUsedAt();
        Instant quietAt = version.quietAt();
        if (told != null && (lastAt == null || told.lastUsedAt().isAfter(lastAt))) {
            lastAt = told.lastUsedAt();
            Instant later = lastAt.plus(quiet);
            quietAt = quietAt == null || quietAt.isAfter(later) ? quietAt : later;
        }
        return new Use(calls(version), all(), lastAt, quietAt);
    }

    private long calls(Version version) {
        SecretUse told = uses.get(version.version());
        return told == null ? version.minuteUses() : told.minuteUses();
    }

    private long all() {
        return row.secrets().stream().mapToLong(this::calls).sum();
    }

    /** How much all old versions together are used; empty when none is accepted any more. */
    Optional<Use> oldUse() {
        List<Version> old = row.old();
        if (old.isEmpty()) {
            return Optional.empty();
        }
        long calls = 0;
        Instant lastAt = null;
        Instant quietAt = null;
        for (Version version : old) {
            Use use = use(version);
            calls += use.calls();
            lastAt = later(lastAt, use.lastAt());
            quietAt = later(quietAt, use.quietAt());
        }
        return Optional.of(new Use(calls, all(), lastAt, quietAt));
    }

    /** When any of its versions was used last; null when never. */
    @Nullable Instant lastUsedAt() {
        Instant last = null;
        for (Version version : row.secrets()) {
            last = later(last, use(version).lastAt());
        }
        return last;
    }

    private static @Nullable Instant later(@Nullable Instant one, @Nullable Instant other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.isAfter(other) ? one : other;
    }

    boolean isOverdue(Instant now) {
        Instant dueAt = row.rotation().dueAt();
        return dueAt != null && !now.isBefore(dueAt);
    }

    /** What needs a look, by code: the worst first. */
    List<String> flags(Instant now) {
        List<String> flags = new ArrayList<>();
        if (row.newest().isEmpty()) {
            flags.add("no_secret");
        }
        if (isOverdue(now)) {
            flags.add("overdue");
        }
        row.weaknesses().stream()
                .map(Weakness::code)
                .filter(code -> !CALM.contains(code))
                .forEach(flags::add);
        return flags;
    }
}
