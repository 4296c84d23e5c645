package drawbridge.console.model;

import drawbridge.model.SessionState;
import drawbridge.model.view.SessionRow;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Optional;

/**
 * One session for as long as the console knows it: the same object over every change, so that a
 * selection or an open drawer survives. Written on the FX thread; {@link #row()} may be read by any
 * thread, since rows are immutable.
 */
public final class SessionEntry {
    private final String ref;
    private volatile SessionRow row;
    private volatile @Nullable Ending ending;
    private @Nullable ReadOnlyObjectWrapper<SessionRow> property;

    /** Where {@link SessionsModel} keeps it. */
    int place;

    /** A session that was just heard of. */
    public SessionEntry(SessionRow row) {
        this.ref = row.ref();
        this.row = row;
    }

    /** The session's public reference. */
    public String ref() {
        return ref;
    }

    /** The row as it is known now. */
    public SessionRow row() {
        return row;
    }

    /** The row, observable; made on first use, since only rows on the screen need one. */
    public ReadOnlyObjectProperty<SessionRow> rowProperty() {
        ReadOnlyObjectWrapper<SessionRow> made = property;
        if (made == null) {
            made = new ReadOnlyObjectWrapper<>(this, "row", row);
            property = made;
        }
        return made.getReadOnlyProperty();
    }

    /** What was proven when it was revoked; empty unless this console saw it happen. */
    public Optional<Ending> ending() {
        return Optional.ofNullable(ending);
    }

    /** What a validate would make of it now: a lifetime that is over counts at once. */
    public SessionState state(Instant now) {
        return SessionRows.state(row, now);
    }

    void set(SessionRow changed, @Nullable Ending proof) {
        ending = proof;
        set(changed);
    }

    void set(SessionRow changed) {
        row = changed;
        if (property != null) {
            property.set(changed);
        }
    }

    @Override
    public String toString() {
        return "SessionEntry[" + ref + "]";
    }
}
