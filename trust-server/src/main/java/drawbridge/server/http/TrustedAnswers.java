package drawbridge.server.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import drawbridge.model.CallerKit;
import drawbridge.model.SessionSource;
import drawbridge.model.ValidationMode;
import drawbridge.server.bridge.Caller;
import drawbridge.server.judge.Verdict.Trusted;
import drawbridge.server.session.Found;
import drawbridge.server.session.Session;

import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * The answer to a trusted validation. Nearly all of it are facts of the session and its user, which
 * are encoded once for as long as the session is asked for often; times, mode and source are new in
 * each answer. Safe for many threads.
 */
final class TrustedAnswers {
    /** About a kilobyte each. */
    private static final int KEPT = 10_000;

    private static final byte[] EXPIRES = ascii(",\"expires_at\":\"");
    private static final byte[] EXPIRES_CAMEL = ascii("\",\"expiresAt\":\"");
    private static final byte[] LAST_USED = ascii("\",\"last_used_at\":\"");
    private static final byte[] LAST_USED_CAMEL = ascii("\",\"lastUsedAt\":\"");
    private static final byte[] SESSION_END = ascii("\"}");
    private static final byte[] NOT_TO_REMEMBER = ascii("\",\"remember_for_ms\":0");
    private static final byte[] TIMESTAMP = ascii(",\"timestamp\":\"");
    private static final byte[] END = ascii("\"}");

    private final Map<ValidationMode, byte[]> modes = new EnumMap<>(ValidationMode.class);
    private final Map<SessionSource, byte[]> sources = new EnumMap<>(SessionSource.class);

    /** By identity: a session that was read again may say something else. */
    private final Cache<Session, byte[]> facts =
            Caffeine.newBuilder().maximumSize(KEPT).weakKeys().executor(Runnable::run).build();

    TrustedAnswers() {
        for (ValidationMode mode : ValidationMode.values()) {
            modes.put(mode, ascii(",\"mode\":\"" + mode.name() + "\""));
        }
        for (SessionSource source : SessionSource.values()) {
            sources.put(
                    source,
                    ascii(
                            ",\"cached\":%s,\"cacheSource\":\"%s\""
                                    .formatted(
                                            source != SessionSource.DATABASE,
                                            source.cacheSource())));
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * The answer, as UTF-8.
     *
     * @param asOf the revocation log's number that was applied before it was decided
     */
    byte[] of(Caller caller, Trusted trusted, long asOf, Instant now) {
        Found found = trusted.found();
        byte[] known = facts.get(found.session(), TrustedAnswers::encode);
        // It was seen just now, so that is what its idle lifetime counts from.
        Instant expires = reported(caller, found.session().expiresAt(now), now);
        byte[] end = Timestamps.of(expires);
        byte[] seen = Timestamps.of(now);
        return joined(
                known,
                EXPIRES,
                end,
                EXPIRES_CAMEL,
                end,
                LAST_USED,
                seen,
                LAST_USED_CAMEL,
                seen,
                SESSION_END,
                EXPIRES,
                end,
                EXPIRES_CAMEL,
                end,
                remembering(caller, asOf, expires, now),
                Objects.requireNonNull(modes.get(trusted.mode())),
                Objects.requireNonNull(sources.get(found.source())),
                TIMESTAMP,
                seen,
                END);
    }

    private static byte[] joined(byte[]... pieces) {
        int length = 0;
        for (byte[] piece : pieces) {
            length += piece.length;
        }
        byte[] joined = new byte[length];
        int at = 0;
        for (byte[] piece : pieces) {
            System.arraycopy(piece, 0, joined, at, piece.length);
            at += piece.length;
        }
        return joined;
    }

    /** The same, to put into another object. */
    ObjectNode tree(Caller caller, Trusted trusted, long asOf, Instant now) {
        return Json.readObject(of(caller, trusted, asOf, now));
    }

    /** All that stays the same, up to the times of the session. */
    private static byte[] encode(Session session) {
        ObjectNode body = Json.object();
        body.put("success", true);
        body.put("valid", true);
        body.set("user", Answers.user(session.user()));
        body.set("session", Answers.sessionFacts(session));
        byte[] whole = Json.write(body);
        byte[] open = new byte[whole.length - 2]; // without the two braces that end it
        System.arraycopy(whole, 0, open, 0, open.length);
        return open;
    }

    private static byte[] remembering(Caller caller, long asOf, Instant expires, Instant now) {
        // A node that is out of touch knows no number that a back end could compare.
        long millis = asOf == Long.MAX_VALUE ? 0 : rememberMillis(caller, expires, now);
        return millis == 0
                ? NOT_TO_REMEMBER
                : ascii("\",\"remember_for_ms\":" + millis + ",\"as_of\":" + asOf);
    }

    /** Nobody may use an answer again once its session has ended by itself. */
    private static long rememberMillis(Caller caller, Instant expires, Instant now) {
        return caller.kit() == CallerKit.DRAWBRIDGE && !caller.remember().isZero()
                ? Math.clamp(
                        Duration.between(now, expires).toMillis(), 0, caller.remember().toMillis())
                : 0;
    }

    /**
     * Clients of kit Flowfull believe an answer until the reported end, so they are told a short
     * one.
     */
    private static Instant reported(Caller caller, Instant expires, Instant now) {
        if (caller.kit() != CallerKit.FLOWFULL || caller.lease().isZero()) {
            return expires;
        }
        Instant lease = now.plus(caller.lease());
        return lease.isBefore(expires) ? lease : expires;
    }
}
