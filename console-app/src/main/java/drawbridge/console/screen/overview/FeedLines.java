package drawbridge.console.screen.overview;

import drawbridge.console.model.Happening;
import drawbridge.console.model.Happening.Kind;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What is worth reading, as far as somebody wants to read it: alerts that nobody marked as read
 * first, then the newest first.
 */
final class FeedLines {
    /** Which lines are wanted. */
    enum Topic {
        ALL,
        ALERTS,
        REFUSED,
        REVOKED
    }

    /**
     * What is shown.
     *
     * @param topic which lines
     * @param reasons only those refused for one of them; empty for every reason
     */
    record Choice(Topic topic, Set<String> reasons) {
        static final Choice ALL = new Choice(Topic.ALL, Set.of());

        Choice {
            reasons = Set.copyOf(reasons);
        }
    }

    /** What tells one alert from the next; one that happens again is a new one. */
    private record Read(Kind kind, String where, String reason, Instant at) {
        static Read of(Happening happening) {
            return new Read(
                    happening.kind(), happening.where(), happening.reason(), happening.lastAt());
        }
    }

    private final ObservableList<Happening> all;
    private final ObservableList<Happening> lines = FXCollections.observableArrayList();
    private final ObservableList<Happening> linesReadOnly =
            FXCollections.unmodifiableObservableList(lines);
    private final ObjectProperty<Choice> choice =
            new SimpleObjectProperty<>(this, "choice", Choice.ALL);
    private final Set<Read> read = new HashSet<>();
    private int alerts;

    FeedLines(ObservableList<Happening> all) {
        this.all = all;
        all.subscribe(this::choose);
        choice.subscribe(_ -> choose());
    }

    ObservableList<Happening> lines() {
        return linesReadOnly;
    }

    ObjectProperty<Choice> choiceProperty() {
        return choice;
    }

    /** How many alerts stand on top. */
    int alerts() {
        return alerts;
    }

    /** Whether it stands on top until somebody has read it. */
    boolean isAlert(Happening happening) {
        return switch (happening.kind()) {
            case NOTICE_WARNING, NOTICE_ERROR -> !read.contains(Read.of(happening));
            case SOURCE_DOWN ->
                    !isOver(happening, Kind.SOURCE_UP) && !read.contains(Read.of(happening));
            case ALERT_CRITICAL, ALERT_WARNING ->
                    !isOver(happening, Kind.ALERT_CLEARED) && !read.contains(Read.of(happening));
            case REFUSED,
                    REFUSALS_OMITTED,
                    REVOKED,
                    USER_REVOKED,
                    MANY_REVOKED,
                    LOGGED_OUT,
                    RESTORED,
                    LOGIN_REFUSED,
                    SOURCE_UP,
                    ALERT_CLEARED,
                    NOTICE_INFO ->
                    false;
        };
    }

    private boolean isOver(Happening begun, Kind end) {
        return all.stream()
                .anyMatch(later ->
                        later.kind() == end
                                && later.where().equals(begun.where())
                                && !later.lastAt().isBefore(begun.lastAt()));
    }

    /** An alert was read: it takes its place among the others. */
    void markRead(Happening alert) {
        Set<Read> known = new HashSet<>();
        all.forEach(happening -> known.add(Read.of(happening)));
        read.retainAll(known); // no more than there are lines
        read.add(Read.of(alert));
        choose();
    }

    private void choose() {
        List<Happening> top = new ArrayList<>();
        List<Happening> rest = new ArrayList<>();
        for (Happening happening : all) {
            boolean alert = isAlert(happening);
            if (isWanted(happening, alert)) {
                (alert ? top : rest).add(happening);
            }
        }
        alerts = (int) all.stream().filter(this::isAlert).count();
        top.addAll(rest);
        lines.setAll(top);
    }

    private boolean isWanted(Happening happening, boolean alert) {
        Choice wanted = choice.get();
        return switch (wanted.topic()) {
            case ALL -> true;
            case ALERTS -> alert || isKindOfAlert(happening.kind());
            case REFUSED ->
                    switch (happening.kind()) {
                        case REFUSED ->
                                wanted.reasons().isEmpty()
                                        || wanted.reasons().contains(happening.reason());
                        case LOGIN_REFUSED, REFUSALS_OMITTED -> wanted.reasons().isEmpty();
                        case REVOKED,
                                USER_REVOKED,
                                MANY_REVOKED,
                                LOGGED_OUT,
                                RESTORED,
                                SOURCE_DOWN,
                                SOURCE_UP,
                                ALERT_CRITICAL,
                                ALERT_WARNING,
                                ALERT_CLEARED,
                                NOTICE_INFO,
                                NOTICE_WARNING,
                                NOTICE_ERROR ->
                                false;
                    };
            case REVOKED ->
                    happening.kind() == Kind.REVOKED
                            || happening.kind() == Kind.USER_REVOKED
                            || happening.kind() == Kind.MANY_REVOKED
                            || happening.kind() == Kind.LOGGED_OUT
                            || happening.kind() == Kind.RESTORED;
        };
    }

    private static boolean isKindOfAlert(Kind kind) {
        return kind == Kind.NOTICE_WARNING
                || kind == Kind.NOTICE_ERROR
                || kind == Kind.SOURCE_DOWN
                || kind == Kind.SOURCE_UP
                || kind.isOfAlert();
    }
}
