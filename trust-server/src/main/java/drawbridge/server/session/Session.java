package drawbridge.server.session;

import drawbridge.model.DeviceEvidence;
import drawbridge.model.SessionRef;
import drawbridge.model.TenantId;
import drawbridge.model.ValidationMode;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The facts of a session as the database held them when it was read. Immutable: what may be thought
 * of a session at some instant is the judge's business.
 *
 * @param key what it is found by
 * @param ref its public reference
 * @param user whose it is
 * @param openedNumber the revocation log's number when it was opened; any later revocation of its
 *     user, its tenant or everything ends it
 * @param recorded the signals seen at login
 * @param fullyLoggedIn whether login is complete; a session that waits for a second factor is never
 *     trusted
 * @param createdAt when it was opened
 * @param absoluteEnd when it ends whatever happens
 * @param idle how long it lasts unused
 * @param lastSeenAt when it was last trusted, as far as the database knew
 * @param strictest the strictest mode it has passed, as far as the database knew; null when none
 * @param ended how it was ended; null while it is not
 * @param renewal how it goes on under new ids
 */
public record Session(
        SessionKey key,
        SessionRef ref,
        UserFacts user,
        long openedNumber,
        Signals recorded,
        boolean fullyLoggedIn,
        Instant createdAt,
        Instant absoluteEnd,
        Duration idle,
        Instant lastSeenAt,
        @Nullable ValidationMode strictest,
        @Nullable Ended ended,
        Renewal renewal) {

    /**
     * How a session was ended.
     *
     * @param at when
     * @param number the number in the revocation log
     * @param reason in the words given; may be empty
     * @param by {@code admin}, {@code user} or {@code server}
     * @param undoUntil until when it can be restored; null when it cannot
     */
    public record Ended(
            Instant at, long number, String reason, String by, @Nullable Instant undoUntil) {}

    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(1);

    /** Why a session is over, signals apart. */
    public enum Over {
        /** Revoked, logged out, or ended with its user or tenant. */
        ENDED,
        /** Its id was replaced, and the grace of the old one is over: two parties hold it. */
        REPLACED,
        /** Login is not complete. */
        NOT_FULLY_LOGGED_IN,
        /** Older than its absolute lifetime. */
        ABSOLUTE_LIFETIME,
        /** Not used for longer than its idle lifetime. */
        IDLE_LIFETIME
    }

    /** The tenant it belongs to. */
    public TenantId tenant() {
        return key.tenant();
    }

    /** How well its device is known; empty when nothing is known of it. */
    public Optional<DeviceEvidence> evidence() {
        return recorded.evidence();
    }

    /** The same, as found by an id that was replaced. */
    Session foundBy(SessionKey oldKey, Renewal.Replaced replaced) {
        return new Session(
                oldKey,
                ref,
                user,
                openedNumber,
                recorded,
                fullyLoggedIn,
                createdAt,
                absoluteEnd,
                idle,
                lastSeenAt,
                strictest,
                ended,
                new Renewal(renewal.lifetime(), renewal.until(), replaced));
    }

    /** The same, renewed at that instant under a new key. */
    Session renewed(SessionKey newKey, Instant at, @Nullable ValidationMode strictestMode) {
        return new Session(
                newKey,
                ref,
                user,
                openedNumber,
                recorded,
                fullyLoggedIn,
                createdAt,
                renewal.endOf(at),
                idle,
                at,
                strictestMode,
                ended,
                new Renewal(renewal.lifetime(), renewal.until(), null));
    }

    /**
     * When it ends if it is last seen at that instant and not used again: the sooner of idle and
     * absolute end.
     */
    public Instant expiresAt(Instant lastSeen) {
        Instant idleEnd = lastSeen.plus(idle);
        return idleEnd.isBefore(absoluteEnd) ? idleEnd : absoluteEnd;
    }

    /**
     * The clock was wrong then, or is now; either way nobody knows for how long it was idle. Nodes
     * whose clocks differ a little are no reason.
     */
    private static boolean isFromTheFuture(Instant lastSeen, Instant now) {
        return lastSeen.isAfter(now.plus(CLOCKS_DIFFER));
    }

    /**
     * Why it is over at that instant; empty while it is not. A lifetime is over at its last
     * instant.
     *
     * @param lastSeen when it was last trusted
     */
    public Optional<Over> over(Instant lastSeen, Instant now) {
        if (ended != null) {
            return Optional.of(Over.ENDED);
        }
        Renewal.Replaced replaced = renewal.replaced();
        if (replaced != null && !now.isBefore(replaced.graceEnd())) {
            return Optional.of(Over.REPLACED);
        }
        if (!fullyLoggedIn) {
            return Optional.of(Over.NOT_FULLY_LOGGED_IN);
        }
        if (!now.isBefore(absoluteEnd)) {
            return Optional.of(Over.ABSOLUTE_LIFETIME);
        }
        if (!now.isBefore(lastSeen.plus(idle)) || isFromTheFuture(lastSeen, now)) {
            return Optional.of(Over.IDLE_LIFETIME);
        }
        return Optional.empty();
    }
}
