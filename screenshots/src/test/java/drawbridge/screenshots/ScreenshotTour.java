package drawbridge.screenshots;

import drawbridge.console.Threads;
import drawbridge.console.Wiring;
import drawbridge.console.client.RevocationCalls;
import drawbridge.console.fake.FakeChecklist;
import drawbridge.console.fake.FakeDrills;
import drawbridge.console.fake.FakeServer;
import drawbridge.console.fake.FakeServers;
import drawbridge.console.fake.FakeSimulator;
import drawbridge.console.fake.FakeSupervisor;
import drawbridge.console.fake.ManualLater;
import drawbridge.console.fake.MutableClock;
import drawbridge.console.fake.RememberedInMemory;
import drawbridge.console.fake.WitnessedInMemory;
import drawbridge.console.model.Protection;
import drawbridge.console.model.SessionEntry;
import drawbridge.console.model.SessionsModel;
import drawbridge.console.remote.SeenCertificate;
import drawbridge.console.screen.Navigation.Screen;
import drawbridge.console.screen.Profile;
import drawbridge.console.screen.alerts.AlertsController;
import drawbridge.console.screen.checklist.ChecklistController;
import drawbridge.console.screen.remote.ConnectionsController;
import drawbridge.console.screen.routes.RoutesController;
import drawbridge.console.screen.secrets.SecretsController;
import drawbridge.console.screen.server.ServerController;
import drawbridge.console.screen.tokens.TokensController.Part;
import drawbridge.console.supervise.ServerCommands;
import drawbridge.console.supervise.ServerState;
import drawbridge.console.supervise.TrafficSimulator;
import drawbridge.console.ui.Theme;
import drawbridge.model.filter.SessionFilter;
import drawbridge.model.view.SessionRow;

import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.event.Event;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.ButtonBase;
import javafx.scene.control.TableView;
import javafx.scene.control.TextInputControl;
import javafx.scene.image.PixelFormat;
import javafx.scene.image.WritableImage;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.stage.Stage;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;

/** Renders every screen from the scenes. Used on the FX thread. */
final class ScreenshotTour {
    private static final SessionFilter AGENT =
            SessionFilter.parse("agent:firefox").filter().orElseThrow();

    private static final Room USUAL = new Room(1_440, 900, Theme.Size.USUAL);

    /**
     * One picture's making.
     *
     * @param name the file's name without theme and ending
     * @param arrange brings the console into the state to be seen
     */
    record Stop(String name, Consumer<Parts> arrange) {}

    /** Whose server a stop's window shows; its name tells. */
    private enum Kind {
        OWN,
        THROW_AWAY,
        ELSEWHERE,
        VAST;

        static Kind of(String name) {
            return name.startsWith("throw-away")
                    ? THROW_AWAY
                    : name.startsWith("remote-")
                            ? ELSEWHERE
                            : name.startsWith("sessions-part") ? VAST : OWN;
        }

        /** How many sessions its console holds: in a vast one fewer than there are. */
        SessionsModel.Most most() {
            return this == VAST ? new SessionsModel.Most(400, 60) : SessionsModel.Most.USUAL;
        }
    }

    /** What a stop can arrange: the parts of one console on fixed data. */
    static final class Parts {
        final MutableClock clock = new MutableClock(Scenes.NOW);
        final FakeSupervisor supervisor = new FakeSupervisor();
        final ManualLater later = new ManualLater();
        final RememberedInMemory remembered = new RememberedInMemory();
        final Scenes scenes = new Scenes();
        final FakeSimulator simulator = new FakeSimulator();
        final Theme dress;
        final FakeServers servers = new FakeServers();
        final ReadOnlyObjectWrapper<Optional<SeenCertificate>> changed =
                new ReadOnlyObjectWrapper<>(Optional.empty());
        final Protection protection;
        FakeServer server = scenes.busy(clock, 1_284);
        final Wiring wiring;

        private Parts(Theme.Choice theme, Theme.Size text, boolean fresh, Kind kind) {
            if (!fresh) {
                RemoteScenes.all().forEach(servers::put);
            }
            protection = kind == Kind.ELSEWHERE ? Protection.locked(clock) : Protection.none();
            if (fresh) {
                server = scenes.fresh(clock);
            }
            remembered.put("theme", theme.name());
            remembered.put("look.size", Integer.toString(text.percent()));
            Executor now = Runnable::run;
            FakeServer held = server;
            dress = new Theme(remembered);
            wiring =
                    new Wiring(
                            supervisor,
                            held,
                            remembered,
                            WitnessedInMemory.fresh(),
                            new Threads(now, now, now, later),
                            clock,
                            new Wiring.Look(Locale.ENGLISH, ZoneOffset.UTC, dress),
                            switch (kind) {
                                case OWN, VAST -> new Profile.Own(() -> {});
                                case THROW_AWAY -> new Profile.ThrowAway(simulator);
                                case ELSEWHERE ->
                                        new Profile.Remote(
                                                RemoteScenes.production(),
                                                changed.getReadOnlyProperty());
                            },
                            new Wiring.Beside(
                                    protection,
                                    kind == Kind.THROW_AWAY
                                            ? Optional.empty()
                                            : Optional.of(servers),
                                    kind.most()));
            supervisor.log(Scenes.log());
            Scenes.exits(supervisor);
        }

