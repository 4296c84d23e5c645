package drawbridge.console.screen.shell;

import drawbridge.console.supervise.TrafficSimulator;
import drawbridge.console.supervise.TrafficSimulator.State;
import drawbridge.console.ui.Words;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

import java.util.concurrent.Executor;

/** How the simulated traffic of a throw-away window goes. Used on the FX thread. */
public final class ThrowAwayViewModel {
    private final TrafficSimulator simulator;
    private final Words words;
    private final ReadOnlyObjectWrapper<Told> told;

    /**
     * What is said of it.
     *
     * @param text one sentence
     * @param hasEnded whether it can be played again
     */
    record Told(String text, boolean hasEnded) {}

    /** Follows that simulator from now on. */
    public ThrowAwayViewModel(TrafficSimulator simulator, Executor fx, Words words) {
        this.simulator = simulator;
        this.words = words;
        this.told = new ReadOnlyObjectWrapper<>(this, "told", tell(new State.Waiting()));
        var _ = simulator.onState(state -> fx.execute(() -> told.set(tell(state))));
    }

    private Told tell(State state) {
        return switch (state) {
            case State.Waiting() -> new Told(words.get("simulated.waiting"), false);
            case State.Playing() -> new Told(words.get("simulated.playing"), false);
            case State.Ended(String why) -> new Told(words.get("simulated.ended", why), true);
        };
    }

    ReadOnlyObjectProperty<Told> toldProperty() {
        return told.getReadOnlyProperty();
    }

    void again() {
        simulator.again();
    }
}
