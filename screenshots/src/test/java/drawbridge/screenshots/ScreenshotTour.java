package drawbridge.screenshots;

import drawbridge.console.Threads;
import drawbridge.console.Wiring;
import drawbridge.console.client.RevocationCalls;
import drawbridge.console.fake.FakeChecklist;
import drawbridge.console.fake.FakeDrills;
import drawbridge.console.fake.FakeServer;
import drawbridge.console.fake.FakeSimulator;
import drawbridge.console.fake.FakeSupervisor;
import drawbridge.console.fake.ManualLater;
import drawbridge.console.fake.MutableClock;
import drawbridge.console.fake.RememberedInMemory;
import drawbridge.console.fake.WitnessedInMemory;
import drawbridge.console.model.SessionEntry;
import drawbridge.console.screen.Navigation.Screen;
import drawbridge.console.screen.Profile;
import drawbridge.console.screen.checklist.ChecklistController;
import drawbridge.console.screen.routes.RoutesController;
import drawbridge.console.screen.secrets.SecretsController;
import drawbridge.console.screen.server.ServerController;
import drawbridge.console.screen.tokens.TokensController.Part;
import drawbridge.console.supervise.ServerState;
import drawbridge.console.supervise.TrafficSimulator;
import drawbridge.console.ui.Theme;
import drawbridge.model.filter.SessionFilter;
import drawbridge.model.view.SessionRow;

import javafx.event.Event;
import javafx.scene.Node;
import javafx.scene.control.ButtonBase;
import javafx.scene.control.TextInputControl;
import javafx.scene.image.PixelReader;
import javafx.scene.image.WritableImage;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.stage.Stage;

import java.awt.image.BufferedImage;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Renders every screen from the scenes. Used on the FX thread. */
final class ScreenshotTour {
    private static final SessionFilter AGENT =
            SessionFilter.parse("agent:firefox").filter().orElseThrow();

    private static final int WIDTH = 1_440;
    private static final int HEIGHT = 900;

    /**
     * One picture's making.
     *
     * @param name the file's name without theme and ending
     * @param arrange brings the console into the state to be seen
     */
    record Stop(String name, Consumer<Parts> arrange) {}

    /** What a stop can arrange: the parts of one console on fixed data. */
    static final class Parts {
        final MutableClock clock = new MutableClock(Scenes.NOW);
        final FakeSupervisor supervisor = new FakeSupervisor();
        final ManualLater later = new ManualLater();
        final RememberedInMemory remembered = new RememberedInMemory();
        final Scenes scenes = new Scenes();
        final FakeSimulator simulator = new FakeSimulator();
        final Theme dress;
        FakeServer server = scenes.busy(clock, 1_284);
        final Wiring wiring;

        private Parts(Theme.Choice theme, boolean fresh, boolean isThrowAway) {
            if (fresh) {
                server = scenes.fresh(clock);
            }
            remembered.put("theme", theme.name());
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
                            isThrowAway
                                    ? new Profile.ThrowAway(simulator)
                                    : new Profile.Own(() -> {}));
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

        /** Presses the button of that id. */
        void fire(String id) {
            ((ButtonBase) node(id)).fire();
            settle();
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
        stops.add(
                on(
                        Screen.USERS,
                        "users-failing",
                        stage ->
                                stage.server.fallSilent(
                                        "Nothing listens on http://127.0.0.1:7071."),
                        stage ->
                                stage.server.breakFeed(
                                        Scenes.NOW.minusSeconds(4),
                                        "connection reset by the server")));
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
        stops.add(
                on(
                        Screen.TOKENS,
                        "tokens-failing",
                        stage ->
                                stage.server.fallSilent(
                                        "Nothing listens on http://127.0.0.1:7071."),
                        stage ->
                                stage.server.breakFeed(
                                        Scenes.NOW.minusSeconds(4),
                                        "connection reset by the server")));
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

    static List<Stop> stops() {
        List<Stop> stops = new ArrayList<>();
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
        people(stops);
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
                new Stop(
                        "server",
                        stage -> {
                            stage.run();
                            stage.wiring.shell().show(Screen.SERVER);
                            stage.settle();
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
        return render(stop, theme, WIDTH, HEIGHT);
    }

    static BufferedImage render(Stop stop, Theme.Choice theme, int width, int height) {
        Parts parts =
                new Parts(
                        theme,
                        stop.name().endsWith("-empty"),
                        stop.name().startsWith("throw-away"));
        Stage stage = new Stage();
        stage.setX(0);
        stage.setY(0);
        stage.setScene(parts.wiring.scene());
        stage.setWidth(width);
        stage.setHeight(height);
        stage.show();
        stop.arrange().accept(parts);
        parts.wiring.scene().getRoot().applyCss();
        parts.wiring.scene().getRoot().layout();
        parts.settle();
        parts.wiring.scene().getRoot().layout();
        WritableImage _ = parts.wiring.scene().snapshot(null); // lays out what the first pass made
        WritableImage picture = parts.wiring.scene().snapshot(null);
        stage.hide();
        parts.wiring.close();
        parts.dress.close();
        return copy(picture);
    }

    private static BufferedImage copy(WritableImage picture) {
        int width = (int) picture.getWidth();
        int height = (int) picture.getHeight();
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        PixelReader pixels = picture.getPixelReader();
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, pixels.getArgb(x, y));
            }
        }
        return image;
    }
}
