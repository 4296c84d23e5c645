package drawbridge.model.view;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * A search for secrets in the server's own logs and, where one was named, in a folder.
 *
 * @param state {@code running}, {@code ended}, {@code cancelled} or {@code failed}
 * @param folder what was named; null for the logs alone
 * @param startedAt when it began
 * @param endedAt when it ended; null while it runs
 * @param files files read so far
 * @param objects git objects read so far
 * @param bytes of both
 * @param skipped files and objects that are too large or hold no text
 * @param now what is read just now, in words; empty at the end
 * @param why why it failed, or where it stopped short; empty when it did neither
 * @param hits what was found, up to 200
 */
public record SecretScan(
        String state,
        @Nullable String folder,
        Instant startedAt,
        @Nullable Instant endedAt,
        long files,
        long objects,
        long bytes,
        long skipped,
        String now,
        String why,
        List<SecretHit> hits) {
    public SecretScan {
        hits = List.copyOf(hits);
    }

    /** Those that still open something. */
    public long live() {
        return hits.stream().filter(SecretHit::isLive).count();
    }
}
