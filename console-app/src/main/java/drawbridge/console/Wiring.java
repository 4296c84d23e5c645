package drawbridge.console;

import drawbridge.console.model.ConsoleModel;
import drawbridge.console.model.Protection;
import drawbridge.console.model.ServerAccess;
import drawbridge.console.model.ServerModel;
import drawbridge.console.model.SessionsModel;
import drawbridge.console.screen.FileKeeper;
import drawbridge.console.screen.Navigation.Screen;
import drawbridge.console.screen.Profile;
import drawbridge.console.screen.alerts.AlertNotices;
import drawbridge.console.screen.alerts.AlertsController;
import drawbridge.console.screen.alerts.AlertsViewModel;
import drawbridge.console.screen.audit.AuditController;
import drawbridge.console.screen.audit.AuditViewModel;
import drawbridge.console.screen.audit.ChainCard;
import drawbridge.console.screen.checklist.ChecklistController;
import drawbridge.console.screen.checklist.ChecklistViewModel;
import drawbridge.console.screen.overview.OverviewController;
import drawbridge.console.screen.overview.OverviewViewModel;
import drawbridge.console.screen.remote.ConnectionsController;
import drawbridge.console.screen.remote.ConnectionsViewModel;
import drawbridge.console.screen.remote.ProfileStrip;
import drawbridge.console.screen.remote.Servers;
import drawbridge.console.screen.routes.RouteWords;
import drawbridge.console.screen.routes.RoutesController;
import drawbridge.console.screen.routes.RoutesViewModel;
import drawbridge.console.screen.routes.TryViewModel;
import drawbridge.console.screen.secrets.NewSecrets;
import drawbridge.console.screen.secrets.SecretsController;
import drawbridge.console.screen.secrets.SecretsViewModel;
import drawbridge.console.screen.server.ServerController;
import drawbridge.console.screen.server.ServerViewModel;
import drawbridge.console.screen.sessions.DrawerViewModel;
import drawbridge.console.screen.sessions.JobBar;
import drawbridge.console.screen.sessions.ManyViewModel;
import drawbridge.console.screen.sessions.SessionsController;
import drawbridge.console.screen.sessions.SessionsViewModel;
import drawbridge.console.screen.settings.SettingsController;
import drawbridge.console.screen.shell.Closing;
import drawbridge.console.screen.shell.LastUsed;
import drawbridge.console.screen.shell.ShellController;
import drawbridge.console.screen.shell.ShellViewModel;
import drawbridge.console.screen.shell.ThrowAwayStrip;
import drawbridge.console.screen.shell.ThrowAwayViewModel;
import drawbridge.console.screen.threats.ThreatsController;
import drawbridge.console.screen.threats.ThreatsViewModel;
import drawbridge.console.screen.tokens.TokensController;
import drawbridge.console.screen.tokens.TokensViewModel;
import drawbridge.console.screen.users.TenantsViewModel;
import drawbridge.console.screen.users.UsersController;
import drawbridge.console.screen.users.UsersViewModel;
import drawbridge.console.supervise.ServerSupervisor;
import drawbridge.console.supervise.TrafficSimulator;
import drawbridge.console.ui.AgentNames;
import drawbridge.console.ui.Background;
import drawbridge.console.ui.Formats;
import drawbridge.console.ui.FxmlViews;
import drawbridge.console.ui.InView;
import drawbridge.console.ui.Remembered;
import drawbridge.console.ui.SecretClipboard;
import drawbridge.console.ui.Theme;
import drawbridge.console.ui.ToastLayer;
import drawbridge.console.ui.Toasts;
import drawbridge.console.ui.WholeTexts;
import drawbridge.console.ui.WindowFileChoice;
import drawbridge.console.ui.Words;
import drawbridge.console.witness.AuditWitness;
import drawbridge.console.witness.Witness;

