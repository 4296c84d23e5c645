package drawbridge.server.bridge;

import drawbridge.model.DeviceEvidence;
import drawbridge.model.IpAddress;
import drawbridge.model.IpNetwork;
import drawbridge.model.SessionSource;
import drawbridge.model.Signal;
import drawbridge.model.ValidationMode;
import drawbridge.server.bridge.Recent.Ending;
import drawbridge.server.bridge.Recent.Judged;
import drawbridge.server.bridge.Recent.Seen;
import drawbridge.server.bridge.Recent.Shown;
import drawbridge.server.bridge.Recent.TurnedAway;
import drawbridge.server.judge.Comparison;
import drawbridge.server.judge.Comparison.Match;
import drawbridge.server.judge.IpMatch;
import drawbridge.server.judge.Requirement;
import drawbridge.server.judge.Verdict.Reason;
import drawbridge.server.policy.PolicyRule;
import drawbridge.server.policy.RouteTable;
import drawbridge.server.session.DeviceHash;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A recent call as bytes, without its caller and its policies, which are given when it is read. A
 * call that was written and read equals the one it was. Only ever in memory, so the format may
 * change at will.
 */
@SuppressWarnings("EnumOrdinal") // written and read by one process, and nowhere else
final class RecentBytes {
    private static final SessionSource[] SOURCES = SessionSource.values();
    private static final Signal[] SIGNALS = Signal.values();
    private static final ValidationMode[] MODES = ValidationMode.values();
    private static final DeviceEvidence[] EVIDENCES = DeviceEvidence.values();
    private static final Ending[] ENDINGS = Ending.values();
    private static final Reason[] REASONS = Reason.values();
    private static final Match[] MATCHES = Match.values();
    private static final IpMatch[] IP_MATCHES = IpMatch.values();
    private static final Ruling.By[] BYS = Ruling.By.values();
    private static final RouteTable.Why[] WHYS = RouteTable.Why.values();

    /** For what is null. */
    private static final int NONE = -1;

    private RecentBytes() {}

    /** Whose call it was; null when nobody knows. */
    static @Nullable Caller caller(Recent recent) {
        return switch (recent) {
            case Judged judged -> judged.caller();
            case TurnedAway away -> away.caller();
        };
    }

    static void write(Recent recent, Writer to) {
        to.text(recent.requestId());
        to.instant(recent.at());
        switch (recent) {
            case TurnedAway _ -> to.flag(false);
            case Judged judged -> {
                to.flag(true);
                judged(judged, to);
            }
        }
    }

    /** The request of a call, without reading the rest. */
    static String requestId(Reader from) {
        return Objects.requireNonNull(from.text());
    }

    /**
     * Reads a call.
     *
     * @param caller whose it was
     * @param table the policies it was judged by; null for one that was not judged
     */
    static Recent read(Reader from, @Nullable Caller caller, @Nullable RouteTable table) {
        String requestId = requestId(from);
        Instant at = from.instant();
        return from.flag()
                ? judged(
                        from,
                        at,
                        requestId,
                        Objects.requireNonNull(caller),
                        Objects.requireNonNull(table))
                : new TurnedAway(at, requestId, caller);
    }

    private static void judged(Judged call, Writer to) {
        to.text(call.method());
        to.text(call.path());
        to.word(call.asked());
        ruling(call.ruling(), to);
        to.word(call.ending());
        to.word(call.reason());
        to.word(call.signal());
        shown(call.sent(), to);
        Seen session = call.session();
        to.flag(session != null);
        if (session != null) {
            seen(session, call.sent(), to);
        }
    }

    private static Judged judged(
            Reader from, Instant at, String requestId, Caller caller, RouteTable table) {
        String method = from.text();
        String path = from.text();
        ValidationMode asked = from.word(MODES).orElse(null);
        Ruling ruling = ruling(from, table);
        Ending ending = from.word(ENDINGS).orElseThrow();
        Reason reason = from.word(REASONS).orElse(null);
        Signal signal = from.word(SIGNALS).orElse(null);
        Shown sent = shown(from);
        Seen session = from.flag() ? seen(from, sent) : null;
        return new Judged(
                at, requestId, caller, method, path, asked, ruling, ending, reason, signal, session,
                sent);
    }

