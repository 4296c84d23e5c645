package drawbridge.console.model;

import drawbridge.model.SessionState;
import drawbridge.model.event.ServerEvent.SessionRevoked;
import drawbridge.model.event.ServerEvent.SessionsRevoked;
import drawbridge.model.view.SessionRow;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/** What events and time make of a row. Pure; safe for many threads. */
public final class SessionRows {
    private SessionRows() {}

    /**
     * What a validate would make of the session now. The row's own word is older than its times: a
     * live row whose lifetime is over is expired, a held row whose Undo is over is revoked.
     */
    public static SessionState state(SessionRow row, Instant now) {
        return state(row, now.isBefore(row.expiresAt()), now);
    }

    static SessionState state(SessionRow row, boolean isBeforeEnd, Instant now) {
        SessionState told = SessionState.parse(row.state()).orElse(SessionState.EXPIRED);
        return switch (told) {
            case LIVE -> isBeforeEnd ? SessionState.LIVE : SessionState.EXPIRED;
            case HELD -> canBeRestored(row, now) ? SessionState.HELD : SessionState.REVOKED;
            case REVOKED, EXPIRED -> told;
        };
    }

    private static boolean canBeRestored(SessionRow row, Instant now) {
        return row.undoUntil() != null && now.isBefore(row.undoUntil());
    }

    /** When it stopped being accepted; null while it is live. */
    public static @Nullable Instant endedAt(SessionRow row, Instant now) {
        return switch (state(row, now)) {
            case LIVE -> null;
            case HELD, REVOKED -> row.endedAt() == null ? row.expiresAt() : row.endedAt();
            case EXPIRED -> row.expiresAt();
        };
    }

    static SessionRow revoked(SessionRow row, SessionRevoked event) {
        return ended(row, event.at(), event.reason(), event.actor(), event.undoUntil());
    }

    static SessionRow revoked(SessionRow row, SessionsRevoked event) {
        return ended(row, event.at(), event.reason(), event.actor(), event.undoUntil());
    }

    private static SessionRow ended(
            SessionRow row, Instant at, String reason, String actor, @Nullable Instant undoUntil) {
        return with(
                row,
                (undoUntil != null ? SessionState.HELD : SessionState.REVOKED).wireName(),
                at,
                reason,
                actor,
                undoUntil);
    }

    /** The row as if it had never been held. */
    static SessionRow restored(SessionRow row) {
        return with(row, SessionState.LIVE.wireName(), null, null, null, null);
    }

    private static SessionRow with(
            SessionRow row,
            String state,
            @Nullable Instant endedAt,
            @Nullable String reason,
            @Nullable String actor,
            @Nullable Instant undoUntil) {
        return new SessionRow(
                row.ref(),
                row.userId(),
                row.email(),
                row.tenant(),
                row.ip(),
                row.device(),
                row.agent(),
                row.createdAt(),
                row.lastSeenAt(),
                row.expiresAt(),
                state,
                row.strictestMode(),
                endedAt,
                reason,
                actor,
                undoUntil);
    }

    /** Whether the revocation names this row: by its reference, or as one of many opened before. */
    static boolean isNamedBy(SessionRow row, SessionRevoked event) {
        return switch (event.scope()) {
            case "session" -> row.ref().equals(event.ref());
            case "user" -> row.userId().equals(event.userId()) && openedBefore(row, event);
            case "tenant" -> row.tenant().equals(event.tenant()) && openedBefore(row, event);
            default -> openedBefore(row, event);
        };
    }

    private static boolean openedBefore(SessionRow row, SessionRevoked event) {
        Instant limit = event.openedBefore();
        return limit == null || row.createdAt().isBefore(limit);
    }

    /** The row with these times of its use. */
    static SessionRow used(
            SessionRow row, Instant lastSeen, Instant expires, @Nullable String strictest) {
        return new SessionRow(
                row.ref(),
                row.userId(),
                row.email(),
                row.tenant(),
                row.ip(),
                row.device(),
                row.agent(),
                row.createdAt(),
                lastSeen,
                expires,
                row.state(),
                strictest,
                row.endedAt(),
                row.endReason(),
                row.endedBy(),
                row.undoUntil());
    }
}
