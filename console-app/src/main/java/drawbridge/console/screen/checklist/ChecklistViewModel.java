package drawbridge.console.screen.checklist;

import drawbridge.console.client.Reply;
import drawbridge.console.client.TrustClient;
import drawbridge.console.model.ConsoleModel;
import drawbridge.console.screen.ReplyWords;
import drawbridge.console.ui.Background;
import drawbridge.console.ui.Later;
import drawbridge.console.ui.Words;
import drawbridge.model.view.ChecklistView;
import drawbridge.model.view.CoverageView;
import drawbridge.model.view.Page;
import drawbridge.model.view.SecretHit;
import drawbridge.model.view.SecretScan;
import drawbridge.model.view.TenantName;

import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import java.time.Duration;
import java.util.Optional;

/** The checklist of one tenant, both coverage tables, and the search that is under way. */
public final class ChecklistViewModel {
    private static final Duration LOOK_AT_SEARCH = Duration.ofMillis(400);

    /** What is judged changes elsewhere, without an event of its own. */
    private static final int LOOK_EVERY_SECONDS = 15;

    /** The tile on the overview is content with less. */
    private static final int LOOK_HIDDEN_SECONDS = 60;

    /**
     * How something ended that was asked for.
     *
     * @param mark its colour and icon
     * @param text one or more sentences
     */
    record Notice(Mark mark, String text) {}

    private final ConsoleModel model;
    private final Background background;
    private final Later later;
    private final Words words;
    private final ReplyWords replies;
    private final ObservableList<TenantName> tenants = FXCollections.observableArrayList();
    private final ReadOnlyStringWrapper tenant =
            new ReadOnlyStringWrapper(this, "tenant", "default");
    private final ReadOnlyObjectWrapper<Optional<ChecklistView>> checklist =
            new ReadOnlyObjectWrapper<>(this, "checklist", Optional.empty());
    private final ReadOnlyObjectWrapper<Optional<CoverageView>> coverage =
            new ReadOnlyObjectWrapper<>(this, "coverage", Optional.empty());
    private final ReadOnlyObjectWrapper<Optional<SecretScan>> scan =
            new ReadOnlyObjectWrapper<>(this, "scan", Optional.empty());
    private final ReadOnlyObjectWrapper<Optional<Notice>> notice =
            new ReadOnlyObjectWrapper<>(this, "notice", Optional.empty());
    private final ReadOnlyStringWrapper problem = new ReadOnlyStringWrapper(this, "problem", "");
    private final ReadOnlyBooleanWrapper trying = new ReadOnlyBooleanWrapper(this, "trying", false);
    private boolean isShown;
    private int secondsSinceLook;

    /** A screen that has read nothing. */
    public ChecklistViewModel(ConsoleModel model, Background background, Later later, Words words) {
        this.model = model;
        this.background = background;
        this.later = later;
        this.words = words;
        this.replies = new ReplyWords(words);
        model.snapshotProperty().addListener((property, before, after) -> look());
        model.secondsProperty().addListener((property, before, after) -> second());
    }

    /** Those to choose among. */
    ObservableList<TenantName> tenants() {
        return tenants;
    }

    /** Whose checklist is shown. */
    ReadOnlyStringProperty tenantProperty() {
        return tenant.getReadOnlyProperty();
    }

    /** The checklist; empty before it was read. */
    public ReadOnlyObjectProperty<Optional<ChecklistView>> checklistProperty() {
        return checklist.getReadOnlyProperty();
    }

    /** Both tables; empty before they were read. */
    ReadOnlyObjectProperty<Optional<CoverageView>> coverageProperty() {
        return coverage.getReadOnlyProperty();
    }

    /** The search under way, else the last one; empty before the first. */
    ReadOnlyObjectProperty<Optional<SecretScan>> scanProperty() {
        return scan.getReadOnlyProperty();
    }

    /** How the last thing asked for ended; empty when there is nothing to say. */
    ReadOnlyObjectProperty<Optional<Notice>> noticeProperty() {
        return notice.getReadOnlyProperty();
    }

    /** Why the checklist could not be read; empty when it could. */
    ReadOnlyStringProperty problemProperty() {
        return problem.getReadOnlyProperty();
    }

    /** Whether the server attacks itself because this console asked. */
    ReadOnlyBooleanProperty tryingProperty() {
        return trying.getReadOnlyProperty();
    }

    /** Whether a search is under way. */
    boolean isSearching() {
        return scan.get().filter(now -> now.state().equals("running")).isPresent();
    }

    void shown() {
        isShown = true;
        look();
    }

    void hidden() {
        isShown = false;
    }

    private void second() {
        secondsSinceLook++;
        int due = isShown ? LOOK_EVERY_SECONDS : LOOK_HIDDEN_SECONDS;
        if (secondsSinceLook >= due && !model.staleProperty().get()) {
            readChecklist();
        }
    }

    /** Shows another tenant's. */
    void choose(String id) {
        if (!id.equals(tenant.get())) {
            tenant.set(id);
            checklist.set(Optional.empty());
            coverage.set(Optional.empty());
            look();
        }
    }