    private static void ruling(Ruling ruling, Writer to) {
        Requirement required = ruling.required();
        to.word(required.mode());
        to.signals(required.signals());
        to.flag(required.missingRefused());
        to.word(required.ipMatch());
        to.word(required.leastEvidence());
        to.word(ruling.by());
        RouteTable.Decision decision = ruling.decision();
        to.word(decision.why());
        to.number(decision.line());
        to.flag(decision.rule() != null);
        to.word(decision.mode());
        to.word(decision.ipMatch());
        to.word(decision.leastEvidence());
        to.text(decision.note());
    }

    private static Ruling ruling(Reader from, RouteTable table) {
        Requirement required =
                new Requirement(
                        from.word(MODES).orElseThrow(),
                        from.signals(),
                        from.flag(),
                        from.word(IP_MATCHES).orElseThrow(),
                        from.word(EVIDENCES).orElseThrow());
        Ruling.By by = from.word(BYS).orElseThrow();
        RouteTable.Why why = from.word(WHYS).orElseThrow();
        int line = from.number();
        PolicyRule rule = from.flag() ? table.policies().rules().get(line - 1) : null;
        RouteTable.Decision decision =
                new RouteTable.Decision(
                        why,
                        table.policies().version(),
                        line,
                        rule,
                        from.word(MODES).orElse(null),
                        from.word(IP_MATCHES).orElseThrow(),
                        from.word(EVIDENCES).orElseThrow(),
                        Objects.requireNonNull(from.text()));
        return new Ruling(required, by, decision, table);
    }

    private static void seen(Seen session, Shown sent, Writer to) {
        to.text(session.ref());
        to.text(session.userId());
        to.word(session.source());
        to.big(session.openedNumber());
        to.instant(session.createdAt());
        Comparison compared = session.compared();
        to.word(compared.ip());
        to.word(compared.device());
        to.word(compared.agent());
        to.word(compared.evidence());
        boolean isSame = session.recorded().equals(sent);
        to.flag(isSame);
        if (!isSame) {
            shown(session.recorded(), to);
        }
    }

    private static Seen seen(Reader from, Shown sent) {
        return new Seen(
                Objects.requireNonNull(from.text()),
                Objects.requireNonNull(from.text()),
                from.word(SOURCES).orElseThrow(),
                from.big(),
                from.instant(),
                new Comparison(
                        from.word(MATCHES).orElseThrow(),
                        from.word(MATCHES).orElseThrow(),
                        from.word(MATCHES).orElseThrow(),
                        from.word(EVIDENCES).orElse(null)),
                from.flag() ? sent : shown(from));
    }

    private static void shown(Shown shown, Writer to) {
        IpNetwork network = shown.network();
        to.small(network == null ? NONE : network.bits());
        if (network != null) {
            to.bytes(network.address().bytes());
        }
        DeviceHash device = shown.device();
        to.flag(device != null);
        if (device != null) {
            to.bytes(device.bytes());
        }
        to.text(shown.agent());
        to.big(shown.address());
    }

    private static Shown shown(Reader from) {
        int bits = from.small();
        IpNetwork network =
                bits == NONE ? null : new IpNetwork(IpAddress.ofBytes(from.bytes()), bits);
        DeviceHash device = from.flag() ? new DeviceHash(from.bytes()) : null;
        return new Shown(network, device, from.text(), from.big());
    }

    /**
     * Writes into a part of an array that is there, and into one of its own once that is full. One
     * thread.
     */
    static final class Writer {
        private byte[] to;
        private final int begin;
        private int at;
        private int end;
        private boolean isOutgrown;

        /** Into so many bytes from there on. */
        Writer(byte[] to, int begin, int length) {
            this.to = to;
            this.begin = begin;
            this.at = begin;
            this.end = begin + length;
        }

        /** All bytes, when they were more than there was room for; null when there was. */
        byte @Nullable [] outgrown() {
            return isOutgrown ? Arrays.copyOf(to, at) : null;
        }

