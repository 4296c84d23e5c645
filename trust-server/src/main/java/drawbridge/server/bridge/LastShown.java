package drawbridge.server.bridge;

import drawbridge.model.IpAddress;
import drawbridge.server.session.Signals;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What the last call about a session showed, as 32 bits of a hash: enough to tell whether the next
 * one shows the same. A table of a fixed size, so a session may be forgotten for another one, and
 * its next call then counts as new; in one case of four thousand million a change is not noticed,
 * or when somebody makes a user agent for it, who gains that the call may not be remembered. Makes
 * no objects that stay. Safe for many threads; of two calls at once about one session either may be
 * the last.
 */
final class LastShown {
    /** Sessions whose hash is alike share so many cells. */
    private static final int WAYS = 4;

    private static final int SETS = 1 << 14;
    private static final long PRIME = 0x100000001b3L; // FNV-1a, 64 bits
    private static final long MIX = 0x9e3779b97f4a7c15L;

    /** The session's tag above, the hash of what was shown below; 0 for nothing. */
    private final AtomicLongArray cells = new AtomicLongArray(SETS * WAYS);

    /** Nobody can tell which sessions share cells. */
    private final long seed = ThreadLocalRandom.current().nextLong();

    /**
     * Whether the session's last call showed the same; what this one shows is the last from now on.
     */
    boolean isAgain(String ref, Signals signals) {
        long session = mixed(seed ^ ref.hashCode());
        int first = (int) (session & (SETS - 1)) * WAYS;
        int tag = (int) (session >>> 32);
        long now = ((long) tag << 32) | (shown(signals) & 0xffff_ffffL);
        int into = first + (int) ((session >>> 16) & (WAYS - 1));
        for (int i = first; i < first + WAYS; i++) {
            long known = cells.getOpaque(i);
            if (known == now) {
                return true;
            }
            if ((int) (known >>> 32) == tag) {
                into = i;
                break;
            }
            into = known == 0 ? i : into;
        }
        cells.setOpaque(into, now);
        return false;
    }

    private int shown(Signals signals) {
        long hash = seed;
        IpAddress ip = signals.ip();
        for (byte each : ip == null ? new byte[0] : ip.bytes()) {
            hash = (hash ^ (each & 0xff)) * PRIME;
        }
        hash = with(hash, ip == null ? null : ip.isIpv4());
        hash = with(hash, signals.device());
        hash = with(hash, signals.agent());
        hash = with(hash, signals.cookie());
        return (int) (mixed(hash) >>> 32);
    }

    private static long with(long hash, @Nullable Object value) {
        return mixed(hash + (value == null ? 0 : 1 + (value.hashCode() & 0xffff_ffffL)));
    }

    private static long mixed(long value) {
        long mixed = (value ^ (value >>> 32)) * MIX;
        return (mixed ^ (mixed >>> 29)) * MIX;
    }
}
