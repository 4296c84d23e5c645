package drawbridge.console.screen.shell;

import drawbridge.console.client.Reply;
import drawbridge.console.client.RouteCalls;
import drawbridge.console.client.TrustClient;
import drawbridge.console.model.ConsoleModel;
import drawbridge.console.screen.Navigation;
import drawbridge.console.screen.Navigation.Screen;
import drawbridge.console.screen.ScreenAction;
import drawbridge.console.ui.Background;
import drawbridge.console.ui.Later;
import drawbridge.console.ui.Words;
import drawbridge.model.view.CallerStrictness;
import drawbridge.model.view.Page;
import drawbridge.model.view.RoutePolicies;
import drawbridge.model.view.RouteRule;
import drawbridge.model.view.SessionRow;
import drawbridge.model.view.TenantName;
import drawbridge.model.view.UserRow;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Asks the server for users, sessions, routes and callers by a few letters: not only what the
 * console happens to have loaded. Waits for a pause in typing. Used on the FX thread.
 */
final class PaletteSearch {
    private static final Duration TYPING = Duration.ofMillis(180);
    private static final int LEAST_LETTERS = 2;
    private static final int OF_EACH = 5;
    private static final int MOST_TENANTS = 20;

    /**
     * What was found.
     *
     * @param items what can be gone to
     * @param failed whether the server could not be asked for some of it
     */
    record Found(List<ScreenAction> items, boolean failed) {
        Found {
            items = List.copyOf(items);
        }
    }

    private final ConsoleModel model;
    private final Background background;
    private final Later later;
    private final Navigation navigation;
    private final Words words;
    private final Predicate<Screen> isThere;
    private final Consumer<RouteRule> showRoute;
    private Later.@Nullable Pending due;
    private long generation;

    /**
     * @param isThere whether a screen can be gone to
     * @param showRoute goes to that rule
     */
    PaletteSearch(
            ConsoleModel model,
            Background background,
            Later later,
            Navigation navigation,
            Words words,
            Predicate<Screen> isThere,
            Consumer<RouteRule> showRoute) {
        this.model = model;
        this.background = background;
        this.later = later;
        this.navigation = navigation;
        this.words = words;
        this.isThere = isThere;
        this.showRoute = showRoute;
    }

    /** Forgets what was asked; nobody is told any more. */
    void cancel() {
        generation++;
        if (due != null) {
            due.cancel();
        }
    }

    /**
     * Asks, after a pause; only the last question is answered.
     *
     * @param began told when the server is asked indeed
     * @return whether there is enough to ask for
     */
    boolean ask(String typed, Runnable began, Consumer<Found> found) {
        cancel();
        String text = typed.strip();
        Optional<TrustClient> client = model.client();
        if (text.length() < LEAST_LETTERS || client.isEmpty()) {
            return false;
        }
        long asked = generation;
        due =
                later.after(
                        TYPING,
                        () -> {
                            began.run();
                            background
                                    .run(() -> search(client.get(), text))
                                    .onDone(answer -> {
                                        if (asked == generation) {
                                            found.accept(answer);
                                        }
                                    });
                        });
        return true;
    }

    private Found search(TrustClient client, String text) {
        List<ScreenAction> items = new ArrayList<>();
        boolean failed = false;
        if (client.find().users(text, OF_EACH) instanceof Reply.Done(Page<UserRow> users)) {
            users.items().stream().limit(OF_EACH).map(this::user).forEach(items::add);
        } else {
            failed = true;
        }
        switch (client.sessions(text, OF_EACH, null)) {
            case Reply.Done(Page<SessionRow> page) ->
                    page.items().stream().limit(OF_EACH).map(this::session).forEach(items::add);
            case Reply.Rejected<?> _ -> {} // no filter line as yet: typing goes on
            case Reply.Unreachable<?> _ -> failed = true;
        }
        RouteCalls calls = client.routes();
        if (calls.tenants() instanceof Reply.Done(Page<TenantName> tenants)) {
            int most = items.size() + 2 * OF_EACH;
            for (TenantName tenant : tenants.items().stream().limit(MOST_TENANTS).toList()) {
                if (items.size() < most) {
                    routesAndCallers(calls, tenant, text.toLowerCase(Locale.ROOT), items);
                }
            }
        } else {
            failed = true;
        }
        return new Found(items, failed);
    }

    private void routesAndCallers(
            RouteCalls calls, TenantName tenant, String text, List<ScreenAction> into) {
        if (calls.policies(tenant.id()) instanceof Reply.Done(RoutePolicies policies)) {
            policies.rules().stream()
                    .filter(rule -> rule.route().toLowerCase(Locale.ROOT).contains(text))
                    .limit(OF_EACH)
                    .map(this::route)
                    .forEach(into::add);
        }
        if (calls.callers(tenant.id()) instanceof Reply.Done(Page<CallerStrictness> callers)) {
            callers.items().stream()
                    .filter(caller -> caller.name().toLowerCase(Locale.ROOT).contains(text))
                    .limit(OF_EACH)
                    .map(this::caller)
                    .forEach(into::add);
        }
    }

    private ScreenAction user(UserRow row) {
        return new ScreenAction(
                "fth-user",
                words.get(
                        "palette.user", row.email(), words.oneOf("palette.userState", row.state())),
                () -> navigation.showUsers(row.email()));
    }

    private ScreenAction session(SessionRow row) {
        return new ScreenAction(
                "fth-users",
                words.get(
                        "palette.session",
                        row.ref(),
                        row.email(),
                        words.oneOf("state", row.state())),
                () -> navigation.showSessions("ref:" + row.ref()));
    }

    private ScreenAction route(RouteRule rule) {
        return new ScreenAction(
                "fth-git-branch",
                words.get("palette.route", rule.route(), rule.mode()),
                () -> showRoute.accept(rule));
    }

    private ScreenAction caller(CallerStrictness caller) {
        Screen where = isThere.test(Screen.SECRETS) ? Screen.SECRETS : Screen.ROUTES;
        return new ScreenAction(
                "fth-box",
                words.get("palette.caller", caller.name(), caller.floor()),
                () -> navigation.show(where));
    }
}