        void run() {
            wiring.open();
            supervisor.enter(server.running());
            settle();
        }

        /** Rows in the order of the default sort. */
        List<SessionEntry> live() {
            return wiring.model().sessions().copy().stream()
                    .filter(entry -> entry.state(Scenes.NOW).wireName().equals("live"))
                    .sorted(
                            Comparator.comparing((SessionEntry entry) -> entry.row().createdAt())
                                    .reversed()
                                    .thenComparing(SessionEntry::ref))
                    .toList();
        }

        void happenings() {
            List<SessionRow> rows = live().stream().map(SessionEntry::row).toList();
            scenes.happenings(server, rows);
            settle();
        }

        /** Writes into the field of that id. */
        void write(String id, String text) {
            ((TextInputControl) node(id)).setText(text);
        }

        /** Selects a row of the table of that id. */
        void select(String id, int row) {
            ((TableView<?>) node(id)).getSelectionModel().clearAndSelect(row);
            settle();
        }

        /** Presses the button of that id. */
        void fire(String id) {
            ((ButtonBase) node(id)).fire();
            settle();
        }

        ConnectionsController connections() {
            return wiring.connections().orElseThrow();
        }

        void showServers() {
            connections().show();
        }

        void type(String id, String text) {
            ((TextInputControl) node(id)).setText(text);
        }

        /** Presses Enter on the node of that id. */
        void press(String id) {
            Event.fireEvent(
                    node(id),
                    new KeyEvent(
                            KeyEvent.KEY_PRESSED,
                            "",
                            "",
                            KeyCode.ENTER,
                            false,
                            false,
                            false,
                            false));
            settle();
        }

        /** Holds the pointer over a node, at that share of its width and height. */
        void point(String id, double across, double down) {
            wiring.scene().getRoot().applyCss();
            wiring.scene().getRoot().layout();
            Node node = node(id);
            double x = node.getLayoutBounds().getWidth() * across;
            double y = node.getLayoutBounds().getHeight() * down;
            Event.fireEvent(
                    node,
                    new MouseEvent(
                            MouseEvent.MOUSE_MOVED,
                            x,
                            y,
                            x,
                            y,
                            MouseButton.NONE,
                            0,
                            false,
                            false,
                            false,
                            false,
                            false,
                            false,
                            false,
                            false,
                            false,
                            false,
                            null));
        }

        private Node node(String id) {
            return Objects.requireNonNull(wiring.scene().lookup(id), id);
        }

        void settle() {
            wiring.model().tick();
            later.elapse();
            wiring.model().tick();
        }
    }

    private static Stop on(
            Screen screen, String name, Consumer<Parts> before, Consumer<Parts> arrange) {
        return new Stop(
                name,
                stage -> {
                    before.accept(stage);
                    stage.run();
                    stage.wiring.shell().show(screen);
                    stage.settle();
                    arrange.accept(stage);
                    stage.settle();
                });
    }

    /** A screen of a server that does not answer any more. */
    private static Stop silent(Screen screen, String name) {
        return on(
                screen,
                name,
                stage -> stage.server.fallSilent("Nothing listens on http://127.0.0.1:7071."),
                stage ->
                        stage.server.breakFeed(
                                Scenes.NOW.minusSeconds(4), "connection reset by the server"));
    }

    /** Somebody of whose sessions the console holds none. */
    private static String unheld(Parts stage) {
        SessionsModel sessions = stage.wiring.model().sessions();
        return stage.server.rows().values().stream()
                .filter(row -> row.state().equals("live"))
                .filter(row -> sessions.liveOf(row.userId(), Scenes.NOW) == 0)
                .findFirst()
                .orElseThrow()
                .email();
    }

