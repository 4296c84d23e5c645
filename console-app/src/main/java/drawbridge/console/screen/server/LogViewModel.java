package drawbridge.console.screen.server;

import drawbridge.console.model.ServerModel;
import drawbridge.console.supervise.LogLine;

import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyIntegerProperty;
import javafx.beans.property.ReadOnlyIntegerWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The followed log: what passes the filters, old lines and new ones alike; it can be paused. */
final class LogViewModel {
    private final ServerModel server;
    private final ObservableList<LogRow> rows = FXCollections.observableArrayList();
    private final ObservableList<LogRow> readOnly = FXCollections.unmodifiableObservableList(rows);
    private final ObjectProperty<LogRow.Level> least =
            new SimpleObjectProperty<>(this, "least", LogRow.Level.INFO);
    private final StringProperty text = new SimpleStringProperty(this, "text", "");
    private final BooleanProperty paused = new SimpleBooleanProperty(this, "paused", false);
    private final ReadOnlyIntegerWrapper waiting = new ReadOnlyIntegerWrapper(this, "waiting", 0);
    private final List<LogLine> held = new ArrayList<>();

    LogViewModel(ServerModel server) {
        this.server = server;
        server.followLog(this::took);
        least.addListener((property, before, after) -> readAgain());
        text.addListener((property, before, after) -> readAgain());
        paused.addListener((property, before, after) -> {
            if (!after) {
                List<LogLine> missed = List.copyOf(held);
                held.clear();
                waiting.set(0);
                add(missed);
            }
        });
    }

    ObservableList<LogRow> rows() {
        return readOnly;
    }

    ObjectProperty<LogRow.Level> leastProperty() {
        return least;
    }

    StringProperty textProperty() {
        return text;
    }

    BooleanProperty pausedProperty() {
        return paused;
    }

    /** How many lines that pass the filters came since the pause began. */
    ReadOnlyIntegerProperty waitingProperty() {
        return waiting.getReadOnlyProperty();
    }

    private void took(List<LogLine> batch) {
        if (paused.get()) {
            held.addAll(batch);
            int tooMany = held.size() - ServerModel.MOST_LINES;
            if (tooMany > 0) {
                held.subList(0, tooMany).clear();
            }
            countWaiting();
        } else {
            add(batch);
        }
    }

    private void countWaiting() {
        waiting.set((int) held.stream().filter(this::passes).count());
    }

    private boolean passes(LogLine line) {
        return LogRow.passes(line, least.get(), text.get().strip().toLowerCase(Locale.ROOT));
    }

    private void add(List<LogLine> batch) {
        List<LogRow> fresh = new ArrayList<>();
        for (LogLine line : batch) {
            if (passes(line)) {
                fresh.addAll(LogRow.of(line));
            }
        }
        if (!fresh.isEmpty()) {
            rows.addAll(fresh);
            int tooMany = rows.size() - ServerModel.MOST_LINES;
            if (tooMany > 0) {
                rows.remove(0, tooMany);
            }
        }
    }

    private void readAgain() {
        List<LogLine> shown = new ArrayList<>(server.log());
        if (paused.get()) {
            shown = shown.subList(0, Math.max(0, shown.size() - held.size()));
            countWaiting();
        }
        List<LogRow> all = new ArrayList<>();
        for (LogLine line : shown) {
            if (passes(line)) {
                all.addAll(LogRow.of(line));
            }
        }
        rows.setAll(all);
    }
}
