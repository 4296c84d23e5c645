package drawbridge.model.view;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * A way on which alerts leave the server.
 *
 * @param name {@code webhook} or {@code mail}
 * @param to where to, without anything secret
 * @param state {@code idle} before the first, {@code delivered} or {@code failing}
 * @param waiting what waits to be delivered
 * @param delivered how many were
 * @param dropped how many were given up
 * @param triedAt when the last attempt ended, whether or not it was taken; null before
 * @param nextAt when the first that waits is tried again; null when none has to wait
 * @param lastAt when the last one was delivered; null before
 * @param why why the last attempt failed; empty when it did not
 */
public record AlertChannel(
        String name,
        String to,
        String state,
        int waiting,
        long delivered,
        long dropped,
        @Nullable Instant triedAt,
        @Nullable Instant nextAt,
        @Nullable Instant lastAt,
        String why) {}