    private static void people(List<Stop> stops) {
        Consumer<Parts> users =
                stage -> {
                    stage.run();
                    PeopleScenes.users(
                            stage.server, stage.live().stream().map(SessionEntry::row).toList());
                };
        stops.add(on(Screen.USERS, "users", users, _ -> {}));
        stops.add(
                on(
                        Screen.USERS,
                        "users-drawer",
                        users,
                        stage -> stage.wiring.usersController().open(1)));
        stops.add(
                on(
                        Screen.USERS,
                        "users-closed",
                        users,
                        stage -> stage.wiring.usersController().open(5)));
        stops.add(on(Screen.USERS, "users-empty", _ -> {}, _ -> {}));
        stops.add(silent(Screen.USERS, "users-failing"));
        stops.add(on(Screen.USERS, "users-create", users, stage -> stage.fire("#create")));
        stops.add(
                on(
                        Screen.USERS,
                        "users-lock",
                        users,
                        stage -> {
                            stage.wiring.usersController().open(0);
                            stage.settle();
                            stage.fire("#lock");
                        }));
        stops.add(
                on(
                        Screen.USERS,
                        "tenants",
                        stage -> {
                            users.accept(stage);
                            PeopleScenes.tenants(stage.server);
                        },
                        stage -> {
                            stage.wiring.usersController().showTenants();
                            stage.wiring.usersController().focusList();
                        }));
        Consumer<Parts> tokens =
                stage -> {
                    PeopleScenes.tokens(stage.server);
                    PeopleScenes.mails(stage.server);
                };
        stops.add(on(Screen.TOKENS, "tokens", tokens, _ -> {}));
        stops.add(
                on(
                        Screen.TOKENS,
                        "tokens-drawer",
                        tokens,
                        stage -> stage.wiring.tokensController().open(6)));
        stops.add(on(Screen.TOKENS, "tokens-empty", _ -> {}, _ -> {}));
        stops.add(silent(Screen.TOKENS, "tokens-failing"));
        stops.add(on(Screen.TOKENS, "tokens-issue", tokens, stage -> stage.fire("#issue")));
        stops.add(
                on(
                        Screen.TOKENS,
                        "tokens-inspect",
                        tokens,
                        stage -> {
                            stage.wiring.tokensController().show(Part.INSPECT);
                            stage.wiring
                                    .scene()
                                    .getRoot()
                                    .applyCss(); // its scroll pane takes it in
                            ((TextInputControl) stage.node("#pasted")).setText("v4.public.x");
                            stage.fire("#inspect");
                        }));
        stops.add(
                on(
                        Screen.TOKENS,
                        "tokens-outbox",
                        tokens,
                        stage -> stage.wiring.tokensController().show(Part.OUTBOX)));
    }

    private static void alerts(List<Stop> stops) {
        Consumer<Parts> busy = stage -> AlertScenes.busy(stage.server.alerts());
        stops.add(on(Screen.ALERTS, "alerts", busy, _ -> {}));
        stops.add(
                on(
                        Screen.ALERTS,
                        "alerts-drawer",
                        busy,
                        stage -> stage.wiring.alertsController().open(1)));
        stops.add(
                on(
                        Screen.ALERTS,
                        "alerts-cleared",
                        busy,
                        stage -> {
                            stage.wiring.alertsController().open(2);
                            stage.fire("#reopen");
                            stage.wiring.alertsController().open(4);
                        }));
        stops.add(
                on(
                        Screen.ALERTS,
                        "alerts-rules",
                        busy,
                        stage -> stage.wiring.alertsController().openRule("failed_logins")));
        stops.add(
                on(
                        Screen.ALERTS,
                        "alerts-delivery",
                        busy,
                        stage -> {
                            stage.wiring.alertsController().show(AlertsController.Part.DELIVERY);
                            stage.wiring
                                    .scene()
                                    .getRoot()
                                    .applyCss(); // its scroll pane takes them in
                            stage.fire("#test-webhook");
                        }));
        stops.add(
                on(
                        Screen.ALERTS,
                        "alerts-empty",
                        stage -> AlertScenes.calm(stage.server.alerts()),
                        _ -> {}));
        stops.add(
                on(
                        Screen.ALERTS,
                        "alerts-delivery-empty",
                        stage -> AlertScenes.calm(stage.server.alerts()),
                        stage ->
                                stage.wiring
                                        .alertsController()
                                        .show(AlertsController.Part.DELIVERY)));
        stops.add(
                on(
                        Screen.ALERTS,
                        "alerts-failing",
                        stage ->
                                stage.server.fallSilent(
                                        "Nothing listens on http://127.0.0.1:7071."),
                        stage ->
                                stage.server.breakFeed(
                                        Scenes.NOW.minusSeconds(4),
                                        "connection reset by the server")));
        stops.add(
                on(
                        Screen.ALERTS,
                        "alerts-double",
                        busy,
                        stage -> {
                            stage.dress.sizeProperty().set(Theme.Size.DOUBLE);
                            stage.wiring.alertsController().open(1);
                        }));
        stops.add(on(Screen.SETTINGS, "settings", _ -> {}, _ -> {}));
        stops.add(
                on(
                        Screen.SETTINGS,
                        "settings-double",
                        busy,
                        stage -> {
                            stage.dress.sizeProperty().set(Theme.Size.DOUBLE);
                            stage.dress.compactProperty().set(true);
                        }));
    }