        /** A copy of all bytes, wherever they are. */
        byte[] written() {
            return Arrays.copyOfRange(to, isOutgrown ? 0 : begin, at);
        }

        private void reserve(int more) {
            if (at + more <= end) {
                return;
            }
            int first = isOutgrown ? 0 : begin;
            int written = at - first;
            byte[] larger = new byte[2 * (written + more)];
            System.arraycopy(to, first, larger, 0, written);
            to = larger;
            at = written;
            end = larger.length;
            isOutgrown = true;
        }

        void small(int value) {
            reserve(1);
            to[at++] = (byte) value;
        }

        void flag(boolean value) {
            small(value ? 1 : 0);
        }

        void word(@Nullable Enum<?> value) {
            small(value == null ? NONE : value.ordinal());
        }

        void signals(Set<Signal> signals) {
            int bits = 0;
            for (Signal signal : SIGNALS) {
                bits |= signals.contains(signal) ? 1 << signal.ordinal() : 0;
            }
            small(bits);
        }

        void number(int value) {
            reserve(Integer.BYTES);
            for (int shift = Integer.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
                to[at++] = (byte) (value >> shift);
            }
        }

        void big(long value) {
            number((int) (value >> Integer.SIZE));
            number((int) value);
        }

        void instant(Instant instant) {
            big(instant.getEpochSecond());
            number(instant.getNano());
        }

        /** At most 127. */
        void bytes(byte[] bytes) {
            small(bytes.length);
            reserve(bytes.length);
            System.arraycopy(bytes, 0, to, at, bytes.length);
            at += bytes.length;
        }

        /** One byte for each character, unless one needs two: nearly all are plain. */
        void text(@Nullable String text) {
            number(text == null ? NONE : text.length());
            if (text == null) {
                return;
            }
            flag(false);
            reserve(text.length());
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c > 0xff) {
                    at = at - i;
                    wide(text);
                    return;
                }
                to[at++] = (byte) c;
            }
        }

        private void wide(String text) {
            to[at - 1] = 1;
            reserve(2 * text.length());
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                to[at++] = (byte) (c >> Byte.SIZE);
                to[at++] = (byte) c;
            }
        }
    }

    /** Reads what a {@link Writer} wrote. One thread. */
    static final class Reader {
        private final byte[] from;
        private int at;

        Reader(byte[] from) {
            this.from = from;
        }

        int small() {
            return from[at++];
        }

        boolean flag() {
            return small() == 1;
        }

        <E extends Enum<E>> Optional<E> word(E[] all) {
            int ordinal = small();
            return ordinal == NONE ? Optional.empty() : Optional.of(all[ordinal]);
        }

        Set<Signal> signals() {
            int bits = small();
            Set<Signal> signals = EnumSet.noneOf(Signal.class);
            for (Signal signal : SIGNALS) {
                if ((bits & (1 << signal.ordinal())) != 0) {
                    signals.add(signal);
                }
            }
            return signals;
        }

        int number() {
            int value = 0;
            for (int i = 0; i < Integer.BYTES; i++) {
                value = (value << Byte.SIZE) | (from[at++] & 0xff);
            }
            return value;
        }

        long big() {
            long high = number();
            return (high << Integer.SIZE) | (number() & 0xffff_ffffL);
        }

        Instant instant() {
            long seconds = big();
            return Instant.ofEpochSecond(seconds, number());
        }

        byte[] bytes() {
            int length = small();
            at += length;
            return Arrays.copyOfRange(from, at - length, at);
        }

        @Nullable String text() {
            int length = number();
            if (length == NONE) {
                return null;
            }
            if (!flag()) {
                at += length;
                return new String(from, at - length, length, StandardCharsets.ISO_8859_1);
            }
            char[] wide = new char[length]; // as it came: a charset would mend half a surrogate
            for (int i = 0; i < length; i++) {
                wide[i] = (char) (((from[at++] & 0xff) << Byte.SIZE) | (from[at++] & 0xff));
            }
            return new String(wide);
        }
    }
}
