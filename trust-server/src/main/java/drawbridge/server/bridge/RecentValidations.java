package drawbridge.server.bridge;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import drawbridge.model.IpAddress;
import drawbridge.model.IpNetwork;
import drawbridge.model.SessionSource;
import drawbridge.model.Signal;
import drawbridge.model.TenantId;
import drawbridge.server.bridge.Recent.Ending;
import drawbridge.server.bridge.Recent.Judged;
import drawbridge.server.bridge.Recent.Seen;
import drawbridge.server.bridge.Recent.Shown;
import drawbridge.server.crypto.KeyedHash;
import drawbridge.server.judge.Comparison;
import drawbridge.server.judge.Comparison.Match;
import drawbridge.server.judge.IpMatch;
import drawbridge.server.judge.Verdict;
import drawbridge.server.judge.Verdict.Limited;
import drawbridge.server.judge.Verdict.Reason;
import drawbridge.server.judge.Verdict.Refused;
import drawbridge.server.judge.Verdict.Trusted;
import drawbridge.server.judge.Verdict.Undecided;
import drawbridge.server.session.DeviceHash;
import drawbridge.server.session.Found;
import drawbridge.server.session.Session;
import drawbridge.server.session.Signals;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The last bridge calls, in memory only: what a proposed policy is tried on, and what a verdict is
 * explained from. A full ring forgets the oldest. Noting takes a counter, a compare-and-set and the
 * writing of some 350 bytes; no lock, and nothing the collector would have to copy.
 *
 * <p>Of the calls of one caller that are trusted of a session in memory and show what the call
 * before them showed, {@value #STEADY_EACH} are noted in each tenth of a second: more would push
 * all others out within seconds. Safe for many threads.
 */
public final class RecentValidations {
    private static final int STEADY_EACH = 50;
    private static final Duration STRETCH = Duration.ofMillis(100);

    private final RecentRing ring;
    private final LastShown lastShown = new LastShown();
    private final KeyedHash keyed;

    /** By identity: a caller that was read anew, or is gone, takes its pace with it. */
    private final Cache<Caller, Pace> paces =
            Caffeine.newBuilder().weakKeys().executor(Runnable::run).build();

    /**
     * @param kept how many calls are kept
     * @param keyed hashes addresses for this purpose alone
     */
    public RecentValidations(int kept, KeyedHash keyed) {
        this.ring = new RecentRing(kept);
        this.keyed = keyed;
    }

    /** Remembers a verdict. */
    void note(BridgeCall call, Ruling ruling, Verdict verdict, Instant now) {
        boolean isSteady =
                verdict instanceof Trusted(Found found, var _, var _)
                        && found.source() == SessionSource.MEMORY
                        && lastShown.isAgain(found.session().ref().value(), call.signals());
        if (!isSteady || pace(call.caller()).admits(now)) {
            ring.put(judged(call, ruling, verdict, now));
        }
    }

    private Pace pace(Caller caller) {
        return paces.get(caller, _ -> new Pace(STEADY_EACH, STRETCH));
    }

    /** A verdict as it may be remembered. */
    Judged judged(BridgeCall call, Ruling ruling, Verdict verdict, Instant now) {
        @Nullable Found met =
                switch (verdict) {
                    case Trusted(Found found, var _, var _) -> found;
                    case Refused(var _, var _, Found found, var _) -> found;
                    case Undecided _, Limited _ -> null;
                };
        Shown sent = shown(call.signals(), met == null ? Signals.NONE : met.session().recorded());
        return switch (verdict) {
            case Trusted(Found found, var mode, var notCompared) ->
                    judged(
                            call,
                            ruling,
                            Ending.TRUSTED,
                            null,
                            null,
                            seen(found, call, sent),
                            sent,
                            now);
            case Refused(Reason reason, Signal signal, Found found, var mode) ->
                    judged(
                            call,
                            ruling,
                            Ending.REFUSED,
                            reason,
                            signal,
                            found == null ? null : seen(found, call, sent),
                            sent,
                            now);
            case Undecided _ -> judged(call, ruling, Ending.UNDECIDED, null, null, null, sent, now);
            case Limited _ ->
                    judged(call, ruling, Ending.RATE_LIMITED, null, null, null, sent, now);
        };
    }

    /**
     * Remembers a call that was turned away before anything was looked for.
     *
     * @param caller the caller whose secret it was; null when it is nobody's
     */
    void turnedAway(String requestId, @Nullable Caller caller, Instant now) {
        ring.put(new Recent.TurnedAway(now, requestId, caller));
    }

    private static Judged judged(
            BridgeCall call,
            Ruling ruling,
            Ending ending,
            @Nullable Reason reason,
            @Nullable Signal signal,
            @Nullable Seen session,
            Shown sent,
            Instant now) {
        return new Judged(
                now,
                call.requestId(),
                call.caller(),
                call.method(),
                call.path(),
                call.askedMode(),
                ruling,
                ending,
                reason,
                signal,
                session,
                sent);
    }

    private static Seen seen(Found found, BridgeCall call, Shown sent) {
        Session session = found.session();
        Comparison compared = Comparison.of(session.recorded(), call.signals());
        return new Seen(
                session.ref().value(),
                session.user().id().value(),
                found.source(),
                session.openedNumber(),
                session.createdAt(),
                compared,
                recorded(session.recorded(), call.signals(), compared, sent));
    }

    /** Most calls show what was recorded: then nothing is masked twice. */
    private static Shown recorded(
            Signals recorded, Signals called, Comparison compared, Shown sent) {
        boolean isAllSame =
                compared.ip() == Match.SAME
                        && compared.device() == Match.SAME
                        && compared.agent() == Match.SAME;
        if (isAllSame) {
            return sent;
        }
        return new Shown(
                compared.ip() == Match.SAME ? sent.network() : network(recorded.ip()),
                device(recorded, called),
                compared.agent() == Match.SAME ? sent.agent() : Agents.masked(recorded.agent()),
                0);
    }

    private Shown shown(Signals signals, Signals recorded) {
        IpAddress ip = signals.ip();
        return new Shown(
                network(ip),
                device(signals, recorded),
                Agents.masked(signals.agent()),
                ip == null ? 0 : ByteBuffer.wrap(keyed.of(ip.bytes())).getLong());
    }

    /**
     * The device as it was compared with the other's, so that both are shown by evidence of the
     * same kind: what differs before what is known better; that alone when nothing was compared.
     */
    private static @Nullable DeviceHash device(Signals signals, Signals other) {
        DeviceHash cookie = signals.cookie();
        DeviceHash told = signals.device();
        if (cookie == null || told == null) {
            return cookie == null ? told : cookie;
        }
        if (other.device() == null || other.cookie() == null) {
            return other.device() == null ? cookie : told;
        }
        boolean onlyToldDiffers = cookie.equals(other.cookie()) && !told.equals(other.device());
        return onlyToldDiffers ? told : cookie;
    }

    private static @Nullable IpNetwork network(@Nullable IpAddress ip) {
        if (ip == null) {
            return null;
        }
        int bits = ip.isIpv4() ? IpMatch.IPV4_BITS : IpMatch.IPV6_BITS;
        byte[] bytes = ip.bytes();
        for (int i = bits / 8; i < bytes.length; i++) {
            bytes[i] = 0;
        }
        return new IpNetwork(IpAddress.ofBytes(bytes), bits);
    }

    /**
     * What is remembered of the judged calls of that tenant, the newest first, as often as it is
     * asked; each is read when its turn comes. Calls that come meanwhile may be missing.
     */
    public Iterable<Judged> judged(TenantId tenant) {
        return () -> ring.judged(tenant).iterator();
    }

    /** What is remembered of that request, the newest first; empty when nothing is. */
    public List<Recent> of(String requestId) {
        return ring.of(requestId).toList();
    }
}