    /** Servers elsewhere: the dialogs about them, and windows on one. */
    private static void elsewhere(List<Stop> stops) {
        stops.add(on(Screen.OVERVIEW, "servers", _ -> {}, Parts::showServers));
        stops.add(on(Screen.OVERVIEW, "servers-empty", _ -> {}, Parts::showServers));
        Consumer<Parts> form =
                stage -> {
                    stage.servers.show(RemoteScenes.certificate());
                    stage.connections().add();
                    stage.wiring.scene().getRoot().applyCss(); // its scroll pane takes it in
                    stage.type("#name", "Trial");
                    stage.type("#url", "trust.example.com:7071");
                    stage.type("#token", "n0bodys-token");
                    stage.type("#passphrase", "calm water under a bridge");
                    stage.type("#repeated", "calm water under a bridge");
                };
        stops.add(on(Screen.OVERVIEW, "servers-add", _ -> {}, form));
        stops.add(
                on(
                        Screen.OVERVIEW,
                        "servers-certificate",
                        _ -> {},
                        stage -> {
                            form.accept(stage);
                            stage.fire("#save");
                        }));
        stops.add(
                on(
                        Screen.OVERVIEW,
                        "servers-passphrase",
                        _ -> {},
                        stage -> stage.connections().connect(RemoteScenes.production())));
        stops.add(on(Screen.SESSIONS, "remote-locked", _ -> {}, _ -> {}));
        stops.add(on(Screen.SERVER, "remote-server", _ -> {}, _ -> {}));
        stops.add(
                on(
                        Screen.SESSIONS,
                        "remote-unlocked",
                        _ -> {},
                        stage -> {
                            stage.protection.unlock();
                            stage.clock.advance(Duration.ofSeconds(28));
                        }));
        stops.add(
                on(Screen.SECRETS, "remote-unlock", _ -> {}, stage -> stage.fire("#profileLock")));
        stops.add(
                on(
                        Screen.OVERVIEW,
                        "remote-changed",
                        _ -> {},
                        stage -> {
                            stage.changed.set(Optional.of(RemoteScenes.certificate()));
                            stage.supervisor.enter(
                                    new ServerState.Failed(
                                            "It shows another certificate than the one that is"
                                                    + " pinned, so nothing was sent to it.",
                                            ""));
                            stage.settle();
                            stage.fire("#profileCertificate");
                        }));
        stops.add(
                on(
                        Screen.OVERVIEW,
                        "remote-offline",
                        _ -> {},
                        stage -> {
                            stage.clock.advance(Duration.ofMinutes(4));
                            stage.supervisor.enter(
                                    new ServerState.Waiting(
                                            "https://trust.example.com:7071 did not accept the"
                                                    + " connection within 2 s.",
                                            4,
                                            stage.clock.instant().plusSeconds(12)));
                        }));
    }

