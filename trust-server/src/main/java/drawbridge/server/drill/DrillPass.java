package drawbridge.server.drill;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * What makes a drill's calls those of a trusted proxy: the address it forwards counts as the
 * client's, so that limits and bindings apply to it as to anybody. Drawn for one run, known to
 * nobody outside this process, and worth nothing else. Safe for many threads.
 */
public final class DrillPass {
    /** The header it stands in. */
    public static final String HEADER = "X-Drill-Pass";

    private final SecureRandom random = new SecureRandom();
    private volatile byte @Nullable [] current;

    /** A new pass, from now on the only one. */
    public String open() {
        byte[] bits = new byte[32];
        random.nextBytes(bits);
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
        current = text.getBytes(StandardCharsets.US_ASCII);
        return text;
    }

    /** There is none any more. */
    public void close() {
        current = null;
    }

    /** Whether there is one: without, nobody needs to look for the header. */
    public boolean isOpen() {
        return current != null;
    }

    /** Whether that is it. */
    public boolean isIt(@Nullable String presented) {
        byte[] known = current;
        return known != null
                && presented != null
                && MessageDigest.isEqual(known, presented.getBytes(StandardCharsets.UTF_8));
    }
}
