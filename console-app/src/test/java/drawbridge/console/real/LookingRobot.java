package drawbridge.console.real;

import javafx.application.Platform;
import javafx.scene.Node;

import org.hamcrest.Matcher;
import org.testfx.api.FxRobot;
import org.testfx.service.query.NodeQuery;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Looks for nodes on the FX thread: beside it, the scene may change while it is walked through. */
final class LookingRobot extends FxRobot {
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
