package drawbridge.console.screen.alerts;

import drawbridge.console.client.AlertCalls;
import drawbridge.console.client.Reply;
import drawbridge.console.client.TrustClient;
import drawbridge.console.model.ConsoleModel;
import drawbridge.console.screen.ReplyWords;
import drawbridge.console.ui.Background;
import drawbridge.console.ui.Toasts;
import drawbridge.console.ui.Words;
import drawbridge.model.event.ServerEvent;
import drawbridge.model.event.ServerEvent.AlertChanged;
import drawbridge.model.view.AlertChannel;
import drawbridge.model.view.AlertRuleRow;
import drawbridge.model.view.AlertRules;
import drawbridge.model.view.AlertTest;
import drawbridge.model.view.AlertView;
import drawbridge.model.view.AlertsView;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/** The alerts of a server, their rules, and the ways on which they leave it. */
public final class AlertsViewModel {
    /** What was seen goes on while an alert fires, without an event of its own. */
    private static final int LOOK_EVERY_SECONDS = 5;

    private static final int LOOK_HIDDEN_SECONDS = 60;

    /** Which alerts are listed. */
    enum Shown {
        ALL,
        OPEN,
        ACKNOWLEDGED,
        SNOOZED,
        CLEARED
    }

    /**
     * What the bell in the frame says.
     *
     * @param open how many fire that nobody has in hand and nobody snoozed
     * @param isCritical whether one of them is
     * @param isKnown whether they were read
     */
    public record Bell(int open, boolean isCritical, boolean isKnown) {}

    /**
     * What was just done, and can be taken back.
     *
     * @param text one sentence
     * @param undo takes it back; empty when there is nothing to take back
     */
    record Notice(boolean isProblem, String text, Optional<Runnable> undo) {}

    private final ConsoleModel model;
    private final Background background;
    private final Words words;
    private final ReplyWords replies;
    private final Toasts toasts;
    private final AlertNotices notices;
    private final Consumer<String> opener;
    private final Map<String, AlertView> known = new LinkedHashMap<>();
    private final ObservableList<AlertView> rows = FXCollections.observableArrayList();
    private final ObservableList<AlertRuleRow> rules = FXCollections.observableArrayList();
    private final ObservableList<AlertChannel> channels = FXCollections.observableArrayList();
    private final Map<String, AlertTest> tests = new HashMap<>();
    private final Set<String> trying = new HashSet<>();
    private final ObjectProperty<Shown> shown =
            new SimpleObjectProperty<>(this, "shown", Shown.ALL);
    private final ReadOnlyObjectWrapper<Bell> bell =
            new ReadOnlyObjectWrapper<>(this, "bell", new Bell(0, false, false));
    private final ReadOnlyObjectWrapper<Optional<AlertView>> open =
            new ReadOnlyObjectWrapper<>(this, "open", Optional.empty());
    private final ReadOnlyObjectWrapper<Optional<AlertRuleRow>> rule =
            new ReadOnlyObjectWrapper<>(this, "rule", Optional.empty());
    private final ReadOnlyObjectWrapper<Optional<Notice>> notice =
            new ReadOnlyObjectWrapper<>(this, "notice", Optional.empty());
    private final ReadOnlyStringWrapper problem = new ReadOnlyStringWrapper(this, "problem", "");
    private final ReadOnlyBooleanWrapper read = new ReadOnlyBooleanWrapper(this, "read", false);
    private final ReadOnlyBooleanWrapper working =
            new ReadOnlyBooleanWrapper(this, "working", false);
    private final ReadOnlyObjectWrapper<Optional<AlertView>> auditBreak =
            new ReadOnlyObjectWrapper<>(this, "auditBreak", Optional.empty());
    private boolean isFront;
    private int secondsSinceLook;

