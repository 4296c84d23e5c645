package drawbridge.server.bridge;

import drawbridge.server.bridge.CallerUse.Weakness;
import drawbridge.server.bridge.DatabaseCallerStore.Schedule;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * A caller as an administrator sees it at one instant. Holds no secret and no hash of one.
 *
 * @param caller its settings
 * @param createdAt when it was made
 * @param byEnvironment whether kit, signals, floor and lease are the environment's, which sets them
 *     anew at every start
 * @param scopes every right there is, granted or not
 * @param secrets every version, the newest first
 * @param schedule when its secret should be rotated; null when nothing is planned
 * @param dueAt when its newest secret should be another one, by plan or by age; null when none of
 *     its secrets is accepted
 * @param isRotationDue whether that time is over
 * @param weaknesses what it does that makes it weaker than it could be, with how often
 */
public record CallerView(
        Caller caller,
        Instant createdAt,
        boolean byEnvironment,
        List<Right> scopes,
        List<SecretVersion> secrets,
        @Nullable Schedule schedule,
        @Nullable Instant dueAt,
        boolean isRotationDue,
        List<Seen> weaknesses) {
    public CallerView {
        scopes = List.copyOf(scopes);
        secrets = List.copyOf(secrets);
        weaknesses = List.copyOf(weaknesses);
    }

    /**
     * A right.
     *
     * @param granted whether the caller has it
     * @param uses how often it was used
     * @param lastUsedAt when last; null when never
     */
    public record Right(Scope scope, boolean granted, long uses, @Nullable Instant lastUsedAt) {}

    /**
     * A version of its secret.
     *
     * @param state {@code active}, {@code ending} until its announced end, then {@code ended}; or
     *     {@code retired}, {@code burned}
     * @param origin {@code admin} or {@code environment}
     * @param until its announced end; null while it has none
     * @param endedAt when it was retired or burned; null when it was not
     * @param uses how often it was presented
     * @param lastUsedAt when last; null when never
     * @param recentUses how often within the last ten minutes
     * @param recentPercent its share of the caller's calls within the last ten minutes; 0 to 100
     * @param minuteUses how often within the last minute
     * @param quietAt from when on nothing has used it for the quiet time, unless something does
     *     before; null for the newest version, and for one that is not accepted
     */
    public record SecretVersion(
            int version,
            String state,
            String origin,
            Instant createdAt,
            @Nullable Instant until,
            @Nullable Instant endedAt,
            long uses,
            @Nullable Instant lastUsedAt,
            long recentUses,
            int recentPercent,
            long minuteUses,
            @Nullable Instant quietAt) {
        /** Whether it is accepted. */
        public boolean isAccepted() {
            return state.equals("active") || state.equals("ending");
        }
    }

    /** Something it did that should not stay so, how often, and when last. */
    public record Seen(Weakness weakness, long uses, @Nullable Instant lastAt) {}
}
