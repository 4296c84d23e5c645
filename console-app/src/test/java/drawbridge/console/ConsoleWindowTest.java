package drawbridge.console;

import static drawbridge.console.model.Sessions.START;
import static drawbridge.console.model.Sessions.live;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.console.fake.FakeConsole;
import drawbridge.console.fake.FakeRoutes;
import drawbridge.console.fake.FakeServer;
import drawbridge.console.fake.FakeSupervisor;
import drawbridge.console.fake.FakeUsers;
import drawbridge.console.fake.ManualLater;
import drawbridge.console.fake.MutableClock;
import drawbridge.console.fake.RememberedInMemory;
import drawbridge.console.fake.WitnessedInMemory;
import drawbridge.console.screen.Navigation.Screen;
import drawbridge.console.screen.Profile;
import drawbridge.console.screen.ScreenAction;
import drawbridge.console.supervise.ServerState;
import drawbridge.console.ui.Theme;
import drawbridge.model.view.CallerStrictness;

import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.Labeled;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.framework.junit5.Stop;
import org.testfx.util.WaitForAsyncUtils;

import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** The window as a person uses it, by keys and clicks, on a fake server. */
@ExtendWith(ApplicationExtension.class)
class ConsoleWindowTest {
    private final FakeConsole console = new FakeConsole(START);
    private final MutableClock clock = console.clock();
    private final FakeSupervisor supervisor = console.supervisor();
    private final FakeServer server = console.server();
    private final ManualLater later = console.later();

    @SuppressWarnings("NullAway.Init") // by open(), before any test
    private Wiring wiring;

    @SuppressWarnings("NullAway.Init") // by open(), before any test
    private Theme theme;

    private int simulated;

    @Start
    void open(Stage stage) {
        RememberedInMemory remembered = new RememberedInMemory();
        theme = new Theme(remembered);
        wiring =
                new Wiring(
                        supervisor,
                        server,
                        remembered,
                        WitnessedInMemory.fresh(),
                        console.threads(),
                        clock,
                        new Wiring.Look(Locale.ENGLISH, ZoneOffset.UTC, theme),
                        new Profile.Own(() -> simulated++));
        server.hold(live("s-a", "ana"));
        server.hold(live("s-b", "bela"));
        server.hold(live("s-c", "ana"));
        stage.setX(0);
        stage.setY(0);
        stage.setScene(wiring.scene());
        stage.setWidth(1_440);
        stage.setHeight(900);
        stage.show();
        wiring.open();
        supervisor.enter(server.running());
        settle();
    }

    @Stop
    void close() {
        wiring.close();
        theme.close();
    }

    private void settle() {
        wiring.model().tick();
        later.elapse();
        later.elapse();
    }

    private void onFx(FxRobot robot, Runnable action) {
        robot.interact(() -> {
            action.run();
            settle();
            wiring.scene().getRoot().layout();
        });
        WaitForAsyncUtils.waitForFxEvents();
    }

