package drawbridge.console.fake;

import drawbridge.console.supervise.ServerSupervisor.Subscription;
import drawbridge.console.supervise.TrafficSimulator;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A simulator that is told how it goes. */
public final class FakeSimulator implements TrafficSimulator {
    private final List<Consumer<State>> listeners = new CopyOnWriteArrayList<>();
    private volatile State state = new State.Waiting();

    /** It goes like this from now on. */
    public void enter(State entered) {
        state = entered;
        listeners.forEach(listener -> listener.accept(entered));
    }

    @Override
    public Subscription onState(Consumer<State> listener) {
        listeners.add(listener);
        listener.accept(state);
        return () -> listeners.remove(listener);
    }

    @Override
    public void again() {
        enter(new State.Playing());
    }
}
