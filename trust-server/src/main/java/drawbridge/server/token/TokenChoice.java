package drawbridge.server.token;

import drawbridge.model.TenantId;
import drawbridge.model.UserId;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Optional;

/**
 * Which tokens an administrator wants to see; a part that is null does not choose.
 *
 * @param tenant whose
 * @param purpose what for
 * @param user issued to whom
 * @param state {@code open}, {@code spent}, {@code revoked}, {@code superseded} or {@code expired}
 * @param text a part of the address it was issued for, or its id
 * @param after only those behind it
 */
public record TokenChoice(
        @Nullable TenantId tenant,
        @Nullable Purpose purpose,
        @Nullable UserId user,
        @Nullable String state,
        @Nullable String text,
        @Nullable Cursor after) {
    /** A place in a list, newest first. */
    public record Cursor(Instant at, String id) {
        /** The place as text. */
        public String text() {
            return at + "~" + id;
        }

        /** The place of that text; empty when it is none. */
        public static Optional<Cursor> parse(String text) {
            int tilde = text.indexOf('~');
            if (tilde < 0) {
                return Optional.empty();
            }
            try {
                return Optional.of(
                        new Cursor(
                                Instant.parse(text.substring(0, tilde)),
                                text.substring(tilde + 1)));
            } catch (java.time.DateTimeException e) {
                return Optional.empty();
            }
        }
    }
}
