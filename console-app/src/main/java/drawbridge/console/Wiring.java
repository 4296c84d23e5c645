package drawbridge.console;

import drawbridge.console.model.ConsoleModel;
import drawbridge.console.model.ServerAccess;
import drawbridge.console.model.ServerModel;
import drawbridge.console.screen.Navigation.Screen;
import drawbridge.console.screen.Profile;
import drawbridge.console.screen.audit.AuditController;
import drawbridge.console.screen.audit.AuditViewModel;
import drawbridge.console.screen.audit.ChainCard;
import drawbridge.console.screen.checklist.ChecklistController;
import drawbridge.console.screen.checklist.ChecklistViewModel;
import drawbridge.console.screen.overview.OverviewController;
import drawbridge.console.screen.overview.OverviewViewModel;
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
import drawbridge.console.screen.shell.Closing;
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
import drawbridge.console.ui.NotificationToasts;
import drawbridge.console.ui.Remembered;
import drawbridge.console.ui.SecretClipboard;
import drawbridge.console.ui.Theme;
import drawbridge.console.ui.Toasts;
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
    private final Closing closing;
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
            Profile profile) {
        this.supervisor = supervisor;
        words = Words.in(look.locale());
        Formats formats = new Formats(words, look.locale(), look.zone());
        AgentNames agents = new AgentNames();
        FxmlViews views = new FxmlViews(words);
        Background background = new Background(threads.workers(), threads.fx());
        theme = look.theme();

        ServerModel server = new ServerModel(supervisor, threads.fx(), threads.paced());
        model = new ConsoleModel(server, access, background, threads.paced(), clock);

        toasts = new NotificationToasts(this::scene);
        sessions =
                new SessionsViewModel(
                        model, background, threads.later(), words, formats, agents, toasts);
        drawer = new DrawerViewModel(model, background, threads.later(), words);
        AuditWitness witness = new AuditWitness(model, background, witnessed, clock);
        shell = new ShellViewModel(model, sessions, witness, words, formats);
        closing = new Closing(model, remembered);

        shellController =
                new ShellController(
                        model,
                        shell,
                        closing,
                        theme,
                        words,
                        views,
                        background,
                        threads.later(),
                        profile);
        Parent frame = views.load(shellController, "shell.fxml");
        ManyViewModel many = new ManyViewModel(model, background, words, formats, toasts);
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
                        new ServerViewModel(model, words, formats),
                        shell,
                        profile,
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
                        Platform.current(),
                        words);
        auditController =
                new AuditController(
                        audit,
                        new ChainCard(model, audit, words, formats),
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
                        new ThreatsController.Ways(shell, shellController::has, this::showSettings),
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
                                shell, shellController::has, this::showSettings),
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
        if (profile instanceof Profile.ThrowAway(TrafficSimulator simulator)) {
            shellController.mark(
                    views.load(
                            new ThrowAwayStrip(
                                    new ThrowAwayViewModel(simulator, threads.fx(), words)),
                            "throw-away.fxml"));
        }
        shellController.begin();
        scene = new Scene(frame, 1_440, 900);
        theme.dress(scene);
    }

    private void showSettings() {
        shell.show(Screen.SERVER);
        serverController.show(ServerController.Part.CONFIGURATION);
    }

    /** Begins to hear the supervisor and to follow the server whenever one runs. */
    public void open() {
        model.open();
    }

    /** Tells that no throw-away window could be opened, and why. */
    public void cannotSimulate(String why) {
        toasts.tell(
                Toasts.Tone.PROBLEM,
                words.get("simulated.failed.title"),
                words.get("simulated.failed.text", why));
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