    static List<Stop> stops() {
        List<Stop> stops = new ArrayList<>();
        elsewhere(stops);
        stops.add(
                new Stop(
                        "overview",
                        stage -> {
                            stage.run();
                            stage.happenings();
                        }));
        stops.add(new Stop("overview-empty", Parts::run));
        stops.add(
                new Stop(
                        "overview-failing",
                        stage -> {
                            stage.run();
                            stage.happenings();
                            stage.server.breakFeed(
                                    Scenes.NOW.minusSeconds(4), "connection reset by the server");
                            stage.settle();
                        }));
        stops.add(
                new Stop(
                        "overview-day",
                        stage -> {
                            stage.run();
                            stage.happenings();
                            stage.fire("#day");
                            stage.fire("#feedRefused");
                            stage.point("#throughputChart", 0.4, 0.8);
                        }));
        stops.add(
                new Stop(
                        "overview-tiers",
                        stage -> {
                            stage.run();
                            stage.happenings();
                            stage.press("#hitsTile");
                        }));
        stops.add(
                new Stop(
                        "sessions",
                        stage -> {
                            stage.run();
                            stage.wiring.shell().show(Screen.SESSIONS);
                            SessionEntry chosen = stage.live().get(3);
                            stage.wiring.sessions().revoke(chosen);
                            stage.clock.advance(Duration.ofSeconds(3));
                            stage.settle();
                        }));
        stops.add(
                new Stop(
                        "sessions-drawer",
                        stage -> {
                            stage.run();
                            stage.wiring.shell().show(Screen.SESSIONS);
                            SessionEntry chosen = stage.live().get(5);
                            stage.server.timeline(chosen.ref(), Scenes.timeline(chosen.row()));
                            stage.server.name(chosen.row().userId(), Scenes.nameOf(chosen.row()));
                            stage.wiring.drawer().open(chosen);
                            stage.settle();
                        }));
        stops.add(
                new Stop(
                        "sessions-empty",
                        stage -> {
                            stage.run();
                            stage.wiring.shell().show(Screen.SESSIONS);
                            stage.settle();
                        }));
        stops.add(
                on(
                        Screen.SESSIONS,
                        "sessions-part",
                        _ -> {},
                        stage -> stage.write("#filter", "agent:firefox idle<10m")));
        stops.add(
                on(
                        Screen.SESSIONS,
                        "sessions-part-looked",
                        _ -> {},
                        stage -> stage.wiring.shell().showSessions("user:" + unheld(stage))));
        stops.add(
                new Stop(
                        "sessions-failing",
                        stage -> {
                            stage.run();
                            stage.wiring.shell().show(Screen.SESSIONS);
                            stage.wiring.sessions().find("ana staet:live");
                            stage.supervisor.enter(
                                    new ServerState.Waiting(
                                            "killed by signal 9", 2, Scenes.NOW.plusSeconds(4)));
                            stage.settle();
                        }));
        stops.add(
                new Stop(
                        "sessions-revoke-all",
                        stage -> {
                            stage.run();
                            stage.wiring.shell().show(Screen.SESSIONS);
                            SessionEntry chosen = stage.live().get(2);
                            stage.wiring.sessionsController().confirmRevokeAll(chosen.row());
                            stage.settle();
                        }));
        stops.addAll(routes());
        secrets(stops);
        stops.add(
                new Stop(
                        "audit",
                        stage -> {
                            Scenes.audited(stage.server.audit());
                            stage.run();
                            stage.wiring.shell().show(Screen.AUDIT);
                            stage.settle();
                        }));
        stops.add(
                new Stop(
                        "welcome",
                        stage -> {
                            stage.run();
                            stage.wiring.shellController().welcomeOnce(stage.remembered);
                            stage.settle();
                        }));
        stops.add(
                new Stop(
                        "throw-away",
                        stage -> {
                            stage.run();
                            stage.happenings();
                            stage.simulator.enter(new TrafficSimulator.State.Playing());
                        }));
        stops.add(
                new Stop(
                        "throw-away-ended",
                        stage -> {
                            stage.run();
                            stage.wiring.shell().show(Screen.SESSIONS);
                            stage.simulator.enter(
                                    new TrafficSimulator.State.Ended(
                                            "nobody answers at http://127.0.0.1:40213 from 127.0.0.1: connection refused"));
                            stage.wiring.shellController().showPalette("");
                            stage.settle();
                        }));
        stops.add(
                new Stop(
                        "audit-row",
                        stage -> {
                            Scenes.audited(stage.server.audit());
                            stage.run();
                            stage.wiring.shell().show(Screen.AUDIT);
                            stage.wiring.auditController().verifyNow();
                            stage.wiring.auditController().open(2);
                            stage.settle();
                        }));
        stops.add(
                new Stop(
                        "audit-empty",
                        stage -> {
                            stage.run();
                            stage.wiring.shell().show(Screen.AUDIT);
                            stage.settle();
                        }));
        stops.add(
                new Stop(
                        "audit-failing",
                        stage -> {
                            Scenes.audited(stage.server.audit());
                            stage.run();
                            stage.wiring.shell().show(Screen.AUDIT);
                            stage.server.audit().finds(Scenes.broken());
                            stage.wiring.auditController().verifyNow();
                            stage.settle();
                        }));
        stops.add(
                new Stop(
                        "audit-contradicted",
                        stage -> {
                            Scenes.audited(stage.server.audit());
                            stage.run();
                            stage.wiring.shell().show(Screen.AUDIT);
                            stage.server.audit().rollBack(1);
                            stage.wiring.auditController().verifyNow();
                            stage.settle();
                        }));
        stops.add(
                new Stop(
                        "palette",
                        stage -> {
                            RouteScenes.busy(stage.server.routes());
                            stage.run();
                            stage.wiring.shellController().showPalette("pay");
                            stage.settle();
                        }));
        stops.add(
                new Stop(
                        "shortcuts",
                        stage -> {
                            stage.run();
                            stage.wiring.shellController().showShortcuts();
                            stage.settle();
                        }));
        people(stops);
        alerts(stops);
        stops.add(checklist("checklist", ChecklistScenes::weak, _ -> {}));
        stops.add(checklist("checklist-failing", ChecklistScenes::failing, _ -> {}));
        stops.add(checklist("checklist-empty", _ -> {}, _ -> {}));
        stops.add(
                checklist(
                        "checklist-search",
                        ChecklistScenes::found,
                        stage ->
                                stage.wiring
                                        .checklistController()
                                        .show(ChecklistController.Part.SEARCH)));
        stops.add(
                checklist(
                        "checklist-searching",
                        ChecklistScenes::searching,
                        stage ->
                                stage.wiring
                                        .checklistController()
                                        .show(ChecklistController.Part.SEARCH)));
        stops.add(
                checklist(
                        "checklist-endpoints",
                        ChecklistScenes::weak,
                        stage ->
                                stage.wiring
                                        .checklistController()
                                        .show(ChecklistController.Part.ENDPOINTS)));
        stops.add(
                checklist(
                        "checklist-policies",
                        ChecklistScenes::weak,
                        stage ->
                                stage.wiring
                                        .checklistController()
                                        .show(ChecklistController.Part.POLICIES)));
        stops.add(threats("threats", ThreatScenes::played, _ -> {}));
        stops.add(threats("threats-open", ThreatScenes::open, _ -> {}));
        stops.add(threats("threats-running", ThreatScenes::running, _ -> {}));
        stops.add(threats("threats-empty", ThreatScenes::never, _ -> {}));
        stops.add(
                threats(
                        "threats-steps",
                        ThreatScenes::played,
                        stage -> {
                            stage.wiring.threatsController().open("hijacking");
                            stage.settle();
                            stage.wiring.threatsController().openAStep();
                        }));
        stops.add(
                threats(
                        "threats-save",
                        ThreatScenes::played,
                        stage -> {
                            stage.fire("#saveReport");
                            ((TextInputControl) stage.node("#file"))
                                    .setText("/home/ana/drawbridge-drills-default.html");
                        }));
        stops.add(
                new Stop(
                        "threats-failing",
                        stage -> {
                            stage.server.fallSilent("Nothing listens on http://127.0.0.1:7071.");
                            stage.run();
                            stage.wiring.shell().show(Screen.THREATS);
                            stage.server.breakFeed(
                                    Scenes.NOW.minusSeconds(4), "connection reset by the server");
                            stage.settle();
                        }));
        stops.add(
                new Stop(
                        "sessions-revoke-matching",
                        stage -> {
                            stage.run();
                            stage.wiring.shell().show(Screen.SESSIONS);
                            stage.wiring.sessions().find("-user:nobody");
                            stage.wiring.sessionsController().actions().getFirst().run().run();
                            stage.settle();
                        }));
        stops.add(
                new Stop(
                        "sessions-revoked-matching",
                        stage -> {
                            stage.run();
                            stage.wiring.shell().show(Screen.SESSIONS);
                            stage.wiring.sessions().find("agent:firefox");
                            stage.settle();
                            stage.wiring
                                    .model()
                                    .client()
                                    .orElseThrow()
                                    .revocations()
                                    .begin(
                                            new RevocationCalls.Which.Matching("agent:firefox"),
                                            "stolen laptops",
                                            stage.live().stream()
                                                    .filter(entry ->
                                                            AGENT.matches(entry.row(), Scenes.NOW))
                                                    .count());
                            stage.settle();
                        }));
        stops.add(
                upkeep(
                        "server",
                        ServerController.Part.STANDING,
                        stage -> UpkeepScenes.alone(stage.server.upkeep()),
                        _ -> {}));
        stops.add(
                upkeep(
                        "server-nodes",
                        ServerController.Part.STANDING,
                        stage -> {
                            UpkeepScenes.several(stage.server.upkeep());
                            stage.server.tiers(UpkeepScenes.withoutRedis());
                        },
                        _ -> {}));
        stops.add(
                upkeep(
                        "server-nodes-stale",
                        ServerController.Part.STANDING,
                        stage -> {
                            UpkeepScenes.several(stage.server.upkeep());
                            stage.server.tiers(UpkeepScenes.withoutRedis());
                        },
                        stage -> {
                            stage.server.fallSilent("Nothing listens on http://127.0.0.1:7071.");
                            stage.clock.advance(Duration.ofSeconds(3));
                            stage.settle();
                        }));
        stops.add(
                upkeep(
                        "server-log",
                        ServerController.Part.LOG,
                        stage -> UpkeepScenes.alone(stage.server.upkeep()),
                        _ -> {}));
        stops.add(
                upkeep(
                        "server-backups",
                        ServerController.Part.CARE,
                        stage -> UpkeepScenes.backups(stage.server.upkeep()),
                        _ -> {}));
        stops.add(upkeep("server-backups-empty", ServerController.Part.CARE, _ -> {}, _ -> {}));
        stops.add(
                upkeep(
                        "server-backups-restore",
                        ServerController.Part.CARE,
                        stage -> UpkeepScenes.backups(stage.server.upkeep()),
                        stage -> {
                            stage.select("#backups", 0);
                            stage.fire("#restoreChosen");
                        }));
        stops.add(
                upkeep(
                        "server-backups-failing",
                        ServerController.Part.CARE,
                        stage -> {
                            UpkeepScenes.backups(stage.server.upkeep());
                        },
                        stage -> {
                            stage.fire("#backUp");
                            stage.write("#file", "/home/ana/backups/drawbridge.db");
                            stage.fire("#save");
                        }));
        stops.add(
                upkeep(
                        "server-bundle",
                        ServerController.Part.CARE,
                        stage -> UpkeepScenes.bundle(stage.server.upkeep()),
                        stage -> {
                            stage.fire("#diagnose");
                            stage.write("#file", "/home/ana/drawbridge-diagnostics.zip");
                        }));
        stops.add(
                new Stop(
                        "server-configuration",
                        stage -> {
                            stage.run();
                            stage.wiring.shell().show(Screen.SERVER);
                            stage.wiring
                                    .serverController()
                                    .show(ServerController.Part.CONFIGURATION);
                            stage.settle();
                        }));
        stops.add(
                new Stop(
                        "server-empty",
                        stage -> {
                            stage.wiring.open();
                            stage.wiring.shell().show(Screen.SERVER);
                            stage.wiring.serverController().show(ServerController.Part.EXITS);
                            stage.settle();
                        }));
        stops.add(
                new Stop(
                        "server-failing",
                        stage -> {
                            stage.wiring.open();
                            stage.supervisor.enter(
                                    new ServerState.Failed(
                                            "port 7070 is held by nginx (pid 812)",
                                            """
                                            starting version=0.1.0 pid=5230
                                            opened file=drawbridge.db journal=wal migrations=3
                                            port 7070 cannot be opened: Address already in use\
                                            """));
                            stage.wiring.shell().show(Screen.SERVER);
                            stage.settle();
                        }));
        stops.add(
                new Stop(
                        "closing",
                        stage -> {
                            stage.run();
                            stage.happenings();
                            stage.wiring.shellController().askToClose(_ -> {});
                            stage.settle();
                        }));
        return stops;
    }

