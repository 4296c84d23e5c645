package drawbridge.server.http;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Instants as text, such as {@code 2026-11-21T22:46:31.000123Z}: what {@link Instant#toString}
 * gives, as bytes. Most answers of one second share their seconds, which are kept. Safe for many
 * threads.
 */
final class Timestamps {
    /** A whole second as text, without what ends it. */
    private static final class Second {
        private final long epochSecond;
        private final byte[] text;

        Second(long epochSecond) {
            this.epochSecond = epochSecond;
            String whole = Instant.ofEpochSecond(epochSecond).toString();
            this.text = whole.substring(0, whole.length() - 1).getBytes(StandardCharsets.US_ASCII);
        }
    }

    /** Now, and the ends of the usual lifetimes from now. */
    private static final int KEPT = 64;

    private static final AtomicReferenceArray<Second> SECONDS = new AtomicReferenceArray<>(KEPT);

    private Timestamps() {}

    static byte[] of(Instant instant) {
        byte[] second = second(instant.getEpochSecond()).text;
        int nanos = instant.getNano();
        int digits = nanos == 0 ? 0 : nanos % 1_000_000 == 0 ? 3 : nanos % 1_000 == 0 ? 6 : 9;
        byte[] text = new byte[second.length + (digits == 0 ? 1 : digits + 2)];
        System.arraycopy(second, 0, text, 0, second.length);
        if (digits > 0) {
            text[second.length] = '.';
            int rest = digits == 3 ? nanos / 1_000_000 : digits == 6 ? nanos / 1_000 : nanos;
            for (int i = second.length + digits; i > second.length; i--) {
                text[i] = (byte) ('0' + rest % 10);
                rest /= 10;
            }
        }
        text[text.length - 1] = 'Z';
        return text;
    }

    private static Second second(long epochSecond) {
        int place = Math.floorMod(epochSecond, KEPT);
        Second known = SECONDS.get(place);
        if (known == null || known.epochSecond != epochSecond) {
            known = new Second(epochSecond);
            SECONDS.set(place, known);
        }
        return known;
    }
}
