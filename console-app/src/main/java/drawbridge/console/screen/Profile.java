package drawbridge.console.screen;

import drawbridge.console.supervise.TrafficSimulator;

/** Whose server a window shows. */
public sealed interface Profile {
    /**
     * The person's own.
     *
     * @param simulate opens a throw-away one beside it, or brings it to the front
     */
    record Own(Runnable simulate) implements Profile {}

    /**
     * Nobody's: a server full of people who do not exist, gone with its window.
     *
     * @param simulator plays them
     */
    record ThrowAway(TrafficSimulator simulator) implements Profile {}
}