    private static List<Stop> routes() {
        List<Stop> stops = new ArrayList<>();
        stops.add(
                new Stop(
                        "routes",
                        stage -> {
                            RouteScenes.busy(stage.server.routes());
                            stage.run();
                            stage.wiring.shell().show(Screen.ROUTES);
                            stage.wiring.routesController().focusList();
                            stage.wiring.routes().proposeMode(2, "STRICT");
                            stage.settle();
                        }));
        stops.add(
                new Stop(
                        "routes-try",
                        stage -> {
                            RouteScenes.busy(stage.server.routes());
                            stage.run();
                            stage.wiring.shell().show(Screen.ROUTES);
                            stage.wiring.routesController().show(RoutesController.Part.TRY);
                            RouteScenes.tried(stage.wiring.trial());
                            stage.settle();
                        }));
        stops.add(
                new Stop(
                        "routes-versions",
                        stage -> {
                            RouteScenes.busy(stage.server.routes());
                            stage.run();
                            stage.wiring.shell().show(Screen.ROUTES);
                            stage.wiring.routesController().show(RoutesController.Part.VERSIONS);
                            stage.wiring.routes().proposeMode(0, "STRICT");
                            RouteScenes.somebodyElse(stage.server.routes());
                            stage.wiring.routesController().refetch();
                            stage.settle();
                        }));
        stops.add(
                new Stop(
                        "routes-review",
                        stage -> {
                            RouteScenes.busy(stage.server.routes());
                            stage.run();
                            stage.wiring.shell().show(Screen.ROUTES);
                            stage.wiring.routes().proposeMode(2, "STRICT");
                            stage.settle();
                            stage.wiring.routesController().review();
                        }));
        stops.add(
                new Stop(
                        "routes-empty",
                        stage -> {
                            stage.run();
                            stage.wiring.shell().show(Screen.ROUTES);
                            stage.settle();
                        }));
        stops.add(
                new Stop(
                        "routes-failing",
                        stage -> {
                            RouteScenes.busy(stage.server.routes());
                            stage.run();
                            stage.wiring.shell().show(Screen.ROUTES);
                            stage.wiring.routes().proposePattern(1, "payments/*");
                            stage.settle();
                            stage.supervisor.enter(
                                    new ServerState.Waiting(
                                            "killed by signal 9", 2, Scenes.NOW.plusSeconds(4)));
                            stage.settle();
                        }));
        return stops;
    }

