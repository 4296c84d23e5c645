package drawbridge.console.screen.routes;

import drawbridge.console.client.PolicyFiles;
import drawbridge.console.client.Reply;
import drawbridge.console.client.RouteCalls;
import drawbridge.console.client.TrustClient;
import drawbridge.console.model.ConsoleModel;
import drawbridge.console.screen.ReplyWords;
import drawbridge.console.screen.routes.RuleDraft.Change;
import drawbridge.console.screen.routes.RuleDraft.Field;
import drawbridge.console.screen.routes.RuleDraft.Saved;
import drawbridge.console.screen.routes.RuleDraft.Wrong;
import drawbridge.console.ui.Background;
import drawbridge.console.ui.Later;
import drawbridge.console.ui.Toasts;
import drawbridge.console.ui.Words;
import drawbridge.model.Problem;
import drawbridge.model.Unmoved;
import drawbridge.model.view.CallerStrictness;
import drawbridge.model.view.ExplainedCall;
import drawbridge.model.view.Page;
import drawbridge.model.view.PolicyDifference;
import drawbridge.model.view.PolicyFile;
import drawbridge.model.view.PolicyVersionRow;
import drawbridge.model.view.RoutePolicies;
import drawbridge.model.view.RouteRule;
import drawbridge.model.view.RouteUses;
import drawbridge.model.view.RouteWarning;
import drawbridge.model.view.TenantName;
import drawbridge.model.view.WhatIfResult;

import javafx.beans.property.IntegerProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleIntegerProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The rules in force, a local draft of them, and what the server says of the draft before it is
 * saved. The draft is never lost: not when the server goes away, not when somebody else changes the
 * rules, not when another tenant is looked at. Used on the FX thread.
 */
public final class RoutesViewModel {
    private static final Duration TYPING = Duration.ofMillis(350);
    private static final int COUNT_EVERY_SECONDS = 5;
    private static final int MOST_RULES = 200;
    private static final int MOST_UNDO = 100;
    private static final String DEFAULT_TENANT = "default";
    private static final Pattern PLACE = Pattern.compile("rules\\[(\\d{1,4})]\\.(\\w+)");

    /** Whether what is in force could be read. */
    sealed interface Reading {
        /** Not yet, or no server runs. */
        record Waiting() implements Reading {}

        /** It is there. */
        record Done() implements Reading {}

        /** It could not be. */
        record Failed(String why) implements Reading {}
    }

    /** A draft of a tenant that is not looked at. */
    private record Aside(RoutePolicies base, List<Saved> rules) {
        Aside {
            rules = List.copyOf(rules);
        }
    }

    private record Asked(Reply<WhatIfResult> effect, Reply<PolicyDifference> difference) {}

    private final ConsoleModel model;
    private final Background background;
    private final Later later;
    private final Words words;
    private final ReplyWords replies;
    private final Toasts toasts;

    private final ObservableList<TenantName> tenants = FXCollections.observableArrayList();
    private final ReadOnlyObjectWrapper<String> tenant =
            new ReadOnlyObjectWrapper<>(this, "tenant", DEFAULT_TENANT);
    private final ReadOnlyObjectWrapper<Reading> reading =
            new ReadOnlyObjectWrapper<>(this, "reading", new Reading.Waiting());
    private final ReadOnlyObjectWrapper<Optional<RoutePolicies>> inForce =
            new ReadOnlyObjectWrapper<>(this, "inForce", Optional.empty());
    private final ObservableList<RuleDraft> draft = FXCollections.observableArrayList();
    private final IntegerProperty changes = new SimpleIntegerProperty(this, "changes", 0);
    private final ReadOnlyObjectWrapper<Judgement> judgement =
            new ReadOnlyObjectWrapper<>(this, "judgement", new Judgement.Nothing());
    private final ReadOnlyObjectWrapper<Optional<RoutePolicies>> conflict =
            new ReadOnlyObjectWrapper<>(this, "conflict", Optional.empty());
    private final ReadOnlyObjectWrapper<Optional<RouteUses>> use =
            new ReadOnlyObjectWrapper<>(this, "use", Optional.empty());
    private final ReadOnlyBooleanWrapper saving = new ReadOnlyBooleanWrapper(this, "saving");
    private final ObservableList<CallerStrictness> callers = FXCollections.observableArrayList();
    private final ObservableList<PolicyVersionRow> versions = FXCollections.observableArrayList();
    private final ObjectProperty<String> suggestedNote =
            new SimpleObjectProperty<>(this, "suggestedNote", "");

