package drawbridge.server;

import drawbridge.server.Platform.Deferral;

import java.util.concurrent.ThreadFactory;

/** Threads for what nobody waits for, which those that answer somebody go before. */
public final class Background {
    private Background() {}

    /** Makes daemons of that name. */
    public static ThreadFactory daemons(String name) {
        ThreadFactory threads = Thread.ofPlatform().name(name).daemon().factory();
        return work -> threads.newThread(deferred(Deferral.FAR, work));
    }

    /** The same work, by whichever thread runs it, which goes back behind others for good. */
    public static Runnable deferred(Deferral deferral, Runnable work) {
        return () -> {
            Platform.current().deferThisThread(deferral);
            work.run();
        };
    }
}
