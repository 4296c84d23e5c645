package drawbridge.console.screen;

import drawbridge.console.remote.RemoteServer;
import drawbridge.console.remote.SeenCertificate;
import drawbridge.console.supervise.TrafficSimulator;

import javafx.beans.property.ReadOnlyObjectProperty;

import java.util.Optional;

/** Whose server a window shows. */
public sealed interface Profile {
    /** What its window offers. */
    Capabilities capabilities();

    /**
     * The person's own.
     *
     * @param simulate opens a throw-away one beside it, or brings it to the front
     */
    record Own(Runnable simulate) implements Profile {
        @Override
        public Capabilities capabilities() {
            return Capabilities.HERE;
        }
    }

    /**
     * One elsewhere.
     *
     * @param server how it is known
     * @param changedProperty another certificate it showed than the one that is pinned; empty while
     *     it shows that one
     */
    record Remote(
            RemoteServer server, ReadOnlyObjectProperty<Optional<SeenCertificate>> changedProperty)
            implements Profile {
        @Override
        public Capabilities capabilities() {
            return Capabilities.ELSEWHERE;
        }
    }

    /**
     * Nobody's: a server full of people who do not exist, gone with its window.
     *
     * @param simulator plays them
     */
    record ThrowAway(TrafficSimulator simulator) implements Profile {
        @Override
        public Capabilities capabilities() {
            return Capabilities.THROW_AWAY;
        }
    }
}
