package drawbridge.console.screen.shell;

import drawbridge.console.model.ConsoleModel;
import drawbridge.console.supervise.ServerState;
import drawbridge.console.ui.Remembered;

import java.util.Optional;

/** What becomes of the server when the window is closed. */
public final class Closing {
    private static final String KEY = "close";

    private final ConsoleModel model;
    private final Remembered remembered;

    /** The answers. */
    public enum Choice {
        /** It goes on; the next console re-attaches to it. */
        KEEP,
        /** It ends in good order. */
        STOP
    }

    /** The choice for that model's server. */
    public Closing(ConsoleModel model, Remembered remembered) {
        this.model = model;
        this.remembered = remembered;
    }

    /** What to do without asking: remembered, or because no server runs. */
    public Optional<Choice> settled() {
        return switch (model.server().stateProperty().get()) {
            case ServerState.Stopped _, ServerState.Failed _ -> Optional.of(Choice.STOP);
            default -> remembered();
        };
    }

    /** The answer that is remembered; empty when it is asked each time. */
    public Optional<Choice> remembered() {
        return remembered.find(KEY).flatMap(Closing::read);
    }

    private static Optional<Choice> read(String word) {
        return switch (word) {
            case "keep" -> Optional.of(Choice.KEEP);
            case "stop" -> Optional.of(Choice.STOP);
            default -> Optional.empty();
        };
    }

    /** Does not ask again. */
    public void remember(Choice choice) {
        remembered.put(KEY, choice == Choice.KEEP ? "keep" : "stop");
    }

    /** Asks again the next time. */
    public void askAgain() {
        remembered.forget(KEY);
    }

    /** Whether an answer is remembered. */
    boolean isRemembered() {
        return remembered().isPresent();
    }

    /** How many sessions the server holds that would be accepted now. */
    long liveSessions() {
        return model.traffic()
                .latest()
                .map(tick -> tick.liveSessions())
                .or(() -> model.snapshotProperty().get().map(found -> found.liveSessions()))
                .orElse(0L);
    }
}
