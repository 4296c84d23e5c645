package drawbridge.server.bridge;

import drawbridge.model.IpAddress;
import drawbridge.model.SessionSource;
import drawbridge.model.ValidationMode;
import drawbridge.model.view.TimelineEntry;
import drawbridge.server.session.Found;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Objects;

/**
 * A validation as a session's trail keeps it. Made for every one and read for few, so the words are
 * only put together when somebody looks.
 *
 * @param trusted whether it was trusted
 * @param reason why not; null when it was
 * @param signal the signal at fault; null when none is
 */
record Visit(
        Instant at,
        boolean trusted,
        String caller,
        @Nullable IpAddress ip,
        @Nullable String agent,
        @Nullable String method,
        @Nullable String path,
        ValidationMode mode,
        SessionSource source,
        @Nullable String reason,
        @Nullable String signal,
        String requestId) {
    private static final int ROOM = 256;
    private static final ValidationMode[] MODES = ValidationMode.values();
    private static final SessionSource[] SOURCES = SessionSource.values();

    /** Of a call that was judged. */
    static Visit of(
            BridgeCall call,
            boolean trusted,
            ValidationMode mode,
            Found found,
            @Nullable String reason,
            @Nullable String signal,
            Instant now) {
        return new Visit(
                now,
                trusted,
                call.caller().name(),
                call.signals().ip(),
                Agents.masked(call.signals().agent()),
                call.method(),
                call.path(),
                mode,
                found.source(),
                reason,
                signal,
                call.requestId());
    }

    /** The same as one object, which {@link #of(byte[])} reads. */
    byte[] packed() {
        RecentBytes.Writer to = new RecentBytes.Writer(new byte[ROOM], 0, ROOM);
        to.instant(at);
        to.flag(trusted);
        to.text(caller);
        to.flag(ip != null);
        if (ip != null) {
            to.bytes(ip.bytes());
        }
        to.text(agent);
        to.text(method);
        to.text(path);
        to.word(mode);
        to.word(source);
        to.text(reason);
        to.text(signal);
        to.text(requestId);
        return to.written();
    }

    /** Reads what {@link #packed} wrote. */
    static Visit of(byte[] packed) {
        RecentBytes.Reader from = new RecentBytes.Reader(packed);
        return new Visit(
                from.instant(),
                from.flag(),
                Objects.requireNonNull(from.text()),
                from.flag() ? IpAddress.ofBytes(from.bytes()) : null,
                from.text(),
                from.text(),
                from.text(),
                from.word(MODES).orElseThrow(),
                from.word(SOURCES).orElseThrow(),
                from.text(),
                from.text(),
                Objects.requireNonNull(from.text()));
    }

    /** The same, for people to read. */
    TimelineEntry entry() {
        return new TimelineEntry(
                at,
                trusted ? "trusted" : "refused",
                caller,
                ip == null ? null : ip.toString(),
                agent,
                BridgeCall.route(method, path),
                mode.name(),
                source.wireName(),
                reason,
                signal,
                requestId);
    }
}