    /**
     * A screen that has read nothing.
     *
     * @param opener shows the alert of that id, from a notice in the corner
     */
    public AlertsViewModel(
            ConsoleModel model,
            Background background,
            Words words,
            Toasts toasts,
            AlertNotices notices,
            Consumer<String> opener) {
        this.model = model;
        this.background = background;
        this.words = words;
        this.replies = new ReplyWords(words);
        this.toasts = toasts;
        this.notices = notices;
        this.opener = opener;
        model.onEvents(this::happened);
        model.snapshotProperty().addListener((property, before, after) -> look());
        model.secondsProperty().addListener((property, before, after) -> second());
        shown.addListener((property, before, after) -> list());
    }

    /** Those listed: open ones first, the newest first in each state. */
    ObservableList<AlertView> rows() {
        return rows;
    }

    /** The rules, in the server's order. */
    ObservableList<AlertRuleRow> rules() {
        return rules;
    }

    /** The ways on which alerts leave the server. */
    ObservableList<AlertChannel> channels() {
        return channels;
    }

    /** Which alerts are listed. */
    ObjectProperty<Shown> shownProperty() {
        return shown;
    }

    /** What the bell says. */
    public ReadOnlyObjectProperty<Bell> bellProperty() {
        return bell.getReadOnlyProperty();
    }

    /** What the server's own walk through the audit found; empty while it fits, as far as known. */
    public ReadOnlyObjectProperty<Optional<AlertView>> auditBreakProperty() {
        return auditBreak.getReadOnlyProperty();
    }

    /** The alert in the drawer, as it is now. */
    ReadOnlyObjectProperty<Optional<AlertView>> openProperty() {
        return open.getReadOnlyProperty();
    }

    /** The rule in the drawer, as it is now. */
    ReadOnlyObjectProperty<Optional<AlertRuleRow>> ruleProperty() {
        return rule.getReadOnlyProperty();
    }

    /** How the last thing asked for ended; empty when there is nothing to say. */
    ReadOnlyObjectProperty<Optional<Notice>> noticeProperty() {
        return notice.getReadOnlyProperty();
    }

    /** Why the alerts could not be read; empty when they could. */
    ReadOnlyStringProperty problemProperty() {
        return problem.getReadOnlyProperty();
    }

    /** Whether they were read once. */
    ReadOnlyBooleanProperty readProperty() {
        return read.getReadOnlyProperty();
    }

    /** Whether something asked for is under way. */
    ReadOnlyBooleanProperty workingProperty() {
        return working.getReadOnlyProperty();
    }

    /** Whether anything may be asked for. */
    boolean canAct() {
        return !model.readOnlyProperty().get() && !working.get();
    }

    /** How many there are, whatever is listed. */
    int total() {
        return known.size();
    }

    /** How a test message fared on that way; empty when none was sent. */
    Optional<AlertTest> tested(String channel) {
        return Optional.ofNullable(tests.get(channel));
    }

    /** Whether a test message is on that way. */
    boolean isTrying(String channel) {
        return trying.contains(channel);
    }

    AlertState state(AlertView alert) {
        return AlertState.of(alert, model.nowProperty().get());
    }

    void shown() {
        isFront = true;
        look();
    }

    void hidden() {
        isFront = false;
    }

    private void second() {
        if (known.values().stream().anyMatch(alert -> alert.snoozedUntil() != null)) {
            list(); // one may be over
        }
        secondsSinceLook++;
        int due = isFront ? LOOK_EVERY_SECONDS : LOOK_HIDDEN_SECONDS;
        if (secondsSinceLook >= due && !model.staleProperty().get()) {
            look();
        }
    }

    /** Reads everything again; of what nobody sees only what the bell needs. */
    void look() {
        secondsSinceLook = 0;
        Optional<TrustClient> client = model.client();
        if (client.isEmpty()) {
            return;
        }
        AlertCalls calls = client.get().alerts();
        background.run(calls::alerts).onDone(this::took);
        if (isFront) {
            background.run(calls::rules).onDone(this::tookRules);
        }
    }

