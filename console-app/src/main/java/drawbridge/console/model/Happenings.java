package drawbridge.console.model;

import drawbridge.console.model.Happening.Kind;
import drawbridge.model.event.ServerEvent;
import drawbridge.model.event.ServerEvent.AlertChanged;
import drawbridge.model.event.ServerEvent.LoginRefused;
import drawbridge.model.event.ServerEvent.Notice;
import drawbridge.model.event.ServerEvent.RefusalsOmitted;
import drawbridge.model.event.ServerEvent.SessionRefused;
import drawbridge.model.event.ServerEvent.SessionRestored;
import drawbridge.model.event.ServerEvent.SessionRevoked;
import drawbridge.model.event.ServerEvent.SourceChanged;
import drawbridge.model.view.AlertView;

import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/**
 * What is worth reading among the events, newest first: the same thing happening to the same one
 * again within two minutes is one line with a count, so that a flood does not push the rest out.
 */
public final class Happenings {
    /** So many lines are kept. */
    public static final int MOST = 200;

    private static final Duration SAME = Duration.ofMinutes(2);

    /** An alert that is told of later was there already, and only what is done about it is new. */
    private static final Duration NEW_ALERT = Duration.ofSeconds(30);

    private final ObservableList<Happening> list = FXCollections.observableArrayList();
    private final ObservableList<Happening> readOnly =
            FXCollections.unmodifiableObservableList(list);
    private final Set<String> firing = new HashSet<>();

    /** The lines, newest first; changes once for a batch of events. */
    public ObservableList<Happening> list() {
        return readOnly;
    }

    /**
     * Takes in a batch.
     *
     * @param find what is known of a session, to name its user
     */
    void apply(List<ServerEvent> events, Function<String, @Nullable SessionEntry> find) {
        List<Happening> lines = new ArrayList<>(list);
        boolean changed = false;
        for (ServerEvent event : events) {
            Happening happening = read(event, find);
            if (happening != null) {
                add(lines, happening);
                changed = true;
            }
        }
        if (changed) {
            list.setAll(lines);
        }
    }

    void clear() {
        list.clear();
        firing.clear();
    }

    private static void add(List<Happening> lines, Happening happening) {
        Instant since = happening.lastAt().minus(SAME);
        for (int i = 0; i < lines.size(); i++) {
            Happening known = lines.get(i);
            if (known.lastAt().isBefore(since)) {
                break; // newest first: all that follow are older still
            }
            if (isSame(known, happening)) {
                lines.remove(i);
                lines.addFirst(joined(known, happening));
                return;
            }
        }
        lines.addFirst(happening);
        if (lines.size() > MOST) {
            lines.removeLast(); // here and not behind the batch: each line is looked for among all
        }
    }

    private static boolean isSame(Happening a, Happening b) {
        return a.kind() == b.kind()
                && a.kind() != Kind.REVOKED
                && a.kind() != Kind.USER_REVOKED
                && a.kind() != Kind.RESTORED
                && a.reason().equals(b.reason())
                && Objects.equals(a.signal(), b.signal())
                && Objects.equals(a.userId(), b.userId())
                && Objects.equals(a.email(), b.email())
                && (a.kind() != Kind.LOGGED_OUT || Objects.equals(a.ref(), b.ref()))
                && (isOfSession(a.kind()) || a.where().equals(b.where()));
    }

    /** Whether what it is about is a session or a login, so that the place does not matter. */
    private static boolean isOfSession(Kind kind) {
        return kind == Kind.REFUSED || kind == Kind.LOGGED_OUT || kind == Kind.LOGIN_REFUSED;
    }

    private static Happening joined(Happening old, Happening fresh) {
        return new Happening(
                fresh.kind(),
                old.firstAt(),
                fresh.lastAt(),
                old.count() + fresh.count(),
                Objects.equals(old.ref(), fresh.ref()) ? fresh.ref() : null,
                fresh.userId(),
                fresh.email(),
                Objects.equals(old.ip(), fresh.ip()) ? fresh.ip() : null,
                fresh.reason(),
                fresh.signal(),
                fresh.where(),
                fresh.tookMicros());
    }

