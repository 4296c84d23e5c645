package drawbridge.console.supervise;

import drawbridge.console.supervise.ServerSupervisor.Subscription;

import java.util.function.Consumer;

/** Plays people who do not exist at a server, for as long as that runs. Safe for many threads. */
public interface TrafficSimulator {
    /** How it goes. */
    sealed interface State {
        /** The server is not there yet, or not any more. */
        record Waiting() implements State {}

        /** People come and go. */
        record Playing() implements State {}

        /**
         * It has ended by itself.
         *
         * @param why the last thing it said, as one sentence
         */
        record Ended(String why) implements State {}
    }

    /** Hears every change from now on, beginning with the state now, on any thread. */
    Subscription onState(Consumer<State> listener);

    /** Plays again after it has ended. Nothing happens while it plays. */
    void again();
}
