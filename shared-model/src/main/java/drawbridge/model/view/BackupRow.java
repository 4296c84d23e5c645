package drawbridge.model.view;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * A backup in the data folder of a server.
 *
 * @param name its file's name
 * @param kind {@code backup}, {@code before-upgrade} or {@code before-restore}
 * @param madeAt when
 * @param bytes its size
 * @param sha256 of the file, in hex; told only when it was just made
 */
public record BackupRow(
        String name, String kind, Instant madeAt, long bytes, @Nullable String sha256) {}
