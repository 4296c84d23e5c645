package drawbridge.console.model;

import drawbridge.model.view.SessionRow;

import org.jspecify.annotations.Nullable;

/**
 * Gives equal texts of many rows one object: of a hundred thousand sessions every one says {@code
 * live}, and most one of a few agents. Keeps a fixed number of texts and no more; one that has lost
 * its place is merely kept twice. For one thread.
 */
final class SharedTexts {
    private static final int PLACES = 1 << 12;

    private final @Nullable String[] known = new @Nullable String[PLACES];

    /** The row with texts that other rows have, too. */
    SessionRow of(SessionRow row) {
        return row(row, row.userId(), row.email());
    }

    /** The same, and with the user's texts as another session of the same user has them. */
    SessionRow of(SessionRow row, SessionRow ofSameUser) {
        return row(
                row, one(ofSameUser.userId(), row.userId()), one(ofSameUser.email(), row.email()));
    }

    private SessionRow row(SessionRow row, String userId, String email) {
        return new SessionRow(
                row.ref(),
                userId,
                email,
                of(row.tenant()),
                row.ip(),
                row.device(),
                orNull(row.agent()),
                row.createdAt(),
                row.lastSeenAt(),
                row.expiresAt(),
                of(row.state()),
                orNull(row.strictestMode()),
                row.endedAt(),
                orNull(row.endReason()),
                orNull(row.endedBy()),
                row.undoUntil());
    }

    private static String one(String known, String text) {
        return known.equals(text) ? known : text;
    }

    /** That text, the same object for equal ones; null for null. */
    @Nullable String orNull(@Nullable String text) {
        return text == null ? null : of(text);
    }

    private String of(String text) {
        int hash = text.hashCode();
        int place = (hash ^ hash >>> 12) & (PLACES - 1);
        String there = known[place];
        if (there != null && there.equals(text)) {
            return there;
        }
        known[place] = text;
        return text;
    }
}
