package drawbridge.console.screen.secrets;

import drawbridge.console.client.Reply;
import drawbridge.console.client.SecretCalls;
import drawbridge.console.client.SecretCalls.CallerDone;
import drawbridge.console.client.SecretCalls.CallerSecret;
import drawbridge.console.client.SecretCalls.CallerWish;
import drawbridge.console.client.SecretCalls.OwnRotated;
import drawbridge.console.model.ConsoleModel;
import drawbridge.console.model.FeedStatus;
import drawbridge.console.screen.ReplyWords;
import drawbridge.console.ui.Background;
import drawbridge.console.ui.Formats;
import drawbridge.console.ui.Later;
import drawbridge.console.ui.Toasts;
import drawbridge.console.ui.Words;
import drawbridge.model.event.ServerEvent;
import drawbridge.model.view.CallerRow;
import drawbridge.model.view.OwnSecrets;
import drawbridge.model.view.Page;
import drawbridge.model.view.SecretUse;
import drawbridge.model.view.SigningKeyRow;

import javafx.beans.property.ReadOnlyLongProperty;
import javafx.beans.property.ReadOnlyLongWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/**
 * Callers, signing keys and the server's own secrets, as last read, with the use of secrets as it
 * is told each second. What an action changes is read again, never guessed. Used on the FX thread.
 */
public final class SecretsViewModel {
    private static final Duration GATHERING = Duration.ofMillis(150);

    /** Other nodes' use reaches this one by the database; so it is read now and then. */
    private static final Duration READ_EVERY = Duration.ofSeconds(10);

    /** So long a secret is accepted beside its successor unless somebody says otherwise. */
    static final String OVERLAP = "24h";

    /** What was read together. */
    private record Read(
            Reply<Page<CallerRow>> callers,
            Reply<Page<SigningKeyRow>> keys,
            Reply<OwnSecrets> own) {}

    private final ConsoleModel model;
    private final Background background;
    private final Later later;
    private final Words words;
    private final Formats formats;
    private final Toasts toasts;
    private final ReplyWords replies;

    private final ReadOnlyLongWrapper revision = new ReadOnlyLongWrapper(this, "revision", 0);
    private final StringProperty filter = new SimpleStringProperty(this, "filter", "");
    private final Map<String, Map<Integer, SecretUse>> uses = new HashMap<>();
    private final Map<String, String> problems = new HashMap<>();
    private final Set<String> working = new HashSet<>();

    private List<CallerRow> callers = List.of();
    private List<SigningKeyRow> keys = List.of();
    private Optional<OwnSecrets> own = Optional.empty();
    private boolean isRead;
    private String problem = "";
    private boolean isDue;
    private boolean isLookedAt;
    private Instant readAt = Instant.EPOCH;

    /** A view model that reads as soon as the server is followed. */
    public SecretsViewModel(
            ConsoleModel model,
            Background background,
            Later later,
            Words words,
            Formats formats,
            Toasts toasts) {
        this.model = model;
        this.background = background;
        this.later = later;
        this.words = words;
        this.formats = formats;
        this.toasts = toasts;
        this.replies = new ReplyWords(words);
        filter.addListener((property, before, after) -> changed());
        model.onEvents(this::happened);
        model.feedStatusProperty().addListener((property, before, after) -> followed(after));
        model.secondsProperty().addListener((property, before, after) -> second(after));
    }

    private void followed(FeedStatus status) {
        if (status instanceof FeedStatus.Live) {
            read();
        }
        changed();
    }

    /** Whether one caller is looked at: when its rights were used comes by no event. */
    void lookedAt(boolean looks) {
        boolean isNews = looks && !isLookedAt;
        isLookedAt = looks;
        if (isNews && isRead) {
            read();
        }
    }

    private void second(Instant now) {
        boolean isRotating = callers.stream().anyMatch(caller -> !caller.old().isEmpty());
        if ((isRotating || isLookedAt)
                && !model.staleProperty().get()
                && !Duration.between(readAt, now).minus(READ_EVERY).isNegative()) {
            read();
        }
    }

    private void happened(List<ServerEvent> events) {
        boolean isUsed = false;
        boolean isOther = false;
        for (ServerEvent event : events) {
            switch (event) {
                case ServerEvent.SecretsUsed used -> {
                    used.uses()
                            .forEach(use ->
                                    uses.computeIfAbsent(use.callerId(), _ -> new HashMap<>())
                                            .put(use.version(), use));
                    isUsed = true;
                }
                case ServerEvent.CallerChanged _, ServerEvent.SecretRotated _ -> isOther = true;
                default -> {}
            }
        }
        if (isOther) {
            readSoon();
        }
        if (isUsed) {
            changed();
        }
    }

