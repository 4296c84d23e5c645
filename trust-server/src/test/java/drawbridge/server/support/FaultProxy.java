package drawbridge.server.support;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A loopback proxy that can be made to refuse, to hang, to be slow, or to let through. */
public final class FaultProxy extends LoopbackProxy {
    /** How it treats what passes. */
    public enum Mode {
        /** As if it were not there. */
        PASS,
        /** Connections are cut, and new ones at once. */
        CUT,
        /** Connections are accepted and nothing ever comes back. */
        HANG,
        /** What comes back comes a fifth of a second late. */
        SLOW
    }

    private static final Duration LATE = Duration.ofMillis(200);

    private volatile Mode mode = Mode.PASS;

    /** Lets everything through to that port of this machine. */
    public FaultProxy(int target) throws IOException {
        super(target);
    }

    /** From now on; cutting closes what is open. */
    public void set(Mode wanted) {
        mode = wanted;
        if (wanted == Mode.CUT) {
            closeOpen();
        }
    }

    @Override
    boolean letsIn() {
        return mode != Mode.CUT;
    }

    @Override
    boolean handsOn(boolean isAnswer) {
        if (mode == Mode.SLOW && isAnswer) {
            LockSupport.parkNanos(LATE.toNanos());
        }
        return mode == Mode.PASS || mode == Mode.SLOW;
    }
}
