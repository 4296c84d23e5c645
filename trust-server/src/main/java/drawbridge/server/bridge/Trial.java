package drawbridge.server.bridge;

import drawbridge.server.bridge.Recent.Judged;
import drawbridge.server.judge.Judge;
import drawbridge.server.judge.Verdict;
import drawbridge.server.judge.Verdict.Reason;
import drawbridge.server.judge.Verdict.Refused;
import drawbridge.server.policy.RouteTable;
import drawbridge.server.session.Found;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * Judges a call that nobody made, as it would be judged if somebody did. It leaves nothing behind:
 * no count, no rate, no audit row, and the session was not seen. Safe for many threads.
 */
public final class Trial {
    private final RecentValidations masking;

    /**
     * @param masking makes of signals what may be shown of them
     */
    public Trial(RecentValidations masking) {
        this.masking = masking;
    }

    /**
     * How that call would end. Its rate is not counted.
     *
     * @param call what would be asked; the session in it is not looked at
     * @param table the policies to try, in force or not
     * @param found the session it would be about; null when there is none
     */
    public Judged of(BridgeCall call, RouteTable table, @Nullable Found found, Instant now) {
        Ruling ruling =
                RouteModes.ruling(
                        table, call.caller(), call.method(), call.path(), call.askedMode());
        Verdict verdict =
                found == null
                        ? Refused.because(Reason.NO_SESSION)
                        : Judge.judge(found, call.signals(), ruling.required(), now);
        return masking.judged(call, ruling, verdict, now);
    }
}