    private void readSoon() {
        if (!isDue) {
            isDue = true;
            later.after(
                    GATHERING,
                    () -> {
                        isDue = false;
                        read();
                    });
        }
    }

    private Optional<SecretCalls> calls() {
        return model.client().map(client -> client.secrets());
    }

    /** Reads all of it again. */
    public void read() {
        readAt = model.nowProperty().get();
        calls().ifPresent(calls ->
                background
                        .run(() -> new Read(calls.callers(), calls.keys(), calls.own()))
                        .onDone(this::took)
                        .onFailed(e -> tellProblem(words.get("reply.fault"))));
    }

    private void took(Read read) {
        String trouble = "";
        if (read.callers() instanceof Reply.Done(Page<CallerRow> page)) {
            callers = page.items();
            uses.keySet().retainAll(callers.stream().map(CallerRow::id).toList());
            isRead = true;
        } else {
            trouble = replies.whyUnread(read.callers());
        }
        if (read.keys() instanceof Reply.Done(Page<SigningKeyRow> page)) {
            keys = page.items();
        } else if (trouble.isEmpty()) {
            trouble = replies.whyUnread(read.keys());
        }
        if (read.own() instanceof Reply.Done(OwnSecrets told)) {
            own = Optional.of(told);
        } else if (trouble.isEmpty()) {
            trouble = replies.whyUnread(read.own());
        }
        tellProblem(trouble);
    }

    private void tellProblem(String trouble) {
        problem = trouble;
        changed();
    }

    private void changed() {
        revision.set(revision.get() + 1);
    }

    /** Grows whenever anything of this is another. */
    ReadOnlyLongProperty revisionProperty() {
        return revision.getReadOnlyProperty();
    }

    /** What callers' names, tenants and flags are looked through for. */
    StringProperty filterProperty() {
        return filter;
    }

    /** Why the last reading failed; empty when it did not. */
    String problem() {
        return problem;
    }

    /** Whether there has been anything to show. */
    boolean isRead() {
        return isRead;
    }

    /** Whether actions can be asked for. */
    boolean canAct() {
        return !model.readOnlyProperty().get();
    }

    /** How many callers there are, shown or not. */
    int count() {
        return callers.size();
    }

    /** The callers that pass the filter, by tenant and name. */
    List<CallerState> callers() {
        String wanted = filter.get().strip().toLowerCase(Locale.ROOT);
        return callers.stream()
                .filter(row -> isFound(row, wanted))
                .sorted(Comparator.comparing(CallerRow::tenant).thenComparing(CallerRow::name))
                .map(this::state)
                .toList();
    }

    private boolean isFound(CallerRow row, String wanted) {
        return wanted.isEmpty()
                || row.name().toLowerCase(Locale.ROOT).contains(wanted)
                || row.tenant().contains(wanted)
                || row.id().toLowerCase(Locale.ROOT).contains(wanted)
                || row.networks().stream().anyMatch(network -> network.contains(wanted))
                || state(row).flags(now()).stream()
                        .anyMatch(flag ->
                                flagWords(row, flag).toLowerCase(Locale.ROOT).contains(wanted));
    }

    private CallerState state(CallerRow row) {
        return new CallerState(row, uses.getOrDefault(row.id(), Map.of()), quiet());
    }

    /** The caller with that id as it is now; empty when there is none. */
    Optional<CallerState> caller(String id) {
        return callers.stream().filter(row -> row.id().equals(id)).map(this::state).findFirst();
    }

    /** A flag in a few words. */
    String flagWords(CallerRow row, String flag) {
        if (flag.equals("remembers_answers")) {
            return row.weaknesses().stream()
                    .filter(weakness -> weakness.code().equals(flag))
                    .map(CallerRow.Weakness::seconds)
                    .filter(seconds -> seconds != null)
                    .findFirst()
                    .map(seconds ->
                            seconds == 0
                                    ? words.get("secrets.remembers.long")
                                    : words.get("secrets.remembers.short", formats.number(seconds)))
                    .orElse("");
        }
        return words.oneOf("secrets.flag", flag);
    }

    /** The signing keys, newest first. */
    List<SigningKeyRow> keys() {
        return keys;
    }

    /** The server's own secrets; empty before they were read. */
    Optional<OwnSecrets> own() {
        return own;
    }

    /** The quiet time. */
    Duration quiet() {
        return own.map(OwnSecrets::quiet)
                .map(SecretsViewModel::span)
                .orElse(Duration.ofMinutes(10));
    }

    /** The time of everything shown. */
    Instant now() {
        return model.nowProperty().get();
    }