    private static void secrets(List<Stop> stops) {
        stops.add(
                new Stop(
                        "secrets",
                        stage -> {
                            secrets(stage);
                            stage.wiring.secretsController().open(SecretScenes.shop().id());
                        }));
        stops.add(
                new Stop(
                        "secrets-keys",
                        stage -> {
                            secrets(stage);
                            stage.wiring.secretsController().show(SecretsController.Part.KEYS);
                        }));
        stops.add(
                new Stop(
                        "secrets-server",
                        stage -> {
                            secrets(stage);
                            stage.wiring.secretsController().show(SecretsController.Part.OWN);
                        }));
        stops.add(
                new Stop(
                        "secrets-new",
                        stage -> {
                            secrets(stage);
                            stage.wiring.secretsController().open(SecretScenes.shop().id());
                            stage.wiring.secretsController().rotateOpen();
                            stage.settle();
                            ((TextInputControl) stage.node("#file"))
                                    .setText("/home/ana/shop-api-bridge-secret-4");
                        }));
        stops.add(
                new Stop(
                        "secrets-burn",
                        stage -> {
                            secrets(stage);
                            stage.wiring
                                    .secretsController()
                                    .confirmBurn(
                                            SecretScenes.shop(),
                                            SecretScenes.shop().secrets().getFirst());
                        }));
        stops.add(
                new Stop(
                        "secrets-edit",
                        stage -> {
                            secrets(stage);
                            stage.wiring.secretsController().edit(SecretScenes.shop());
                        }));
        stops.add(
                new Stop(
                        "secrets-empty",
                        stage -> {
                            stage.run();
                            stage.wiring.shell().show(Screen.SECRETS);
                            stage.settle();
                        }));
        stops.add(
                new Stop(
                        "secrets-failing",
                        stage -> {
                            secrets(stage);
                            stage.server
                                    .secrets()
                                    .fallSilent(
                                            "http://127.0.0.1:7071 did not answer within 10 s.");
                            stage.wiring.secretsController().refetch();
                            stage.server.breakFeed(
                                    Scenes.NOW.minusSeconds(4), "connection reset by the server");
                            stage.settle();
                        }));
    }