    private static Button button(FxRobot robot, Predicate<Button> wanted) {
        return robot.lookup(".button").queryAllAs(Button.class).stream()
                .filter(Node::isVisible)
                .filter(wanted)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void goesToEveryScreenByKeys(FxRobot robot) {
        Map<KeyCode, Screen> keys =
                Map.of(
                        KeyCode.DIGIT1, Screen.OVERVIEW,
                        KeyCode.DIGIT2, Screen.SESSIONS,
                        KeyCode.DIGIT0, Screen.SERVER);

        keys.forEach((key, screen) -> {
            robot.press(KeyCode.CONTROL).type(key).release(KeyCode.CONTROL);
            assertThat(wiring.shell().screenProperty().get()).isEqualTo(screen);
        });
    }

    @Test
    void revokesWithOneClickSaysHowItWentAndUndoes(FxRobot robot) {
        onFx(robot, () -> wiring.shell().show(Screen.SESSIONS));

        robot.clickOn(button(robot, each -> each.getText().equals("Revoke")));
        onFx(robot, () -> {});

        assertThat(robot.lookup(".state-box .label").queryAllAs(Label.class))
                .anyMatch(label -> label.getText().equals("refused on 1 of 1 nodes after 9 ms"));

        robot.clickOn(button(robot, each -> each.getText().startsWith("Undo")));
        onFx(robot, () -> {});

        assertThat(List.of("s-a", "s-b", "s-c"))
                .allMatch(ref -> server.row(ref).state().equals("live"));
    }

    @Test
    void revokesTheSelectionByKeys(FxRobot robot) {
        onFx(robot, () -> wiring.shell().show(Screen.SESSIONS));

        robot.write("/").write("bela");
        onFx(robot, () -> {});
        robot.type(KeyCode.ENTER).type(KeyCode.DELETE);
        onFx(robot, () -> {});

        assertThat(server.row("s-b").state()).isEqualTo("held");
        assertThat(server.row("s-a").state()).isEqualTo("live");

        robot.press(KeyCode.CONTROL).type(KeyCode.Z).release(KeyCode.CONTROL);

        assertThat(server.row("s-b").state()).isEqualTo("live");
    }

    @Test
    void namesTheWrongWordOfAFilter(FxRobot robot) {
        robot.write("/");
        robot.write("staet:live");
        onFx(robot, () -> {});

        assertThat(robot.lookup(".inline-problem .label").queryAllAs(Label.class))
                .extracting(Label::getText)
                .anyMatch(text -> text.startsWith("There is no \"staet\"."));
    }

    @Test
    void doesNotCallAWordWrongThatIsStillBeingWritten(FxRobot robot) {
        robot.write("/");
        robot.write("state:li");
        onFx(robot, () -> {});
        assertThat(robot.lookup(".inline-problem").query().isVisible()).isFalse();

        robot.type(KeyCode.ESCAPE).type(KeyCode.TAB); // closes what is offered, then goes on
        onFx(robot, () -> {});

        assertThat(robot.lookup(".inline-problem .label").queryAllAs(Label.class))
                .extracting(Label::getText)
                .anyMatch(text -> text.startsWith("\"li\" is no state."));
    }

    @Test
    void opensTheDrawerByEnterAndClosesItByEsc(FxRobot robot) {
        onFx(robot, () -> wiring.shell().show(Screen.SESSIONS));
        robot.write("/");
        robot.type(KeyCode.DOWN).type(KeyCode.ENTER);

        assertThat(wiring.drawer().entryProperty().get()).isPresent();
        assertThat(robot.lookup(".drawer").tryQuery()).isPresent();

        robot.type(KeyCode.ESCAPE);

        assertThat(robot.lookup(".drawer").tryQuery()).isEmpty();
    }

    @Test
    void revokesByKeyWhatTheDrawerShowsAfterALinkInIt(FxRobot robot) {
        onFx(robot, () -> wiring.shell().show(Screen.SESSIONS));
        robot.write("/").write("ana");
        onFx(robot, () -> {});
        robot.type(KeyCode.ENTER).type(KeyCode.ENTER);
        onFx(robot, () -> {});
        String before = wiring.drawer().entryProperty().get().orElseThrow().ref();

        Hyperlink other =
                robot.lookup(".drawer .hyperlink").queryAllAs(Hyperlink.class).stream()
                        .filter(link -> !link.getText().isEmpty() && link.isVisible())
                        .findFirst()
                        .orElseThrow();
        onFx(robot, other::fire);
        String shown = wiring.drawer().entryProperty().get().orElseThrow().ref();
        robot.type(KeyCode.DELETE);
        onFx(robot, () -> {});

        assertThat(shown).isNotEqualTo(before);
        assertThat(server.row(shown).state()).isEqualTo("held");
        assertThat(server.row(before).state()).isEqualTo("live");
    }

    @Test
    void keepsToastsOffTheDrawerOfANarrowWindow(FxRobot robot) throws TimeoutException {
        onFx(
                robot,
                () -> {
                    wiring.scene().getWindow().setWidth(1_000);
                    wiring.shell().show(Screen.SESSIONS);
                });
        robot.write("/");
        robot.type(KeyCode.DOWN).type(KeyCode.ENTER);
        robot.interact(wiring::opensSimulation);

        WaitForAsyncUtils.waitFor(
                30,
                TimeUnit.SECONDS,
                () -> {
                    Node toast = robot.lookup(".toast").query();
                    Bounds drawer = inWindow(robot.lookup(".drawer").query());
                    return toast.getLayoutX() > 0 && inWindow(toast).getMaxX() <= drawer.getMinX();
                });
    }

    private static Bounds inWindow(Node node) {
        return node.localToScene(node.getLayoutBounds());
    }

    @Test
    void saysHowManySessionsRevokeAllWillEndAndHasTheSafeButtonFirst(FxRobot robot) {
        onFx(
                robot,
                () -> {
                    wiring.shell().show(Screen.SESSIONS);
                    wiring.sessionsController().confirmRevokeAll(server.row("s-a"));
                });

        assertThat(wiring.scene().getFocusOwner())
                .isInstanceOfSatisfying(
                        Button.class, each -> assertThat(each.getText()).isEqualTo("Cancel"));
        robot.clickOn(button(robot, each -> each.getText().equals("Revoke 2 sessions")));
        onFx(robot, () -> {});

        assertThat(server.row("s-a").state()).isEqualTo("revoked");
        assertThat(server.row("s-c").state()).isEqualTo("revoked");
        assertThat(server.row("s-b").state()).isEqualTo("live");
    }

    @Test
    void keepsTheFocusWithinADialogAndGivesItBack(FxRobot robot) {
        onFx(robot, () -> wiring.shell().show(Screen.SESSIONS));
        robot.write("/");
        Node before = wiring.scene().getFocusOwner();
        onFx(robot, () -> wiring.sessionsController().confirmRevokeAll(server.row("s-a")));

        for (int i = 0; i < 6; i++) {
            robot.type(KeyCode.TAB);
            assertThat(isWithin(wiring.scene().getFocusOwner(), "overlay")).isTrue();
        }
        robot.type(KeyCode.ESCAPE);

        assertThat(wiring.scene().getFocusOwner()).isSameAs(before);
    }

    private static boolean isWithin(Node node, String styleClass) {
        for (Node at = node; at != null; at = at.getParent()) {
            if (at.getStyleClass().contains(styleClass)) {
                return true;
            }
        }
        return false;
    }

    @Test
    void keepsTheFocusOnALineOfTheUsersDrawerWhileSecondsPass(FxRobot robot) {
        server.users().hold(FakeUsers.well("u-ana", "ana@example.com", "Ana", START));
        onFx(robot, () -> wiring.shell().show(Screen.USERS));
        onFx(robot, () -> wiring.usersController().open(0));
        Node line = robot.lookup(".other-line .hyperlink").query();
        onFx(robot, line::requestFocus);

        clock.advance(Duration.ofSeconds(2));
        onFx(robot, () -> {});

        assertThat(wiring.scene().getFocusOwner()).isSameAs(line);
    }

    @Test
    void keepsTheFocusOnALineOfTheSessionsDrawerWhenMoreHappens(FxRobot robot) {
        onFx(robot, () -> wiring.shell().show(Screen.SESSIONS));
        onFx(robot, () -> wiring.sessions().find("ref:s-a"));
        robot.write("/");
        robot.type(KeyCode.DOWN).type(KeyCode.ENTER);
        Node line = robot.lookup(".other-line .hyperlink").query();
        onFx(robot, line::requestFocus);

        server.hold(live("s-d", "ana"));
        robot.type(KeyCode.F5);
        onFx(robot, () -> {});

        assertThat(robot.lookup(".other-line").queryAll()).hasSize(2);
        assertThat(wiring.scene().getFocusOwner()).isSameAs(line);
    }

    @Test
    void runsAnActionFromThePalette(FxRobot robot) {
        robot.press(KeyCode.CONTROL).type(KeyCode.K).release(KeyCode.CONTROL);
        robot.write("restart");
        robot.type(KeyCode.ENTER);

        assertThat(supervisor.asked()).containsExactly("restart");
    }

    @Test
    void findsSessionsFromThePalette(FxRobot robot) {
        robot.press(KeyCode.CONTROL).type(KeyCode.K).release(KeyCode.CONTROL);
        robot.write("bela");
        robot.type(KeyCode.ENTER);

        assertThat(wiring.shell().screenProperty().get()).isEqualTo(Screen.SESSIONS);
        assertThat(wiring.sessions().filterTextProperty().get()).isEqualTo("bela");
    }

    @Test
    void findsUsersSessionsRoutesAndCallersOnTheServerAfterAPauseInTyping(FxRobot robot) {
        server.routes().put("default", "admin", "", FakeRoutes.rule("POST", "/bela/*", "STRICT"));
        server.routes()
                .caller(
                        new CallerStrictness(
                                "clr_1", "bela-shop", "required", "ADVANCED", "device"));
        robot.press(KeyCode.CONTROL).type(KeyCode.K).release(KeyCode.CONTROL);
        robot.write("bela");
        List<String> before = paletteLines(robot);
        onFx(robot, () -> {});

        assertThat(before).containsExactly("Find sessions: bela");
        assertThat(paletteLines(robot))
                .anyMatch(line -> line.startsWith("User bela"))
                .anyMatch(line -> line.startsWith("Session s-b of bela"))
                .contains("Route POST /bela/* · STRICT", "Caller bela-shop · floor ADVANCED");

        int route = paletteLines(robot).indexOf("Route POST /bela/* · STRICT");
        for (int i = 0; i < route; i++) {
            robot.type(KeyCode.DOWN);
        }
        robot.type(KeyCode.ENTER);
        assertThat(wiring.shell().screenProperty().get()).isEqualTo(Screen.ROUTES);
    }

    @Test
    void welcomesOnce(FxRobot robot) {
        RememberedInMemory remembered = new RememberedInMemory();
        onFx(robot, () -> wiring.shellController().welcomeOnce(remembered));
        robot.clickOn(
                button(robot, each -> each.getText().equals("Who is in, and should they be?")));
        assertThat(wiring.shell().screenProperty().get()).isEqualTo(Screen.SESSIONS);

        robot.clickOn(button(robot, each -> each.getText().equals("Got it")));
        onFx(robot, () -> wiring.shellController().welcomeOnce(remembered));

        assertThat(robot.lookup(".welcome").query().isVisible()).isFalse();
    }

    private static List<String> paletteLines(FxRobot robot) {
        return robot.lookup(".palette .list-view").queryListView().getItems().stream()
                .map(item -> ((ScreenAction) item).name())
                .toList();
    }

    @Test
    void typesQuestionMarkAndSlashIntoFieldsInsteadOfActing(FxRobot robot) {
        robot.write("/");
        robot.write("a/b?");

        TextField filter = robot.lookup(".filter").queryAs(TextField.class);
        assertThat(filter.getText()).isEqualTo("a/b?");
    }

    @Test
    void controlsTheServerThroughEveryState(FxRobot robot) {
        onFx(robot, () -> wiring.shell().show(Screen.SERVER));
        robot.clickOn(button(robot, each -> each.getText().equals("Stop")));
        onFx(
                robot,
                () ->
                        supervisor.enter(
                                new ServerState.Waiting(
                                        "killed by signal 9", 2, START.plusSeconds(4))));

        assertThat(robot.lookup(".state-title").queryAs(Label.class).getText())
                .isEqualTo("Starting again in 4 s");
        robot.clickOn(button(robot, each -> each.getText().equals("Try now")));
        robot.clickOn(button(robot, each -> each.getText().equals("Stop trying")));
        onFx(robot, () -> supervisor.enter(new ServerState.Starting(START)));
        assertThat(robot.lookup(".banner .label").queryAllAs(Label.class))
                .extracting(Label::getText)
                .anyMatch(text -> text.startsWith("The server ended: killed by signal 9."));
        onFx(
                robot,
                () -> supervisor.enter(new ServerState.Failed("port 7070 is held by nginx", "")));
        robot.clickOn(button(robot, each -> each.getText().equals("Start")));

        assertThat(supervisor.asked()).containsExactly("stop", "tryNow", "stopTrying", "start");
    }

    @Test
    void dimsAndSaysSoWhenTheFeedIsLost(FxRobot robot) {
        onFx(robot, () -> server.breakFeed(START, "connection reset"));
        clock.advance(Duration.ofSeconds(4));
        onFx(robot, () -> {});

        assertThat(robot.lookup(".feed-state").queryAs(Label.class).getText())
                .isEqualTo("live feed lost 4.0 s ago, retrying");
        assertThat(robot.lookup(".banner .label").queryAllAs(Label.class))
                .anyMatch(label -> label.getText().startsWith("Live feed lost 4 s ago"));
    }

    /** Nothing that can be reached by keys is without a name for those who cannot see it. */
    @Test
    void everyControlHasAnAccessibleName(FxRobot robot) {
        for (Screen screen : Screen.values()) {
            onFx(robot, () -> wiring.shell().show(screen));
            for (Node node : robot.lookup(Node::isFocusTraversable).queryAll()) {
                boolean named =
                        (node.getAccessibleText() != null && !node.getAccessibleText().isEmpty())
                                || (node instanceof Labeled labeled
                                        && labeled.getText() != null
                                        && !labeled.getText().isEmpty());
                if (node.isVisible() && !node.getStyleClass().contains("scroll-bar")) {
                    assertThat(named).as("%s on %s", node, screen).isTrue();
                }
            }
        }
    }

    @Test
    void survivesAnUpdateWithItsSelection(FxRobot robot) {
        onFx(robot, () -> wiring.shell().show(Screen.SESSIONS));
        TableView<?> table = robot.lookup(".table-view").queryTableView();
        onFx(robot, () -> table.getSelectionModel().select(1));
        Object selected = table.getSelectionModel().getSelectedItem();

        onFx(robot, () -> server.open(live("s-new", "zoe")));
        clock.advance(Duration.ofSeconds(1));
        onFx(robot, () -> {});

        assertThat(table.getItems()).hasSize(4);
        assertThat(table.getSelectionModel().getSelectedItem()).isSameAs(selected);
    }
}