    private void took(Reply<AlertsView> reply) {
        if (reply instanceof Reply.Done(AlertsView now)) {
            problem.set("");
            known.clear();
            now.alerts().forEach(alert -> known.put(alert.id(), alert));
            if (!now.channels().equals(channels)) {
                channels.setAll(now.channels());
            }
            read.set(true);
            list();
        } else {
            problem.set(replies.whyUnread(reply));
        }
    }

    private void tookRules(Reply<AlertRules> reply) {
        if (reply instanceof Reply.Done(AlertRules now)) {
            if (!now.rules().equals(rules)) {
                rules.setAll(now.rules());
            }
            rule.set(rule.get().flatMap(old -> find(old.rule())));
        }
    }

    private Optional<AlertRuleRow> find(String name) {
        return rules.stream().filter(row -> row.rule().equals(name)).findFirst();
    }

    private void happened(List<ServerEvent> events) {
        boolean news = false;
        for (ServerEvent event : events) {
            if (event instanceof AlertChanged(long _, Instant _, AlertView alert)) {
                boolean isNew = known.put(alert.id(), alert) == null;
                news = true;
                if (isNew && state(alert) == AlertState.OPEN && notices.wants(alert)) {
                    toasts.tell(
                            Toasts.Tone.PROBLEM,
                            words.get("alerts.toast", alert.title()),
                            alert.summary(),
                            () -> opener.accept(alert.id()));
                }
            }
        }
        if (news) {
            list();
        }
    }

    private void list() {
        Shown wanted = shown.get();
        List<AlertView> listed =
                known.values().stream()
                        .filter(alert ->
                                wanted == Shown.ALL || state(alert).name().equals(wanted.name()))
                        .sorted(
                                Comparator.comparing(this::state)
                                        .thenComparing(AlertView::since, Comparator.reverseOrder())
                                        .thenComparing(AlertView::id))
                        .toList();
        if (!listed.equals(rows)) {
            rows.setAll(listed);
        }
        List<AlertView> ringing =
                known.values().stream().filter(alert -> state(alert) == AlertState.OPEN).toList();
        bell.set(
                new Bell(
                        ringing.size(),
                        ringing.stream().anyMatch(alert -> alert.severity().equals("critical")),
                        read.get()));
        auditBreak.set(
                known.values().stream()
                        .filter(alert -> alert.rule().equals("audit_break") && alert.isFiring())
                        .findFirst());
        open.set(open.get().flatMap(old -> Optional.ofNullable(known.get(old.id()))));
    }

    /** Puts it into the drawer. */
    void open(AlertView alert) {
        rule.set(Optional.empty());
        open.set(Optional.of(alert));
    }

    /** Puts the alert of that id into the drawer, when there is one. */
    void open(String id) {
        AlertView alert = known.get(id);
        if (alert != null) {
            if (shown.get() != Shown.ALL && !rows.contains(alert)) {
                shown.set(Shown.ALL);
            }
            open(alert);
        }
    }

    /** Puts the rule into the drawer. */
    void open(AlertRuleRow row) {
        open.set(Optional.empty());
        rule.set(Optional.of(row));
    }

    /** Puts the rule of that name into the drawer, when it was read. */
    void openRule(String name) {
        find(name).ifPresent(this::open);
    }

    /** Empties the drawer; false when it was empty. */
    boolean close() {
        boolean wasOpen = open.get().isPresent() || rule.get().isPresent();
        open.set(Optional.empty());
        rule.set(Optional.empty());
        return wasOpen;
    }

    /** Takes the last news away. */
    void dismiss() {
        notice.set(Optional.empty());
    }

    /** Says that somebody has it in hand. */
    void acknowledge(AlertView alert) {
        if (alert.isFiring() && alert.acknowledgedBy() == null) {
            mark(
                    calls -> calls.acknowledge(alert.id()),
                    words.get("alerts.acknowledged", alert.title()),
                    Optional.of(() -> reopen(alert)));
        }
    }