import javafx.scene.Parent;
import javafx.scene.Scene;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The console's object graph, read from top to bottom. Made and used on the FX thread; hears
 * nothing before {@link #open}.
 */
public final class Wiring implements AutoCloseable {
    private final ServerSupervisor supervisor;
    private final ConsoleModel model;
    private final Theme theme;
    private final Words words;
    private final Toasts toasts;
    private final ShellViewModel shell;
    private final SessionsViewModel sessions;
    private final DrawerViewModel drawer;
    private final ShellController shellController;
    private final SessionsController sessionsController;
    private final UsersController usersController;
    private final TokensController tokensController;
    private final AuditController auditController;
    private final SecretClipboard clipboard;
    private final SecretsController secretsController;
    private final ServerController serverController;
    private final RoutesViewModel routes;
    private final TryViewModel trial;
    private final RoutesController routesController;
    private final ThreatsController threatsController;
    private final ChecklistController checklistController;
    private final AlertsViewModel alerts;
    private final AlertsController alertsController;
    private final Closing closing;
    private final Optional<ConnectionsController> connections;
    private final Scene scene;

    /**
     * How things are told and shown.
     *
     * @param locale the language of words and numbers
     * @param zone the zone times are shown in
     * @param theme light or dark, the same in all windows; stays its maker's to close
     */
    public record Look(Locale locale, ZoneId zone, Theme theme) {}

    /**
     * What there is besides this window's server.
     *
     * @param protection the lock of its profile, which guards {@code ServerAccess} too
     * @param servers the servers this console knows; empty where none are offered
     * @param most how many sessions are held
     */
    public record Beside(
            Protection protection, Optional<Servers> servers, SessionsModel.Most most) {
        /** As many sessions as usual. */
        public Beside(Protection protection, Optional<Servers> servers) {
            this(protection, servers, SessionsModel.Most.USUAL);
        }

        /** Nothing. */
        public static Beside nothing() {
            return new Beside(Protection.none(), Optional.empty());
        }
    }

    /** The graph around one server, of a console that knows no other. */
    public Wiring(
            ServerSupervisor supervisor,
            ServerAccess access,
            Remembered remembered,
            Witness witnessed,
            Threads threads,
            Clock clock,
            Look look,
            Profile profile) {
        this(
                supervisor,
                access,
                remembered,
                witnessed,
                threads,
                clock,
                look,
                profile,
                Beside.nothing());
    }

    /**
     * The graph around one supervised server.
     *
     * @param witnessed what this console saw signed of the audit
     * @param profile whose server it is
     */
    public Wiring(
            ServerSupervisor supervisor,
            ServerAccess access,
            Remembered remembered,
            Witness witnessed,
            Threads threads,
            Clock clock,
            Look look,
            Profile profile,
            Beside beside) {
        this.supervisor = supervisor;
        words = Words.in(look.locale());
        Formats formats = new Formats(words, look.locale(), look.zone());
        AgentNames agents = new AgentNames();
        FxmlViews views = new FxmlViews(words);
        Background background = new Background(threads.workers(), threads.fx());
        theme = look.theme();

        ServerModel server = new ServerModel(supervisor, threads.fx(), threads.paced());
        model =
                new ConsoleModel(
                        server,
                        access,
                        beside.protection(),
                        beside.most(),
                        background,
                        threads.paced(),
                        clock);

        ToastLayer toastLayer = new ToastLayer(threads.later(), words);
        toasts = toastLayer;
        sessions =
                new SessionsViewModel(
                        model, background, threads.later(), words, formats, agents, toasts);
        drawer = new DrawerViewModel(model, background, threads.later(), words);
        AuditWitness witness = new AuditWitness(model, background, witnessed, clock);
        shell = new ShellViewModel(model, sessions, witness, words, formats, profile);
        closing = new Closing(model, remembered);

        shellController =
                new ShellController(
                        model,
                        shell,
                        closing,
                        new LastUsed(remembered),
                        theme,
                        words,
                        views,
                        background,
                        threads.later(),
                        profile);
        Parent frame = views.load(shellController, "shell.fxml");
        shellController.putOver(toastLayer);
        ManyViewModel many =
                new ManyViewModel(
                        model,
                        background,
                        new FileKeeper(Platform.current()),
                        words,
                        formats,
                        toasts);
        sessionsController =
                new SessionsController(
                        model,
                        sessions,
                        drawer,
                        many,
                        words,
                        formats,
                        agents,
                        remembered,
                        views,
                        shellController.overlay());
        SecretsViewModel secrets =
                new SecretsViewModel(model, background, threads.later(), words, formats, toasts);
        clipboard = new SecretClipboard(threads.later());
        NewSecrets newSecrets =
                new NewSecrets(
                        words,
                        views,
                        shellController.overlay(),
                        background,
                        clipboard,
                        Wiring::writePrivately);
        secretsController =
                new SecretsController(
                        model,
                        secrets,
                        words,
                        formats,
                        new SecretsController.Tools(newSecrets, views, shellController.overlay()));
        secretsController.onWanted(() -> shell.show(Screen.SECRETS));
        serverController =
                new ServerController(
                        model,
                        new ServerViewModel(model, profile.capabilities(), words, formats),
                        shell,
                        profile,
                        new ServerController.Tools(
                                background,
                                threads.paced(),
                                new FileKeeper(Platform.current()),
                                new WindowFileChoice(this::scene),
                                views,
                                shellController.overlay()),
                        words,
                        formats);
        routes = new RoutesViewModel(model, background, threads.later(), words, toasts);
        trial = new TryViewModel(model, routes, background, words);
        routesController =
                new RoutesController(
                        model,
                        routes,
                        trial,
                        new RouteWords(words, formats),
                        views,
                        shellController.overlay(),
                        shell,
                        new WindowFileChoice(this::scene));
        AlertNotices notices = new AlertNotices(remembered);
        alerts = new AlertsViewModel(model, background, words, toasts, notices, this::showAlert);
        alerts.bellProperty()
                .subscribe(bell ->
                        shellController.ring(bell.open(), bell.isCritical(), bell.isKnown()));
        alertsController =
                new AlertsController(
                        model,
                        alerts,
                        new AlertsController.Ways(shell, shellController::has, this::showSettings),
                        words,
                        formats);
        ChecklistViewModel checklist =
                new ChecklistViewModel(model, background, threads.later(), words);
        OverviewController overviewController =
                new OverviewController(
                        model,
                        new OverviewViewModel(model, shell, words, formats),
                        checklist.checklistProperty(),
                        words,
                        formats,
                        views,
                        shellController.overlay());
        shellController.put(
                Screen.OVERVIEW,
                views.load(overviewController, "overview.fxml"),
                overviewController);
        shellController.put(
                Screen.SESSIONS,
                views.load(sessionsController, "sessions.fxml"),
                sessionsController);
        AuditViewModel audit =
                new AuditViewModel(
                        model,
                        background,
                        threads.paced(),
                        threads.later(),
                        witness,
                        new FileKeeper(Platform.current()),
                        words);
        auditController =
                new AuditController(
                        audit,
                        new ChainCard(model, audit, alerts.auditBreakProperty(), words, formats),
                        shell,
                        words,
                        formats,
                        views,
                        shellController.overlay());
        TenantsViewModel tenants = new TenantsViewModel(model, background, words, formats, toasts);
        usersController =
                new UsersController(
                        model,
                        new UsersViewModel(model, background, threads.later(), words, toasts),
                        tenants,
                        new UsersController.Ways(
                                shell,
                                sessionsController::confirmMatching,
                                many::undo,
                                loader -> JobBar.load(model, many, words, loader)),
                        words,
                        formats,
                        agents,
                        views,
                        shellController.overlay());
        shellController.put(
                Screen.USERS, views.load(usersController, "users.fxml"), usersController);
        shellController.put(
                Screen.ROUTES, views.load(routesController, "routes.fxml"), routesController);
        threatsController =
                new ThreatsController(
                        model,
                        new ThreatsViewModel(model, background, threads.later(), remembered, words),
                        new ThreatsController.Ways(shell, shellController::has, this::showSetting),
                        words,
                        formats,
                        views,
                        shellController.overlay());
        shellController.put(
                Screen.THREATS, views.load(threatsController, "threats.fxml"), threatsController);
        shellController.put(
                Screen.SECRETS, views.load(secretsController, "secrets.fxml"), secretsController);
        tokensController =
                new TokensController(
                        model,
                        new TokensViewModel(model, background, threads.later(), words, toasts),
                        shell,
                        tenants::ids,
                        newSecrets,
                        words,
                        formats,
                        views,
                        shellController.overlay());
        shellController.put(
                Screen.TOKENS, views.load(tokensController, "tokens.fxml"), tokensController);
        shellController.put(
                Screen.AUDIT, views.load(auditController, "audit.fxml"), auditController);
        checklistController =
                new ChecklistController(
                        model,
                        checklist,
                        new ChecklistController.Ways(
                                shell, shellController::has, this::showSetting),
                        words,
                        formats,
                        views,
                        shellController.overlay());
        shellController.put(
                Screen.CHECKLIST,
                views.load(checklistController, "checklist.fxml"),
                checklistController);
        shellController.put(
                Screen.SERVER, views.load(serverController, "server.fxml"), serverController);
        shellController.put(
                Screen.ALERTS, views.load(alertsController, "alerts.fxml"), alertsController);
        SettingsController settingsController =
                new SettingsController(
                        model,
                        new SettingsController.Choices(theme, notices, closing),
                        remembered,
                        profile,
                        new SettingsController.Ways(
                                () -> shellController.welcome(remembered), this::showSettings),
                        words);
        shellController.put(
                Screen.SETTINGS,
                views.load(settingsController, "settings.fxml"),
                settingsController);
        if (profile instanceof Profile.ThrowAway(TrafficSimulator simulator)) {
            shellController.mark(
                    views.load(
                            new ThrowAwayStrip(
                                    new ThrowAwayViewModel(simulator, threads.fx(), words)),
                            "throw-away.fxml"));
        }
        connections =
                beside.servers()
                        .map(servers ->
                                connections(servers, background, clock, formats, views, profile));
        shellController.begin();
        scene = new Scene(frame, 1_440, 900);
        theme.dress(scene);
        WholeTexts.tellIn(scene);
        InView.keepFocusIn(scene);
    }

    /** What the frame offers of the servers this console knows, and the band of one elsewhere. */
    private ConnectionsController connections(
            Servers servers,
            Background background,
            Clock clock,
            Formats formats,
            FxmlViews views,
            Profile profile) {
        ConnectionsController offered =
                new ConnectionsController(
                        new ConnectionsViewModel(servers, background, clock, words),
                        model,
                        profile,
                        words,
                        formats,
                        views,
                        shellController.overlay());
        if (profile instanceof Profile.Remote remote) {
            shellController.mark(
                    views.load(
                            new ProfileStrip(remote, model, offered, words, formats), "strip.fxml"),
                    "colour-" + remote.server().colour().key());
            shellController.offerServers(
                    remote.server().name(), "fth-globe", offered::menu, offered::actions);
        } else {
            shellController.offerServers(
                    words.get("remote.menu.ownServer"),
                    "fth-monitor",
                    offered::menu,
                    offered::actions);
        }
        offered.refresh();
        return offered;
    }

    /** The dialogs about servers elsewhere; empty where none are offered. */
    public Optional<ConnectionsController> connections() {
        return connections;
    }

    private void showAlert(String id) {
        alertsController.showAlert(id);
    }

    private void showSettings() {
        showSetting("");
    }

    private void showSetting(String name) {
        shell.show(Screen.SERVER);
        serverController.showSetting(name);
    }

    /** Begins to hear the supervisor and to follow the server whenever one runs. */
    public void open() {
        model.open();
    }

    /** Tells that a throw-away window is being opened: it may take a while. */
    public void opensSimulation() {
        toasts.tell(
                Toasts.Tone.UNDER_WAY,
                words.get("simulated.opening.title"),
                words.get("simulated.opening.text"));
    }

    /** Tells that no folder could be made for a throw-away window. */
    public void noSimulationFolder(String why) {
        toasts.tell(
                Toasts.Tone.PROBLEM,
                words.get("simulated.failed.title"),
                words.get("simulated.failed.folder", why));
    }

    /** Tells that a throw-away window could not be opened. */
    public void noSimulationWindow(String why) {
        toasts.tell(
                Toasts.Tone.PROBLEM,
                words.get("simulated.failed.title"),
                words.get("simulated.failed.window", why));
    }

    /** The window's content. */
    public Scene scene() {
        return scene;
    }

    /** The model; its time has to be let pass by {@link ConsoleModel#tick}. */
    public ConsoleModel model() {
        return model;
    }

    /** Light or dark. */
    public Theme theme() {
        return theme;
    }

    /** Navigation. */
    public ShellViewModel shell() {
        return shell;
    }

    /** The list of sessions. */
    public SessionsViewModel sessions() {
        return sessions;
    }

    /** The drawer. */
    public DrawerViewModel drawer() {
        return drawer;
    }

    /** The frame. */
    public ShellController shellController() {
        return shellController;
    }

    /** The sessions screen. */
    public SessionsController sessionsController() {
        return sessionsController;
    }

    /** The secrets screen. */
    public SecretsController secretsController() {
        return secretsController;
    }

    /** A new file that only its owner may read. */
    private static void writePrivately(Path file, byte[] content) throws IOException {
        try (FileChannel channel =
                Platform.current()
                        .openPrivate(
                                file,
                                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
            ByteBuffer rest = ByteBuffer.wrap(content);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            channel.force(true);
        }
    }

    /** The users screen. */
    public UsersController usersController() {
        return usersController;
    }

    /** The tokens screen. */
    public TokensController tokensController() {
        return tokensController;
    }

    /** The audit screen. */
    public AuditController auditController() {
        return auditController;
    }

    /** The route policies and the draft of them. */
    public RoutesViewModel routes() {
        return routes;
    }

    /** The call that is tried on the route policies. */
    public TryViewModel trial() {
        return trial;
    }

    /** The routes screen. */
    public RoutesController routesController() {
        return routesController;
    }

    /** The server screen. */
    public ServerController serverController() {
        return serverController;
    }

    /** The threats screen. */
    public ThreatsController threatsController() {
        return threatsController;
    }

    /** The alerts. */
    public AlertsViewModel alerts() {
        return alerts;
    }

    /** The alerts screen. */
    public AlertsController alertsController() {
        return alertsController;
    }

    /** The checklist screen. */
    public ChecklistController checklistController() {
        return checklistController;
    }

    /** What becomes of the server when the window closes. */
    public Closing closing() {
        return closing;
    }

    /** Lets go of the server and ends all hearing, in reverse order of the making. */
    @Override
    public void close() {
        clipboard.clear(); // nobody else would, once the window is gone
        theme.leave(scene);
        model.close();
        supervisor.close();
    }
}