    private final Deque<List<Saved>> undo = new ArrayDeque<>();
    private final Map<String, Aside> aside = new HashMap<>();
    private List<Saved> current = List.of();
    private @Nullable Object lastEdited;
    private Later.@Nullable Pending due;
    private long generation;
    private boolean reviewAwaited;
    private boolean rebuilding;
    private boolean shown;
    private int restoring;
    private List<Saved> restored = List.of();

    /** Reads nothing before it is shown. */
    public RoutesViewModel(
            ConsoleModel model, Background background, Later later, Words words, Toasts toasts) {
        this.model = model;
        this.background = background;
        this.later = later;
        this.words = words;
        this.replies = new ReplyWords(words);
        this.toasts = toasts;
        model.staleProperty()
                .addListener((property, before, after) -> {
                    if (shown && !after) {
                        refetch();
                    }
                });
        model.secondsProperty()
                .addListener((property, before, after) -> {
                    if (shown && after.getEpochSecond() % COUNT_EVERY_SECONDS == 0) {
                        count();
                    }
                });
    }

    // ---- what is shown ----

    /** The tenants one can choose among. */
    ObservableList<TenantName> tenants() {
        return tenants;
    }

    /** Whose rules are shown. */
    ReadOnlyObjectProperty<String> tenantProperty() {
        return tenant.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<Reading> readingProperty() {
        return reading.getReadOnlyProperty();
    }

    /** The version that the draft starts from; empty until it was read. */
    ReadOnlyObjectProperty<Optional<RoutePolicies>> inForceProperty() {
        return inForce.getReadOnlyProperty();
    }

    /** The rules as edited. */
    ObservableList<RuleDraft> draft() {
        return draft;
    }

    /** In how many ways the draft differs from what is in force. */
    IntegerProperty changesProperty() {
        return changes;
    }

    boolean isDirty() {
        return changes.get() > 0;
    }

    /** What the server says of the draft. */
    ReadOnlyObjectProperty<Judgement> judgementProperty() {
        return judgement.getReadOnlyProperty();
    }

    /** What somebody else put in force while the draft was edited; empty when nobody did. */
    ReadOnlyObjectProperty<Optional<RoutePolicies>> conflictProperty() {
        return conflict.getReadOnlyProperty();
    }

    /** What was counted in the last hour. */
    ReadOnlyObjectProperty<Optional<RouteUses>> useProperty() {
        return use.getReadOnlyProperty();
    }

    ReadOnlyBooleanProperty savingProperty() {
        return saving.getReadOnlyProperty();
    }

    /** The tenant's callers. */
    ObservableList<CallerStrictness> callers() {
        return callers;
    }

    /** The versions there were, the newest first. */
    ObservableList<PolicyVersionRow> versions() {
        return versions;
    }

    /** What the note of the next version could say. */
    ObjectProperty<String> suggestedNoteProperty() {
        return suggestedNote;
    }

    /** Whether the server can be asked and told. */
    boolean canAct() {
        return model.client().isPresent() && !model.staleProperty().get();
    }

    /** The rules of the draft, numbered. */
    List<RouteRule> rules() {
        List<RouteRule> rules = new ArrayList<>();
        for (RuleDraft each : draft) {
            rules.add(each.rule().at(rules.size() + 1));
        }
        return rules;
    }

    // ---- reading ----

    void shown() {
        shown = true;
        refetch();
    }

    void hidden() {
        shown = false;
        reviewAwaited = false;
    }

    private <T> void ask(Function<RouteCalls, Reply<T>> call, Consumer<Reply<T>> then) {
        Optional<TrustClient> client = model.client();
        if (client.isEmpty()) {
            return;
        }
        String of = tenant.get();
        background
                .run(() -> call.apply(client.get().routes()))
                .onDone(reply -> {
                    if (of.equals(tenant.get())) {
                        then.accept(reply);
                    }
                })
                .onFailed(e -> reading.set(new Reading.Failed(String.valueOf(e))));
    }

    /** Reads again what is in force; a draft stays. */
    void refetch() {
        String of = tenant.get();
        ask(RouteCalls::tenants, this::tookTenants);
        ask(calls -> calls.policies(of), this::tookPolicies);
        ask(calls -> calls.callers(of), reply -> take(reply, callers));
        ask(calls -> calls.versions(of), reply -> take(reply, versions));
        count();
    }

    private static <T> void take(Reply<Page<T>> reply, ObservableList<T> into) {
        if (reply instanceof Reply.Done(Page<T> page)) {
            into.setAll(page.items());
        }
    }

    private void tookTenants(Reply<Page<TenantName>> reply) {
        if (reply instanceof Reply.Done(Page<TenantName> page) && !tenants.equals(page.items())) {
            tenants.setAll(page.items());
        }
    }

    private void count() {
        String of = tenant.get();
        if (canAct()) {
            ask(calls -> calls.use(of), this::tookUse);
        }
    }

    private void tookUse(Reply<RouteUses> reply) {
        if (!(reply instanceof Reply.Done(RouteUses told))) {
            return;
        }
        use.set(Optional.of(told));
        showUse();
        Optional<RoutePolicies> known = inForce.get();
        if (known.isPresent() && known.get().version() != told.version()) {
            String of = tenant.get();
            ask(calls -> calls.policies(of), this::tookPolicies);
        }
    }

    /** Counts are told by line of what is in force; the draft may have the rule elsewhere. */
    private void showUse() {
        Map<String, RouteUses.Use> known = new HashMap<>();
        use.get()
                .ifPresent(told ->
                        known(told.version())
                                .forEach(rule -> {
                                    Integer line = rule.line();
                                    if (line != null && line <= told.rules().size()) {
                                        known.putIfAbsent(rule.route(), told.rules().get(line - 1));
                                    }
                                }));
        for (RuleDraft each : draft) {
            each.useProperty().set(each.origin().map(RouteRule::route).map(known::get));
        }
    }

    /** The rules of that version, as far as it is one of those at hand. */
    private List<RouteRule> known(int version) {
        return inForce.get()
                .filter(base -> base.version() == version)
                .or(() -> conflict.get().filter(theirs -> theirs.version() == version))
                .map(RoutePolicies::rules)
                .orElse(List.of());
    }

    private void tookPolicies(Reply<RoutePolicies> reply) {
        if (!(reply instanceof Reply.Done(RoutePolicies fresh))) {
            if (inForce.get().isEmpty()) {
                reading.set(new Reading.Failed(replies.whyUnread(reply)));
            }
            return;
        }
        reading.set(new Reading.Done());
        Optional<RoutePolicies> known = inForce.get();
        boolean isSame =
                known.isPresent()
                        && known.get().version() == fresh.version()
                        && known.get().rules().equals(fresh.rules());
        if (isSame) {
            conflict.set(Optional.empty());
            return;
        }
        if (known.isEmpty() || !isDirty() || isWhatIsWanted(fresh)) {
            adopt(fresh);
        } else {
            conflict.set(Optional.of(fresh));
            showUse();
        }
        String of = tenant.get();
        ask(calls -> calls.versions(of), told -> take(told, versions));
    }

    private boolean isWhatIsWanted(RoutePolicies fresh) {
        return rules().equals(fresh.rules());
    }

    /** From now on that is what the draft starts from, and equals. */
    private void adopt(RoutePolicies fresh) {
        inForce.set(Optional.of(fresh));
        conflict.set(Optional.empty());
        restoring = 0;
        suggestedNote.set("");
        undo.clear();
        rebuild(fresh.rules().stream().map(rule -> RuleDraft.of(rule, rule)).toList());
        showUse();
    }

    // ---- another tenant ----

    /** Looks at another tenant's rules; the draft is put aside, and is there on coming back. */
    void choose(String wanted) {
        if (wanted.equals(tenant.get())) {
            return;
        }
        if (isDirty()) {
            inForce.get()
                    .ifPresent(
                            base -> aside.put(tenant.get(), new Aside(base, List.copyOf(current))));
        } else {
            aside.remove(tenant.get());
        }
        tenant.set(wanted);
        undo.clear();
        conflict.set(Optional.empty());
        use.set(Optional.empty());
        callers.clear();
        versions.clear();
        Aside kept = aside.remove(wanted);
        if (kept == null) {
            inForce.set(Optional.empty());
            reading.set(new Reading.Waiting());
            rebuild(List.of());
        } else {
            inForce.set(Optional.of(kept.base()));
            rebuild(kept.rules().stream().map(RuleDraft::new).toList());
        }
        refetch();
    }

    // ---- editing ----

    private void rebuild(List<RuleDraft> rules) {
        rebuilding = true;
        rules.forEach(this::listen);
        draft.setAll(rules);
        rebuilding = false;
        current = snapshot();
        lastEdited = null;
        changed();
    }

    private void listen(RuleDraft rule) {
        rule.fields()
                .forEach(field ->
                        field.addListener((property, before, after) -> {
                            if (!rebuilding && !after.equals(before)) {
                                remember(field);
                                rule.wrongProperty().set(Optional.empty());
                                changed();
                            }
                        }));
    }

    private List<Saved> snapshot() {
        return draft.stream().map(RuleDraft::saved).toList();
    }

    /** Typing in one field is one step back. */
    private void remember(@Nullable Object edited) {
        if (edited == null || !edited.equals(lastEdited)) {
            undo.push(current);
            if (undo.size() > MOST_UNDO) {
                undo.removeLast();
            }
        }
        lastEdited = edited;
        current = snapshot();
    }

    private void edit(Runnable change) {
        rebuilding = true;
        change.run();
        rebuilding = false;
        remember(null);
        changed();
    }

    /** Puts a new rule behind that place; -1 for the front. Empty when there are too many. */
    Optional<RuleDraft> add(int behind) {
        if (inForce.get().isEmpty() || draft.size() >= MOST_RULES) {
            return Optional.empty();
        }
        RuleDraft fresh =
                RuleDraft.of(
                        new RouteRule(null, "*", "/", "STANDARD", null, "exact", "told"), null);
        listen(fresh);
        edit(() -> draft.add(Math.min(behind + 1, draft.size()), fresh));
        return Optional.of(fresh);
    }

    void remove(RuleDraft rule) {
        if (draft.contains(rule)) {
            edit(() -> draft.remove(rule));
        }
    }

    /** Moves a rule; nothing happens when it cannot go there. */
    boolean move(int from, int to) {
        if (from == to || from < 0 || to < 0 || from >= draft.size() || to >= draft.size()) {
            return false;
        }
        edit(() -> {
            RuleDraft rule = draft.remove(from);
            draft.add(to, rule);
        });
        return true;
    }

    /** Takes the last edit back; false when there is none. */
    boolean undo() {
        if (undo.isEmpty()) {
            return false;
        }
        List<Saved> before = undo.pop();
        rebuild(before.stream().map(RuleDraft::new).toList());
        showUse();
        return true;
    }

    boolean canUndo() {
        return !undo.isEmpty();
    }

    /**
     * Stages another mode for the rule in that place.
     *
     * @param place beginning with 0
     */
    public void proposeMode(int place, String mode) {
        draft.get(place).modeProperty().set(mode);
    }

    /** Stages another pattern for the rule in that place, which may be no pattern. */
    public void proposePattern(int place, String pattern) {
        draft.get(place).patternProperty().set(pattern);
    }

    /** Drops the draft; it can be taken back. */
    void discard() {
        inForce.get()
                .ifPresent(base -> {
                    restoring = 0;
                    suggestedNote.set("");
                    replaceDraft(
                            base.rules().stream().map(rule -> RuleDraft.of(rule, rule)).toList());
                });
    }

    private void replaceDraft(List<RuleDraft> rules) {
        List<Saved> before = current;
        rebuild(rules);
        undo.push(before);
        showUse();
    }

    /** Other rules as the draft: each that is for a route in force counts as that one. */
    private void propose(List<RouteRule> rules) {
        List<RouteRule> left =
                new ArrayList<>(inForce.get().map(RoutePolicies::rules).orElse(List.of()));
        List<RuleDraft> fresh = new ArrayList<>();
        for (RouteRule rule : rules) {
            RouteRule origin =
                    left.stream()
                            .filter(each -> each.route().equals(rule.route()))
                            .findFirst()
                            .orElse(null);
            left.remove(origin);
            fresh.add(RuleDraft.of(rule, origin));
        }
        replaceDraft(fresh);
    }

    private void changed() {
        List<RouteRule> base = inForce.get().map(RoutePolicies::rules).orElse(List.of());
        List<RuleDraft> kept = draft.stream().filter(rule -> rule.origin().isPresent()).toList();
        List<RuleDraft> unmoved = Unmoved.of(kept, RoutesViewModel::line);
        int count = base.size() - kept.size();
        for (RuleDraft rule : draft) {
            Change change =
                    rule.origin().isEmpty()
                            ? Change.ADDED
                            : rule.isChanged()
                                    ? Change.CHANGED
                                    : unmoved.contains(rule) ? Change.SAME : Change.MOVED;
            rule.changeProperty().set(change);
            count += change == Change.SAME ? 0 : 1;
        }
        changes.set(Math.max(0, count));
        judgeSoon();
    }

    private static int line(RuleDraft rule) {
        return rule.origin().map(RouteRule::line).orElse(0);
    }

    // ---- what if ----

    private void judgeSoon() {
        generation++;
        reviewAwaited = false; // a dialog must not open under the hands of whoever goes on typing
        if (due != null) {
            due.cancel();
        }
        draft.forEach(rule -> {
            rule.effectProperty().set(Optional.empty());
            rule.warningProperty().set("");
        });
        if (!isDirty()) {
            judgement.set(new Judgement.Nothing());
            inForce.get().ifPresent(base -> showWarnings(base.warnings()));
            return;
        }
        judgement.set(new Judgement.Running());
        due = later.after(TYPING, this::judge);
    }

    /** Asks now, such as when the server came back. */
    void judge() {
        draft.forEach(rule -> rule.wrongProperty().set(Optional.empty()));
        for (RuleDraft rule : draft) {
            if (!rule.hasReadableRate()) {
                wrong(
                        rule,
                        Field.RATE,
                        words.get("routes.wrong.rate", Integer.toString(RuleDraft.MOST_RATE)));
                return;
            }
        }
        Optional<TrustClient> client = model.client();
        if (client.isEmpty()) {
            judgement.set(new Judgement.Failed(words.get("routes.whatif.away")));
            return;
        }
        judgement.set(new Judgement.Running());
        long asked = generation;
        String of = tenant.get();
        List<RouteRule> rules = rules();
        RouteCalls calls = client.get().routes();
        background
                .run(() -> {
                    Reply<WhatIfResult> effect = calls.whatIf(of, rules);
                    Reply<PolicyDifference> difference =
                            effect instanceof Reply.Done<WhatIfResult>
                                    ? calls.difference(of, rules)
                                    : new Reply.Unreachable<>("", "");
                    return new Asked(effect, difference);
                })
                .onDone(told -> {
                    if (asked == generation) {
                        judged(told);
                    }
                })
                .onFailed(e -> judgement.set(new Judgement.Failed(String.valueOf(e))));
    }

    private void judged(Asked told) {
        if (told.effect() instanceof Reply.Rejected<WhatIfResult> rejected
                && markWrong(rejected.problem())) {
            return;
        }
        if (!(told.effect() instanceof Reply.Done(WhatIfResult effect))) {
            judgement.set(new Judgement.Failed(replies.whyUnread(told.effect())));
            return;
        }
        if (!(told.difference() instanceof Reply.Done(PolicyDifference difference))) {
            judgement.set(new Judgement.Failed(replies.whyUnread(told.difference())));
            return;
        }
        for (WhatIfResult.Line line : effect.lines()) {
            if (line.line() >= 1 && line.line() <= draft.size()) {
                draft.get(line.line() - 1).effectProperty().set(Optional.of(line));
            }
        }
        showWarnings(effect.warnings());
        judgement.set(new Judgement.Done(effect, difference));
    }

    private void showWarnings(List<RouteWarning> warnings) {
        for (RouteWarning warning : warnings) {
            if (warning.line() >= 1 && warning.line() <= draft.size()) {
                draft.get(warning.line() - 1).warningProperty().set(warning.text());
            }
        }
    }

    private boolean markWrong(Problem problem) {
        Matcher place = PLACE.matcher(problem.field() == null ? "" : problem.field());
        if (!place.find() || Integer.parseInt(place.group(1)) >= draft.size()) {
            return false;
        }
        RuleDraft rule = draft.get(Integer.parseInt(place.group(1)));
        Optional<Field> field = Field.of(place.group(2));
        field.ifPresent(known -> wrong(rule, known, withoutPlace(problem)));
        return field.isPresent();
    }

    /** The server begins with the field's name, which the screen shows in its place. */
    private static String withoutPlace(Problem problem) {
        String field = problem.field() == null ? "" : problem.field();
        String text = problem.message();
        int from = field.isEmpty() ? -1 : text.indexOf(field);
        String rest = from < 0 ? text : text.substring(from + field.length());
        return rest.replaceFirst("^[:\\s]+", "");
    }

    private void wrong(RuleDraft rule, Field field, String text) {
        rule.wrongProperty().set(Optional.of(new Wrong(field, text)));
        judgement.set(
                new Judgement.Wrong(
                        words.get(
                                "routes.wrong",
                                draft.indexOf(rule) + 1,
                                words.oneOf("routes.field", field.wireName()),
                                text)));
    }

    /** The first rule with a field at fault. */
    Optional<RuleDraft> firstWrong() {
        return draft.stream().filter(rule -> rule.wrongProperty().get().isPresent()).findFirst();
    }

    // ---- saving ----

    /** Whether the draft could be saved now. */
    boolean canSave() {
        return isSavableOnceJudged() && judgement.get() instanceof Judgement.Done;
    }

    private boolean isSavableOnceJudged() {
        return isDirty()
                && canAct()
                && !model.readOnlyProperty().get()
                && !saving.get()
                && conflict.get().isEmpty();
    }

    /**
     * Somebody wants to review the draft while it is still being judged: {@link
     * #takeAwaitedReview()} tells so once it is, unless it was changed meanwhile.
     *
     * @return false when the draft is not being judged, or could not be saved anyway
     */
    boolean awaitReview() {
        reviewAwaited = isSavableOnceJudged() && judgement.get() instanceof Judgement.Running;
        return reviewAwaited;
    }

    /** Whether a review is still wanted; it is asked for once. */
    boolean takeAwaitedReview() {
        boolean wanted = reviewAwaited;
        reviewAwaited = false;
        return wanted;
    }

    /** Puts the draft in force as a new version. */
    void save(String note) {
        Optional<TrustClient> client = model.client();
        Optional<RoutePolicies> base = inForce.get();
        if (client.isEmpty() || base.isEmpty() || saving.get()) {
            return;
        }
        saving.set(true);
        String of = tenant.get();
        int from = base.get().version();
        List<RouteRule> rules = rules();
        RouteCalls calls = client.get().routes();
        int old = current.equals(restored) ? restoring : 0; // an edited one is not restored
        background
                .run(() ->
                        old > 0
                                ? calls.restore(of, from, old)
                                : calls.replace(of, from, rules, note))
                .onDone(reply -> {
                    saving.set(false);
                    if (of.equals(tenant.get())) {
                        saved(reply);
                    }
                })
                .onFailed(e -> {
                    saving.set(false);
                    toasts.tell(
                            Toasts.Tone.PROBLEM,
                            words.get("routes.save.failed"),
                            String.valueOf(e));
                });
    }

    private void saved(Reply<RoutePolicies> reply) {
        if (reply instanceof Reply.Done(RoutePolicies fresh)) {
            adopt(fresh);
            toasts.tell(
                    Toasts.Tone.DONE,
                    words.get("routes.save.done", fresh.version()),
                    words.get("routes.save.effect"));
            refetch();
            return;
        }
        toasts.tell(Toasts.Tone.PROBLEM, words.get("routes.save.failed"), replies.why(reply));
        if (reply instanceof Reply.Rejected<RoutePolicies> rejected) {
            markWrong(rejected.problem());
        }
        refetch(); // it may have happened, or somebody else was first
    }

    /** Puts the draft's changes on top of what somebody else put in force meanwhile. */
    void rebase() {
        Optional<RoutePolicies> theirs = conflict.get();
        Optional<RoutePolicies> base = inForce.get();
        if (theirs.isEmpty() || base.isEmpty()) {
            return;
        }
        List<RouteRule> mine = draft.stream().map(RuleDraft::rule).toList();
        RuleMerge.Merged merged = RuleMerge.of(base.get().rules(), mine, theirs.get().rules());
        Map<RouteRule, RouteRule> numbered = new HashMap<>();
        theirs.get().rules().forEach(rule -> numbered.putIfAbsent(rule.at(null), rule));
        List<RuleDraft> rules = new ArrayList<>();
        for (int i = 0; i < merged.rules().size(); i++) {
            RouteRule origin = merged.origins().get(i);
            rules.add(
                    RuleDraft.of(
                            merged.rules().get(i), origin == null ? null : numbered.get(origin)));
        }
        inForce.set(theirs);
        conflict.set(Optional.empty());
        restoring = 0;
        undo.clear(); // what was before started from another version
        rebuild(rules);
        showUse();
        if (!merged.clashes().isEmpty()) {
            toasts.tell(
                    Toasts.Tone.PROBLEM,
                    words.get("routes.conflict.clashes"),
                    String.join(", ", merged.clashes()));
        }
    }

    /** Drops the draft for what somebody else put in force. */
    void takeTheirs() {
        conflict.get().ifPresent(this::adopt);
    }

    // ---- versions and files ----

    /** What changed from one version to another, told once it is known. */
    void difference(int from, int to, Consumer<Reply<PolicyDifference>> then) {
        String of = tenant.get();
        ask(calls -> calls.difference(of, from, to), then);
    }

    /** Makes the rules of an old version the draft, to be looked at and saved like any other. */
    void proposeVersion(int version) {
        String of = tenant.get();
        ask(
                calls -> calls.version(of, version),
                reply -> {
                    if (reply instanceof Reply.Done(RoutePolicies old)) {
                        propose(old.rules());
                        restoring = version;
                        restored = current;
                        suggestedNote.set(words.get("routes.note.restored", version));
                    } else {
                        toasts.tell(
                                Toasts.Tone.PROBLEM,
                                words.get("routes.versions.notRead", version),
                                replies.whyUnread(reply));
                    }
                });
    }

    /** Writes what is in force to a file. */
    void exportTo(Path file) {
        String of = tenant.get();
        Optional<TrustClient> client = model.client();
        if (client.isEmpty()) {
            toasts.tell(
                    Toasts.Tone.PROBLEM,
                    words.get("routes.export.failed"),
                    words.get("routes.whatif.away"));
            return;
        }
        background
                .run(() -> {
                    Reply<PolicyFile> reply = client.get().routes().export(of);
                    if (reply instanceof Reply.Done(PolicyFile exported)) {
                        try {
                            PolicyFiles.write(file, exported);
                            return "";
                        } catch (IOException e) {
                            return String.valueOf(e.getMessage());
                        }
                    }
                    return replies.whyUnread(reply);
                })
                .onDone(why ->
                        toasts.tell(
                                why.isEmpty() ? Toasts.Tone.DONE : Toasts.Tone.PROBLEM,
                                words.get(
                                        why.isEmpty()
                                                ? "routes.export.done"
                                                : "routes.export.failed"),
                                why.isEmpty() ? file.toString() : why));
    }

    private record Imported(@Nullable PolicyFile file, String why) {}

    /** Makes a file's rules the draft, to be looked at and saved like any other. */
    void importFrom(Path file) {
        background
                .run(() -> {
                    try {
                        return new Imported(PolicyFiles.read(file), "");
                    } catch (IOException e) {
                        return new Imported(null, String.valueOf(e.getMessage()));
                    }
                })
                .onDone(read -> {
                    PolicyFile policies = read.file();
                    if (policies == null) {
                        toasts.tell(
                                Toasts.Tone.PROBLEM,
                                words.get("routes.import.failed"),
                                words.get("routes.import.why", file, read.why()));
                    } else if (inForce.get().isPresent()) {
                        propose(policies.rules());
                        suggestedNote.set(words.get("routes.note.imported", file.getFileName()));
                        if (!isDirty()) {
                            toasts.tell(
                                    Toasts.Tone.DONE,
                                    words.get("routes.import.same"),
                                    file.toString());
                        }
                    }
                });
    }

    /** Why a recorded call was answered as it was, told once it is known. */
    void explain(String requestId, Consumer<Reply<ExplainedCall>> then) {
        ask(calls -> calls.explain(requestId), then);
    }

    /** The address of the user whose session that is, as far as the console knows. */
    String userOf(String session, String userId) {
        return model.sessions().find(session).map(entry -> entry.told().email()).orElse(userId);
    }
}