    /** Takes back that somebody has it in hand. */
    void reopen(AlertView alert) {
        mark(
                calls -> calls.reopen(alert.id()),
                words.get("alerts.reopened", alert.title()),
                Optional.empty());
    }

    /**
     * Tells nobody of it for a while.
     *
     * @param length such as {@code 1h}
     */
    void snooze(AlertView alert, String length) {
        mark(
                calls -> calls.snooze(alert.id(), length),
                words.get("alerts.snoozed", alert.title(), words.oneOf("alerts.snoozeFor", length)),
                Optional.of(() -> wake(alert)));
    }

    /** Ends a snooze. */
    void wake(AlertView alert) {
        mark(
                calls -> calls.wake(alert.id()),
                words.get("alerts.woken", alert.title()),
                Optional.empty());
    }

    /** Takes the last mark on it back; false when there is none. */
    boolean undo(AlertView alert) {
        if (!canAct()) {
            return false;
        }
        if (AlertState.isSnoozed(alert, model.nowProperty().get())) {
            wake(alert);
        } else if (alert.acknowledgedBy() != null) {
            reopen(alert);
        } else {
            return false;
        }
        return true;
    }

    private void mark(
            Function<AlertCalls, Reply<AlertView>> call, String done, Optional<Runnable> undo) {
        act(call, reply -> ended(reply, done, undo));
    }

    /** Has the server do it, unless it does something already. */
    private <T> void act(Function<AlertCalls, Reply<T>> call, Consumer<Reply<T>> answered) {
        Optional<TrustClient> client = model.client();
        if (client.isEmpty() || !canAct()) {
            return;
        }
        working.set(true);
        background
                .run(() -> call.apply(client.get().alerts()))
                .onDone(reply -> {
                    working.set(false);
                    answered.accept(reply);
                })
                .onFailed(_ -> fault());
    }

    private void ended(Reply<?> reply, String done, Optional<Runnable> undo) {
        boolean isDone = reply instanceof Reply.Done;
        notice.set(
                Optional.of(
                        new Notice(
                                !isDone,
                                isDone ? done : words.get("alerts.failed", replies.why(reply)),
                                isDone ? undo : Optional.empty())));
        look();
    }

    private void fault() {
        working.set(false);
        notice.set(Optional.of(new Notice(true, words.get("reply.fault"), Optional.empty())));
    }

    /** Says when a rule fires from now on. */
    void change(AlertRuleRow row, boolean on, int least, int factor) {
        set(
                row,
                calls -> calls.change(row.rule(), on, least, factor),
                Optional.of(() -> changeBack(row)));
    }

    private void changeBack(AlertRuleRow before) {
        set(
                before,
                calls -> calls.change(before.rule(), before.on(), before.least(), before.factor()),
                Optional.empty());
    }

    private void set(
            AlertRuleRow row,
            Function<AlertCalls, Reply<AlertRules>> call,
            Optional<Runnable> undo) {
        act(
                call,
                reply -> {
                    tookRules(reply);
                    ended(reply, words.get("alerts.rule.changed", row.title()), undo);
                });
    }

    /** Sends a test message on that way. */
    void test(String channel) {
        Optional<TrustClient> client = model.client();
        if (client.isEmpty() || model.readOnlyProperty().get() || !trying.add(channel)) {
            return;
        }
        tests.remove(channel);
        working.set(true);
        background
                .run(() -> client.get().alerts().test(channel))
                .onDone(reply -> {
                    trying.remove(channel);
                    if (reply instanceof Reply.Done(AlertTest fared)) {
                        tests.put(channel, fared);
                    } else {
                        notice.set(
                                Optional.of(
                                        new Notice(
                                                true,
                                                words.get("alerts.failed", replies.why(reply)),
                                                Optional.empty())));
                    }
                    working.set(false);
                    look();
                })
                .onFailed(_ -> {
                    trying.remove(channel);
                    fault();
                });
    }
}