    private static void secrets(Parts stage) {
        SecretScenes.fill(stage.server);
        stage.run();
        SecretScenes.used(stage.server);
        stage.wiring.shell().show(Screen.SECRETS);
        stage.settle();
    }

    private static Stop upkeep(
            String name,
            ServerController.Part part,
            Consumer<Parts> before,
            Consumer<Parts> further) {
        return on(
                Screen.SERVER,
                name,
                stage -> {
                    stage.supervisor.commands(new NoCommands());
                    before.accept(stage);
                },
                stage -> {
                    stage.wiring.serverController().show(part);
                    stage.settle();
                    further.accept(stage);
                });
    }

    /** The data folder is here, and nobody touches it. */
    private static final class NoCommands implements ServerCommands {
        @Override
        public Outcome restore(Path backup) {
            return new Outcome.Refused("a picture changes nothing");
        }

        @Override
        public Outcome diagnose(Path file) {
            return new Outcome.Refused("a picture changes nothing");
        }
    }

    private static Stop checklist(
            String name, Consumer<FakeChecklist> arrange, Consumer<Parts> further) {
        return new Stop(
                name,
                stage -> {
                    arrange.accept(stage.server.checklist());
                    stage.run();
                    stage.wiring.shell().show(Screen.CHECKLIST);
                    stage.settle();
                    further.accept(stage);
                    stage.settle();
                });
    }

    private static Stop threats(
            String name, Consumer<FakeDrills> arrange, Consumer<Parts> further) {
        return new Stop(
                name,
                stage -> {
                    arrange.accept(stage.server.drills());
                    stage.run();
                    stage.wiring.shell().show(Screen.THREATS);
                    stage.settle();
                    further.accept(stage);
                    stage.settle();
                });
    }

    /** Renders one stop. */
    static BufferedImage render(Stop stop, Theme.Choice theme) {
        return show(stop, theme, USUAL, scene -> copy(scene.snapshot(null)));
    }

    /** The window's size, and that of its text. */
    record Room(int width, int height, Theme.Size text) {}

    /** What is found in a window that stands at one stop. */
    static <T> T show(Stop stop, Theme.Choice theme, Room room, Function<Scene, T> found) {
        Parts parts =
                new Parts(theme, room.text(), stop.name().endsWith("-empty"), Kind.of(stop.name()));
        Scene scene = parts.wiring.scene();
        Stage stage = new Stage();
        stage.setX(0);
        stage.setY(0);
        stage.setScene(scene);
        stage.setWidth(room.width());
        stage.setHeight(room.height());
        stage.show();
        stop.arrange().accept(parts);
        scene.getRoot().applyCss();
        scene.getRoot().layout();
        parts.settle();
        scene.getRoot().layout();
        WritableImage _ = scene.snapshot(null); // lays out what the first pass made
        T answer = found.apply(scene);
        stage.hide();
        parts.wiring.close();
        parts.dress.close();
        return answer;
    }

    static BufferedImage copy(WritableImage picture) {
        int width = (int) picture.getWidth();
        int height = (int) picture.getHeight();
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        int[] pixels = new int[width * height];
        picture.getPixelReader()
                .getPixels(0, 0, width, height, PixelFormat.getIntArgbInstance(), pixels, 0, width);
        image.setRGB(0, 0, width, height, pixels, 0, width);
        return image;
    }
}
