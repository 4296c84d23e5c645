package drawbridge.console.real;

import static org.awaitility.Awaitility.await;

import javafx.application.Platform;
import javafx.scene.Node;
import javafx.scene.control.ButtonBase;
import javafx.scene.input.MouseButton;

import org.hamcrest.Matcher;
import org.testfx.api.FxRobot;
import org.testfx.robot.Motion;
import org.testfx.service.query.NodeQuery;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Looks for nodes on the FX thread: beside it, the scene may change while it is walked through. And
 * acts as a person does who sees that a button is not to be pressed yet: it waits until it is.
 */
final class LookingRobot extends FxRobot {
    private final Duration patience;

    LookingRobot(Duration patience) {
        this.patience = patience;
    }

    @Override
    public FxRobot clickOn(String query, Motion motion, MouseButton... buttons) {
        awaitAble(query);
        return super.clickOn(query, motion, buttons);
    }

    /** Presses a button wherever it is, such as one that a toast lies over for seconds. */
    void fire(String query) {
        awaitAble(query);
        interact(() ->
                lookup(query).queryAllAs(ButtonBase.class).stream()
                        .filter(LookingRobot::isAble)
                        .findFirst()
                        .orElseThrow()
                        .fire());
    }

    private void awaitAble(String query) {
        await("“" + query + "” that can be clicked")
                .atMost(patience)
                .until(() -> lookup(query).queryAll().stream().anyMatch(LookingRobot::isAble));
    }

    private static boolean isAble(Node node) {
        return onFx(() -> !node.isDisabled() && RealConsole.isShown(node));
    }

    @Override
    public NodeQuery lookup(String query) {
        return onFx(() -> super.lookup(query));
    }

    @Override
    public <T extends Node> NodeQuery lookup(Matcher<T> matcher) {
        return onFx(() -> super.lookup(matcher));
    }

    @Override
    public <T extends Node> NodeQuery lookup(Predicate<T> predicate) {
        return onFx(() -> super.lookup(predicate));
    }

    /** What is seen there at one moment. */
    static <T> T onFx(Supplier<T> looking) {
        if (Platform.isFxApplicationThread()) {
            return looking.get();
        }
        FutureTask<T> task = new FutureTask<>(looking::get);
        Platform.runLater(task);
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