    /** A duration as the server writes it, such as {@code 10m}; zero for what is none. */
    static Duration span(String text) {
        java.util.regex.Matcher parts = SPAN.matcher(text.strip());
        if (!parts.matches()) {
            return Duration.ZERO;
        }
        long number = Long.parseLong(parts.group(1));
        return switch (parts.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }

    private static final java.util.regex.Pattern SPAN =
            java.util.regex.Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");

    /** How many things need a look: callers, keys and own secrets together. */
    int attention() {
        Instant now = now();
        long flagged = callers.stream().filter(row -> !state(row).flags(now).isEmpty()).count();
        return Math.toIntExact(flagged) + (isKeyDue(now) ? 1 : 0) + dueOwn(now);
    }

    boolean isKeyDue(Instant now) {
        return keys.stream().anyMatch(key -> key.dueAt() != null && !now.isBefore(key.dueAt()));
    }

    int dueOwn(Instant now) {
        return own.map(told ->
                        (now.isBefore(told.adminToken().dueAt()) ? 0 : 1)
                                + (now.isBefore(told.masterKey().dueAt()) ? 0 : 1))
                .orElse(0);
    }

    // ---- actions ----

    /** What is wrong with the last action on that caller, key or own secret; empty when nothing. */
    String problemOf(String what) {
        return problems.getOrDefault(what, "");
    }

    /** Whether an answer about it is awaited. */
    boolean isWorking(String what) {
        return working.contains(what);
    }

    private <T> void act(String what, String failed, Callable<Reply<T>> call, Consumer<T> done) {
        act(
                what,
                call,
                reply -> {
                    if (reply instanceof Reply.Done(T value)) {
                        done.accept(value);
                    } else {
                        problems.put(what, words.get(failed, replies.why(reply)));
                    }
                });
    }

    private <T> void act(String what, Callable<Reply<T>> call, Consumer<Reply<T>> ended) {
        if (!working.add(what)) {
            return;
        }
        problems.remove(what);
        changed();
        background
                .run(call)
                .onDone(reply -> {
                    working.remove(what);
                    ended.accept(reply);
                    read();
                    changed();
                })
                .onFailed(e -> {
                    working.remove(what);
                    problems.put(what, words.get("reply.fault"));
                    changed();
                });
    }

    private void calling(Consumer<SecretCalls> work) {
        calls().ifPresent(work);
    }

    /**
     * Gives a caller a new secret; the others are accepted for the overlap.
     *
     * @param shown hears the new secret, which it closes
     */
    void rotate(String id, String overlap, Consumer<CallerSecret> shown) {
        calling(calls ->
                act(
                        id,
                        "secrets.not.rotated",
                        () -> calls.rotate(id, overlap),
                        (CallerSecret made) -> shown.accept(made)));
    }

    /** Ends an old version in good order. */
    void retire(String id, int version) {
        calling(calls ->
                act(
                        id,
                        "secrets.not.retired",
                        () -> calls.retire(id, version),
                        (CallerDone done) -> told(done.caller(), version, "retired")));
    }

    /** Ends one version that has leaked. */
    void burn(String id, int version) {
        calling(calls ->
                act(
                        id,
                        "secrets.not.burned",
                        () -> calls.burn(id, version),
                        (CallerDone done) -> told(done.caller(), version, "burned")));
    }

    /** Makes a new secret, then burns every other one. */
    void burnAndReplace(String id, Consumer<CallerSecret> shown) {
        List<Integer> old =
                caller(id).stream()
                        .flatMap(state -> state.row().secrets().stream())
                        .filter(CallerRow.Version::accepted)
                        .map(CallerRow.Version::version)
                        .toList();
        calling(calls ->
                act(
                        id,
                        "secrets.not.rotated",
                        () -> {
                            Reply<CallerSecret> made = calls.rotate(id, "0s");
                            if (made instanceof Reply.Done<CallerSecret>) {
                                // They are refused already; this says in the audit why.
                                old.forEach(version -> calls.burn(id, version));
                            }
                            return made;
                        },
                        (CallerSecret made) -> shown.accept(made)));
    }

    /** Ends every secret of a caller. */
    void burnAll(String id) {
        calling(calls ->
                act(
                        id,
                        "secrets.not.burned",
                        () -> calls.burnAll(id),
                        (CallerDone done) ->
                                toasts.tell(
                                        Toasts.Tone.DONE,
                                        words.get("secrets.done.burnedAll", done.caller().name()),
                                        words.get("secrets.done.refused"))));
    }

    private void told(CallerRow caller, int version, String how) {
        toasts.tell(
                Toasts.Tone.DONE,
                words.get(
                        how.equals("retired") ? "secrets.done.retired" : "secrets.done.burned",
                        formats.number(version),
                        caller.name()),
                words.get("secrets.done.refused"));
    }

    /** Ends a caller. */
    void delete(String id) {
        calling(calls ->
                act(
                        id,
                        "secrets.not.deleted",
                        () -> calls.delete(id),
                        (CallerDone done) ->
                                toasts.tell(
                                        Toasts.Tone.DONE,
                                        words.get("secrets.done.deleted", done.caller().name()),
                                        words.get("secrets.done.refused"))));
    }

    /** How something that a form asked for ended: well, at a field, or otherwise. */
    sealed interface Asked {
        record Well() implements Asked {}

        /**
         * @param field as the server names it; empty when none is at fault
         */
        record Badly(String field, String why) implements Asked {}
    }

    private <T> Consumer<Reply<T>> form(Consumer<Asked> ended, Consumer<T> done) {
        return reply -> {
            switch (reply) {
                case Reply.Done<T>(T value) -> {
                    ended.accept(new Asked.Well());
                    done.accept(value);
                }
                case Reply.Rejected<T> rejected -> {
                    String field = rejected.problem().field();
                    boolean isTenant = rejected.problem().code().equals("UNKNOWN_ID");
                    ended.accept(
                            new Asked.Badly(
                                    field == null ? isTenant ? "tenant" : "" : field,
                                    isTenant && field == null
                                            ? words.get("secrets.form.noTenant")
                                            : rejected.problem().message()));
                }
                case Reply.Unreachable<T> gone ->
                        ended.accept(new Asked.Badly("", replies.why(gone)));
            }
        };
    }

    private static final String NEW = "new";

    /** Makes a caller; what is wrong is told to the form, a secret to {@code shown}. */
    void create(CallerWish wish, Consumer<Asked> ended, Consumer<CallerSecret> shown) {
        asked(ended, calls -> act(NEW, () -> calls.create(wish), form(ended, shown)));
    }

    /** Changes a caller; what is wrong is told to the form. */
    void change(String id, CallerWish wish, Consumer<Asked> ended) {
        asked(
                ended,
                calls ->
                        act(
                                id,
                                () -> calls.change(id, wish),
                                form(ended, (CallerDone done) -> {})));
    }

    /**
     * Plans rotations.
     *
     * @param every null takes the plan away
     */
    void plan(String id, @Nullable String every, String overlap, Consumer<Asked> ended) {
        asked(
                ended,
                calls ->
                        act(
                                id,
                                () -> calls.plan(id, every, overlap),
                                form(ended, (CallerDone done) -> {})));
    }

    private void asked(Consumer<Asked> ended, Consumer<SecretCalls> work) {
        calls().ifPresentOrElse(
                        work,
                        () -> ended.accept(new Asked.Badly("", words.get("secrets.form.off"))));
    }

    /** The next key signs from now on. */
    void rotateKeys(String reason) {
        calling(calls ->
                act(
                        "keys",
                        "secrets.not.signing",
                        () -> calls.rotateKeys(reason),
                        (Page<SigningKeyRow> page) ->
                                toasts.tell(
                                        Toasts.Tone.DONE,
                                        words.get("secrets.done.keys"),
                                        words.get("secrets.done.keysText"))));
    }

    /** A new admin token. */
    void rotateAdminToken(String overlap, Consumer<OwnRotated> shown) {
        calling(calls ->
                act(
                        "admin_token",
                        "secrets.not.rotated",
                        () -> calls.rotateAdminToken(overlap),
                        (OwnRotated rotated) -> shown.accept(rotated)));
    }

    /** A new master key. */
    void rotateMasterKey() {
        calling(calls ->
                act(
                        "master_key",
                        "secrets.not.rotated",
                        calls::rotateMasterKey,
                        (OwnRotated rotated) ->
                                toasts.tell(
                                        Toasts.Tone.DONE,
                                        words.get("secrets.done.masterKey"),
                                        words.get("secrets.done.masterKeyText"))));
    }

    /** The address of the admin API; empty before it is known. */
    String adminUrl() {
        return model.snapshotProperty()
                .get()
                .map(snapshot -> snapshot.server().adminUrl())
                .orElse("");
    }

    /** Where back ends reach the server; empty before it is known. */
    String publicUrl() {
        return model.snapshotProperty()
                .get()
                .map(snapshot -> snapshot.server().publicUrl())
                .orElse("");
    }

    /** Every state in a list, for the palette. */
    List<CallerState> all() {
        List<CallerState> all = new ArrayList<>();
        callers.forEach(row -> all.add(state(row)));
        return all;
    }
}