    /** Reads everything again; of what nobody sees only what the overview needs. */
    void look() {
        readChecklist();
        if (!isShown) {
            return;
        }
        model.client()
                .ifPresent(client -> {
                    background
                            .run(() -> client.routes().tenants())
                            .onDone(reply -> {
                                if (reply instanceof Reply.Done(Page<TenantName> page)
                                        && !page.items().equals(tenants)) {
                                    tenants.setAll(page.items());
                                }
                            });
                    readCoverage(client);
                    readScan(client);
                });
    }

    private void readChecklist() {
        secondsSinceLook = 0;
        String of = tenant.get();
        model.client()
                .ifPresent(client ->
                        background
                                .run(() -> client.checklist().checklist(of))
                                .onDone(reply -> {
                                    if (of.equals(tenant.get())) {
                                        took(reply);
                                    }
                                }));
    }

    private void took(Reply<ChecklistView> reply) {
        if (reply instanceof Reply.Done(ChecklistView read)) {
            problem.set("");
            checklist.set(Optional.of(read));
        } else {
            problem.set(replies.whyUnread(reply));
        }
    }

    private void readCoverage(TrustClient client) {
        String of = tenant.get();
        background
                .run(() -> client.checklist().coverage(of))
                .onDone(reply -> {
                    if (of.equals(tenant.get()) && reply instanceof Reply.Done(CoverageView read)) {
                        coverage.set(Optional.of(read));
                    }
                });
    }

    private void readScan(TrustClient client) {
        background
                .run(() -> client.checklist().scan())
                .onDone(reply -> {
                    if (reply instanceof Reply.Done(SecretScan read)) {
                        tookScan(read);
                    } else if (isSearching() && isShown) {
                        // The server is away for a moment; its search goes on, or is over.
                        later.after(
                                LOOK_AT_SEARCH.multipliedBy(5),
                                () -> model.client().ifPresent(this::readScan));
                    }
                });
    }

    private void tookScan(SecretScan read) {
        boolean wasSearching = isSearching();
        scan.set(Optional.of(read));
        if (read.state().equals("running")) {
            later.after(LOOK_AT_SEARCH, () -> model.client().ifPresent(this::readScan));
        } else if (wasSearching) {
            readChecklist();
        }
    }

    /** Has the server attack itself. */
    void tryNow() {
        Optional<TrustClient> client = model.client();
        if (client.isEmpty() || trying.get()) {
            return;
        }
        String of = tenant.get();
        trying.set(true);
        notice.set(Optional.empty());
        background
                .run(() -> client.get().checklist().tryNow(of))
                .onDone(reply -> {
                    trying.set(false);
                    if (reply instanceof Reply.Done(ChecklistView read)
                            && of.equals(tenant.get())) {
                        took(reply);
                        notice.set(
                                Optional.of(
                                        new Notice(
                                                Mark.of(read.verdict()),
                                                words.oneOf("checklist.tried", read.verdict()))));
                        readCoverage(client.get());
                    } else {
                        failed("checklist.try.failed", reply);
                    }
                })
                .onFailed(_ -> trying.set(false));
    }

    private void failed(String key, Reply<?> reply) {
        if (!(reply instanceof Reply.Done)) {
            notice.set(
                    Optional.of(new Notice(Mark.WARN, words.get(key, replies.whyUnread(reply)))));
        }
    }

    /**
     * Begins a search.
     *
     * @param folder on the server's machine; empty for the server's own logs
     */
    void search(String folder) {
        model.client()
                .ifPresent(client ->
                        background
                                .run(() -> client.checklist().search(folder.strip()))
                                .onDone(reply -> {
                                    notice.set(Optional.empty());
                                    if (reply instanceof Reply.Done(SecretScan begun)) {
                                        tookScan(begun);
                                    } else {
                                        failed("checklist.search.failed", reply);
                                    }
                                }));
    }

    /** Ends the search soon. */
    void cancelSearch() {
        model.client()
                .ifPresent(client ->
                        background
                                .run(() -> client.checklist().cancelSearch())
                                .onDone(reply -> failed("checklist.search.failed", reply)));
    }

    /** Ends what leaked: the version of a bridge secret, or the session. */
    void burn(SecretHit hit) {
        Optional<TrustClient> client = model.client();
        String caller = hit.callerId();
        Integer version = hit.version();
        String ref = hit.ref();
        if (client.isEmpty()) {
            return;
        }
        if (caller != null && version != null) {
            background
                    .run(() -> client.get().secrets().burn(caller, version))
                    .onDone(reply -> burned(hit, reply));
        } else if (ref != null) {
            background
                    .run(() -> client.get().revoke(ref, words.get("checklist.burn.reason")))
                    .onDone(reply -> burned(hit, reply));
        }
    }

    private void burned(SecretHit hit, Reply<?> reply) {
        if (reply instanceof Reply.Done) {
            notice.set(
                    Optional.of(
                            new Notice(Mark.PASS, words.get("checklist.burn.done", hit.name()))));
            model.client().ifPresent(this::readScan);
            readChecklist();
        } else {
            failed("checklist.burn.failed", reply);
        }
    }

    /** Takes the last news away. */
    void dismiss() {
        notice.set(Optional.empty());
    }
}
