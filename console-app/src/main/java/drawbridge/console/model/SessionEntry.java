package drawbridge.console.model;

import drawbridge.model.SessionState;
import drawbridge.model.filter.SessionFilter;
import drawbridge.model.view.SessionRow;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * One session for as long as the console knows it: the same object over every change, so that a
 * selection or an open drawer survives. Written on the FX thread; may be read by any thread.
 *
 * <p>That a session was used is told far more often than anything else, of any of many thousands.
 * It is kept as two numbers beside the row: a new row for each use would be an old object that
 * points to a young one, and finding and copying those is what the pauses of the garbage collector
 * were spent on.
 */
public final class SessionEntry {
    private final String ref;
    private volatile SessionRow told;

    /** Made when it is heard of, and written before the row: looking for it must be quick. */
    private String searched;

    // Nanoseconds of the epoch.
    private volatile long created;
    private volatile long lastSeen;
    private volatile long expires;

    private volatile @Nullable Ending ending;

    // The last row of the revocation log that it was told of.
    private long number;

    private @Nullable ReadOnlyObjectWrapper<SessionRow> property;

    /** Where {@link SessionsModel} keeps it. */
    int place;

    private volatile boolean forgotten;

    /** Its neighbours among the same user's sessions: links of its own cost less than a set. */
    @Nullable SessionEntry nextOfUser;

    @Nullable SessionEntry previousOfUser;

    // Nanoseconds of the epoch; until then it counts as used, because somebody asked for it.
    private volatile long wantedUntil = Long.MIN_VALUE;

    /** A session that was just heard of. */
    public SessionEntry(SessionRow row) {
        this.ref = row.ref();
        this.searched = SessionFilter.searched(row);
        this.told = row;
        this.created = EpochNanos.of(row.createdAt());
        this.lastSeen = EpochNanos.of(row.lastSeenAt());
        this.expires = EpochNanos.of(row.expiresAt());
    }

    /** The session's public reference. */
    public String ref() {
        return ref;
    }

    /** The row as it is known now; made anew when the session was used since it was told. */
    public SessionRow row() {
        SessionRow row = told;
        long seen = lastSeen;
        return seen == EpochNanos.of(row.lastSeenAt())
                ? row
                : used(row, seen, expires, row.strictestMode());
    }

    /**
     * The row as it was last told whole: right in all but when it was last seen and when it
     * expires, and at no cost. For those who look at every session.
     */
    public SessionRow told() {
        return told;
    }

    /** The text that words without a key are looked for in: {@link SessionFilter#searched}. */
    public String searched() {
        return searched;
    }

    private static boolean isSearchedAnew(SessionRow before, SessionRow after) {
        return !before.email().equals(after.email())
                || !Objects.equals(before.ip(), after.ip())
                || !Objects.equals(before.device(), after.device());
    }

    /** When it was opened, in nanoseconds of the epoch. */
    public long createdNanos() {
        return created;
    }

    /** When it was last used, in nanoseconds of the epoch. */
    public long lastSeenNanos() {
        return lastSeen;
    }

    /** When it expires, in nanoseconds of the epoch. */
    public long expiresNanos() {
        return expires;
    }

    /** The row, observable; made on first use, since only rows on the screen need one. */
    public ReadOnlyObjectProperty<SessionRow> rowProperty() {
        ReadOnlyObjectWrapper<SessionRow> made = property;
        if (made == null) {
            made = new ReadOnlyObjectWrapper<>(this, "row", row());
            property = made;
        }
        return made.getReadOnlyProperty();
    }

    /** What was proven when it was revoked; empty unless this console saw it happen. */
    public Optional<Ending> ending() {
        return Optional.ofNullable(ending);
    }

    /**
     * Whether the model holds it no longer. Nothing is heard of it any more then, so what it says
     * may be wrong by now.
     */
    public boolean isForgotten() {
        return forgotten;
    }

    void forgotten(boolean is) {
        forgotten = is;
    }

    /** When it was last used, or wanted until: by this the longest unused are found. */
    long recency() {
        return Math.max(lastSeen, wantedUntil);
    }

    void wantUntil(Instant until) {
        wantedUntil = EpochNanos.of(until);
    }

    /** What a validate would make of it now: a lifetime that is over counts at once. */
    public SessionState state(Instant now) {
        return SessionRows.state(told, EpochNanos.of(now) < expires, now);
    }

    /**
     * Whether that row of the revocation log is newer than what was told so far; from now on it is
     * what was told. Rows that several nodes wrote may come out of their order.
     */
    boolean reach(long next) {
        boolean isNewer = next > number;
        if (isNewer) {
            number = next;
        }
        return isNewer;
    }

    /** Everything is read anew, from a log whose numbers may begin anew. */
    void forgetNumber() {
        number = 0;
    }

    void set(SessionRow changed, @Nullable Ending proof) {
        ending = proof;
        set(changed);
    }

    void set(SessionRow changed) {
        if (isSearchedAnew(told, changed)) {
            searched = SessionFilter.searched(changed);
        }
        told = changed;
        created = EpochNanos.of(changed.createdAt());
        lastSeen = EpochNanos.of(changed.lastSeenAt());
        expires = EpochNanos.of(changed.expiresAt());
        if (property != null) {
            property.set(changed);
        }
    }

    /**
     * It was trusted; an earlier use than the last one known says nothing.
     *
     * @param mode the strictest one it passed; null says nothing new of it
     */
    void used(Instant at, @Nullable String mode, Lifetimes lifetimes) {
        long seen = EpochNanos.of(at);
        if (seen <= lastSeen) {
            return;
        }
        SessionRow row = told;
        long end = lifetimes.expiry(row.createdAt(), seen, expires);
        if (mode != null && !mode.equals(row.strictestMode())) {
            set(used(row, seen, end, mode));
            return;
        }
        expires = end;
        lastSeen = seen;
        if (property != null) {
            property.set(row());
        }
    }

    private static SessionRow used(
            SessionRow row, long lastSeen, long expires, @Nullable String strictest) {
        return SessionRows.used(row, EpochNanos.at(lastSeen), EpochNanos.at(expires), strictest);
    }

    @Override
    public String toString() {
        return "SessionEntry[" + ref + "]";
    }
}
