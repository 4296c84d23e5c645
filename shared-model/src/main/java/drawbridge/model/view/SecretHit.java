package drawbridge.model.view;

import org.jspecify.annotations.Nullable;

/**
 * A secret that stands where it must not. Never the secret itself.
 *
 * @param kind {@code bridge_secret}, {@code session}, {@code admin_token}, {@code master_key}, or
 *     {@code settings} for one that only the settings hold
 * @param name whose, or which one
 * @param isLive whether it still opens something
 * @param place the file, from the folder that was looked through; or the git object's id
 * @param line the line in it, from 1
 * @param commit the commit that brought it there; null in a file, and for an object of no commit
 * @param callerId of a bridge secret; null else
 * @param version of a bridge secret; null else
 * @param ref of a session; null else
 */
public record SecretHit(
        String kind,
        String name,
        boolean isLive,
        String place,
        long line,
        @Nullable String commit,
        @Nullable String callerId,
        @Nullable Integer version,
        @Nullable String ref) {}
