package drawbridge.server.bridge;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import drawbridge.model.IpAddress;
import drawbridge.model.IpNetwork;
import drawbridge.model.SessionSource;
import drawbridge.model.Signal;
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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The last bridge calls, in memory only: what a proposed policy is tried on, and what a verdict is
 * explained from. A full ring forgets the oldest. Noting takes one counter and one store, no lock.
 *
 * <p>Of the calls of one caller that are trusted of a session in memory and show what the call
 * before them showed, {@value #STEADY_EACH} are noted in each tenth of a second: more would push
 * all others out within seconds, and everything that is kept costs its copying when garbage is
 * collected. Safe for many threads.
 */
public final class RecentValidations {
    private static final int STEADY_KEPT = 10_000;
    private static final int STEADY_EACH = 50;
    private static final Duration STRETCH = Duration.ofMillis(100);

    private final AtomicReferenceArray<@Nullable Recent> ring;
    private final AtomicLong next = new AtomicLong();
    private final KeyedHash keyed;

    /** By identity: a caller that was read anew, or is gone, takes its pace with it. */
    private final Cache<Caller, Pace> paces =
            Caffeine.newBuilder().weakKeys().executor(Runnable::run).build();

    /**
     * What calls about a session in memory show again and again, which nearly all do: made once for
     * each session, by identity.
     */
    private final Cache<Session, Steady> steady =
            Caffeine.newBuilder()
                    .maximumSize(STEADY_KEPT)
                    .weakKeys()
                    .executor(Runnable::run)
                    .build();

    private record Steady(Signals signals, Shown sent, Seen session) {}

    /**
     * @param kept how many calls are kept
     * @param keyed hashes addresses for this purpose alone
     */
    public RecentValidations(int kept, KeyedHash keyed) {
        this.ring = new AtomicReferenceArray<>(kept);
        this.keyed = keyed;
    }

    /** Remembers a verdict. */
    void note(BridgeCall call, Ruling ruling, Verdict verdict, Instant now) {
        if (!(verdict instanceof Trusted(Found found, var _, var _))
                || found.source() != SessionSource.MEMORY) {
            put(judged(call, ruling, verdict, now));
            return;
        }
        Steady known = steady.getIfPresent(found.session());
        if (known == null || !known.signals().equals(call.signals())) {
            Shown sent = shown(call.signals());
            Steady first = new Steady(call.signals(), sent, seen(found, call, sent));
            steady.put(found.session(), first);
            put(trusted(call, ruling, first, now));
        } else if (pace(call.caller()).admits(now)) {
            put(trusted(call, ruling, known, now));
        }
    }

    private Pace pace(Caller caller) {
        return paces.get(caller, _ -> new Pace(STEADY_EACH, STRETCH));
    }

    private static Judged trusted(BridgeCall call, Ruling ruling, Steady known, Instant now) {
        return judged(call, ruling, Ending.TRUSTED, null, null, known.session(), known.sent(), now);
    }

    /** A verdict as it may be remembered. */
    Judged judged(BridgeCall call, Ruling ruling, Verdict verdict, Instant now) {
        Shown sent = shown(call.signals());
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
        put(new Recent.TurnedAway(now, requestId, caller));
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

    private void put(Recent recent) {
        ring.set((int) (next.getAndIncrement() % ring.length()), recent);
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
                recorded(session.recorded(), compared, sent));
    }

    /** Most calls show what was recorded: then nothing is masked twice. */
    private static Shown recorded(Signals recorded, Comparison compared, Shown sent) {
        boolean isAllSame =
                compared.ip() == Match.SAME
                        && compared.device() == Match.SAME
                        && compared.agent() == Match.SAME;
        if (isAllSame) {
            return sent;
        }
        return new Shown(
                compared.ip() == Match.SAME ? sent.network() : network(recorded.ip()),
                device(recorded),
                compared.agent() == Match.SAME ? sent.agent() : Agents.masked(recorded.agent()),
                0);
    }

    private Shown shown(Signals signals) {
        IpAddress ip = signals.ip();
        return new Shown(
                network(ip),
                device(signals),
                Agents.masked(signals.agent()),
                ip == null ? 0 : ByteBuffer.wrap(keyed.of(ip.bytes())).getLong());
    }

    /** The better known of the two. */
    private static @Nullable DeviceHash device(Signals signals) {
        return signals.cookie() == null ? signals.device() : signals.cookie();
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

    /** What is remembered, the newest first. Calls that come meanwhile may be missing. */
    public List<Recent> newestFirst() {
        List<Recent> all = new ArrayList<>();
        long end = next.get();
        for (long i = end - 1; i >= 0 && i >= end - ring.length(); i--) {
            Recent recent = ring.get((int) (i % ring.length()));
            if (recent != null) {
                all.add(recent);
            }
        }
        return all;
    }

    /** What is remembered of that request, the newest first; empty when nothing is. */
    public List<Recent> of(String requestId) {
        return newestFirst().stream().filter(r -> r.requestId().equals(requestId)).toList();
    }
}