    private @Nullable Happening read(
            ServerEvent event, Function<String, @Nullable SessionEntry> find) {
        return switch (event) {
            case SessionRefused e ->
                    new Happening(
                            Kind.REFUSED,
                            e.at(),
                            e.at(),
                            1,
                            e.ref(),
                            e.userId(),
                            e.email(),
                            e.ip(),
                            e.reason(),
                            e.signal(),
                            Objects.requireNonNullElse(
                                    e.route() == null ? e.caller() : e.route(), ""),
                            0);
            case RefusalsOmitted e -> plain(Kind.REFUSALS_OMITTED, e.at(), e.count(), "", "");
            case SessionRevoked e -> revoked(e, find);
            case SessionRestored e ->
                    new Happening(
                            Kind.RESTORED,
                            e.at(),
                            e.at(),
                            1,
                            e.session().ref(),
                            e.session().userId(),
                            e.session().email(),
                            null,
                            "",
                            null,
                            "",
                            0);
            case LoginRefused e ->
                    new Happening(
                            Kind.LOGIN_REFUSED,
                            e.at(),
                            e.at(),
                            1,
                            null,
                            null,
                            e.email(),
                            e.ip(),
                            e.reason(),
                            null,
                            "",
                            0);
            case SourceChanged e ->
                    plain(
                            e.state().equals("up") ? Kind.SOURCE_UP : Kind.SOURCE_DOWN,
                            e.at(),
                            1,
                            e.why(),
                            e.source());
            case AlertChanged e -> alert(e.alert(), e.at());
            case Notice e -> plain(level(e.level()), e.at(), 1, e.text(), "");
            default -> null;
        };
    }

    /** Null for what was done about an alert that was told before. */
    private @Nullable Happening alert(AlertView alert, Instant at) {
        String said = alert.summary();
        if (!alert.isFiring()) {
            firing.remove(alert.id());
            Instant cleared = alert.clearedAt();
            return cleared == null || cleared.isBefore(at.minus(NEW_ALERT))
                    ? null
                    : plain(Kind.ALERT_CLEARED, cleared, 1, said, alert.id());
        }
        if (!firing.add(alert.id()) || alert.since().isBefore(at.minus(NEW_ALERT))) {
            return null;
        }
        Kind kind = alert.severity().equals("critical") ? Kind.ALERT_CRITICAL : Kind.ALERT_WARNING;
        return plain(kind, alert.since(), 1, said, alert.id());
    }

    private static Kind level(String level) {
        return switch (level) {
            case "error" -> Kind.NOTICE_ERROR;
            case "warning" -> Kind.NOTICE_WARNING;
            default -> Kind.NOTICE_INFO;
        };
    }

    private static Happening revoked(
            SessionRevoked event, Function<String, @Nullable SessionEntry> find) {
        SessionEntry entry = event.ref() == null ? null : find.apply(event.ref());
        Kind kind =
                switch (event.scope()) {
                    case "session" -> event.actor().equals("user") ? Kind.LOGGED_OUT : Kind.REVOKED;
                    case "user" -> Kind.USER_REVOKED;
                    default -> Kind.MANY_REVOKED;
                };
        return new Happening(
                kind,
                event.at(),
                event.at(),
                1,
                event.ref(),
                entry == null ? event.userId() : entry.told().userId(),
                entry == null ? null : entry.told().email(),
                null,
                event.reason(),
                null,
                event.nodes().isEmpty() ? "" : event.nodes().getFirst().node(),
                event.tookMicros());
    }

    private static Happening plain(Kind kind, Instant at, long count, String reason, String where) {
        return new Happening(kind, at, at, count, null, null, null, null, reason, null, where, 0);
    }
}
