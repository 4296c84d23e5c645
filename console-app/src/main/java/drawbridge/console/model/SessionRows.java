package drawbridge.console.model;

import drawbridge.model.SessionState;
import drawbridge.model.event.ServerEvent.SessionRevoked;
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
        SessionState told = SessionState.parse(row.state()).orElse(SessionState.EXPIRED);
        return switch (told) {
            case LIVE -> now.isBefore(row.expiresAt()) ? SessionState.LIVE : SessionState.EXPIRED;
            case HELD -> canBeRestored(row, now) ? SessionState.HELD : SessionState.REVOKED;
            case REVOKED, EXPIRED -> told;
        };
    }

    private static boolean canBeRestored(SessionRow row, Instant now) {
        return row.undoUntil() != null && now.isBefore(row.undoUntil());
    }

    /** The row with the state it has now, for filters that look at the state. */
    public static SessionRow asOf(SessionRow row, Instant now) {
        String state = state(row, now).wireName();
        return state.equals(row.state())
                ? row
                : with(row, row.lastSeenAt(), row.expiresAt(), state, row.strictestMode());
    }

    /** When it stopped being accepted; null while it is live. */
    public static @Nullable Instant endedAt(SessionRow row, Instant now) {
        return switch (state(row, now)) {
            case LIVE -> null;
            case HELD, REVOKED -> row.endedAt() == null ? row.expiresAt() : row.endedAt();
            case EXPIRED -> row.expiresAt();
        };
    }

    /** The row after it was trusted; a null mode says nothing new of the strictest one passed. */
    static SessionRow seen(SessionRow row, Instant at, @Nullable String mode, Lifetimes lifetimes) {
        if (!at.isAfter(row.lastSeenAt())) {
            return row;
        }
        Instant expires = lifetimes.expiry(row.createdAt(), at, row.expiresAt());
        return with(row, at, expires, row.state(), mode == null ? row.strictestMode() : mode);
    }

    static SessionRow revoked(SessionRow row, SessionRevoked event) {
        boolean held = event.undoUntil() != null;
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
                (held ? SessionState.HELD : SessionState.REVOKED).wireName(),
                row.strictestMode(),
                event.at(),
                event.reason(),
                event.actor(),
                event.undoUntil());
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

    private static SessionRow with(
            SessionRow row,
            Instant lastSeen,
            Instant expires,
            String state,
            @Nullable String strictest) {
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
                state,
                strictest,
                row.endedAt(),
                row.endReason(),
                row.endedBy(),
                row.undoUntil());
    }
}
