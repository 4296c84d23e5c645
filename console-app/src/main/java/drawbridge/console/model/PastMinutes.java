package drawbridge.console.model;

import drawbridge.model.view.MinuteFigures;

import javafx.beans.property.ReadOnlyLongProperty;
import javafx.beans.property.ReadOnlyLongWrapper;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** The last day of the server's work, minute by minute, as far as the server kept it. */
public final class PastMinutes {
    /** So far back the server remembers. */
    public static final Duration MOST = Duration.ofDays(1);

    private final TreeMap<Instant, MinuteFigures> minutes = new TreeMap<>();
    private final ReadOnlyLongWrapper revision = new ReadOnlyLongWrapper(this, "revision", 0);

    /** Grows with every reading. */
    public ReadOnlyLongProperty revisionProperty() {
        return revision.getReadOnlyProperty();
    }

    /** The end of the newest minute; empty while none was read. */
    public Optional<Instant> newest() {
        return minutes.isEmpty() ? Optional.empty() : Optional.of(minutes.lastKey());
    }

    /** The minutes that ended after that instant, oldest first. */
    public List<MinuteFigures> since(Instant from) {
        return List.copyOf(minutes.tailMap(from, false).values());
    }

    void take(List<MinuteFigures> read) {
        read.forEach(minute -> minutes.put(minute.at(), minute));
        newest().ifPresent(newest -> minutes.headMap(newest.minus(MOST), true).clear());
        revision.set(revision.get() + 1);
    }

    void clear() {
        minutes.clear();
        revision.set(revision.get() + 1);
    }
}
