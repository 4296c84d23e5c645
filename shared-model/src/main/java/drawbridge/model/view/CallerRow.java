package drawbridge.model.view;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A back end as an administrator sees it. Words are those of the admin API; durations are written
 * such as {@code 60s}.
 *
 * @param kit {@code drawbridge} or {@code flowfull}
 * @param signals {@code required} or {@code when-sent}
 * @param floor the mode it is judged by at least
 * @param lease for kit flowfull: how long such a client may believe an answer
 * @param remember for kit drawbridge: how long it may use an answer again
 * @param advancedMeans {@code device}, or {@code agent} where the compatibility switch is on
 * @param networks where it may call from; empty for anywhere
 * @param settingsFrom {@code environment} when that sets some of it anew at every start, else
 *     {@code admin}
 * @param scopes every right there is, granted or not
 * @param secrets every version, the newest first
 * @param rotation when it should get another secret
 * @param weaknesses what should not stay as it is
 */
public record CallerRow(
        String id,
        String name,
        String tenant,
        String kit,
        String signals,
        String floor,
        String lease,
        String remember,
        String advancedMeans,
        List<String> networks,
        String settingsFrom,
        Instant createdAt,
        List<Right> scopes,
        List<Version> secrets,
        Rotation rotation,
        List<Weakness> weaknesses) {
    public CallerRow {
        networks = List.copyOf(networks);
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
    public record Right(String scope, boolean granted, long uses, @Nullable Instant lastUsedAt) {}

    /**
     * A version of its secret.
     *
     * @param state {@code active}, {@code ending}, {@code ended}, {@code retired} or {@code burned}
     * @param accepted whether it is accepted
     * @param origin {@code admin} or {@code environment}
     * @param acceptedUntil its announced end; null while it has none
     * @param endedAt when it was retired or burned; null when it was not
     * @param uses how often it was presented
     * @param lastUsedAt when last; null when never
     * @param minuteUses how often within the last minute
     * @param quietAt for an old version that is still accepted: from when on nothing has used it
     *     for the quiet time, unless something does before
     */
    public record Version(
            int version,
            String state,
            boolean accepted,
            String origin,
            Instant createdAt,
            @Nullable Instant acceptedUntil,
            @Nullable Instant endedAt,
            long uses,
            @Nullable Instant lastUsedAt,
            long minuteUses,
            @Nullable Instant quietAt) {}

    /**
     * When it should get another secret.
     *
     * @param every how often, by plan; null without one
     * @param overlap how long both are accepted, by plan; null without one
     * @param dueAt when next; null while none of its secrets is accepted
     * @param dueBy {@code plan} or {@code age}; null with {@code dueAt}
     * @param due whether that time is over
     */
    public record Rotation(
            @Nullable String every,
            @Nullable String overlap,
            @Nullable Instant dueAt,
            @Nullable String dueBy,
            boolean due) {}

    /**
     * What should not stay as it is.
     *
     * @param code such as {@code signals_when_sent}
     * @param text what it means, in the server's words
     * @param seconds for how long it may believe an answer; null unless the code is about that
     * @param uses how often it was seen; null for a setting
     * @param lastAt when last; null for a setting
     */
    public record Weakness(
            String code,
            String text,
            @Nullable Long seconds,
            @Nullable Long uses,
            @Nullable Instant lastAt) {}

    /** The version that was made last of those accepted; empty when none is. */
    public Optional<Version> newest() {
        return secrets.stream()
                .filter(Version::accepted)
                .max(Comparator.comparingInt(Version::version));
    }

    /** The other versions that are accepted, the oldest last. */
    public List<Version> old() {
        int newest = newest().map(Version::version).orElse(0);
        return secrets.stream()
                .filter(secret -> secret.accepted() && secret.version() < newest)
                .toList();
    }
}
