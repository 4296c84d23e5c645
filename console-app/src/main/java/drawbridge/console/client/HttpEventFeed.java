package drawbridge.console.client;

import java.net.URI;
import java.time.Clock;
import java.util.random.RandomGenerator;

/**
 * The events of a server over HTTP, read on a thread of its own from construction until closed.
 * After a break it tries again after 250 ms, then after growing pauses up to 5 s. Safe for many
 * threads.
 */
public final class HttpEventFeed implements EventFeed {
    private final EventSource source;
    private final FeedLoop loop;
    private final Thread thread;

    private HttpEventFeed(EventSource source, FeedLoop loop) {
        this.source = source;
        this.loop = loop;
        this.thread = Thread.ofPlatform().name("event-feed").daemon().unstarted(loop);
    }

    /**
     * Follows a server of this machine from now on.
     *
     * @param adminUrl the root of the admin listener
     * @param credentials stay the caller's: closing the feed does not wipe them
     * @param clock stamps when the server was last heard of
     */
    public static HttpEventFeed follow(
            URI adminUrl, Credentials credentials, Listener listener, Clock clock) {
        return follow(AdminWay.plain(adminUrl, credentials), listener, clock);
    }

    /**
     * Follows a server from now on.
     *
     * @param clock stamps when the server was last heard of
     */
    public static HttpEventFeed follow(AdminWay way, Listener listener, Clock clock) {
        EventSource source = new HttpEventSource(way);
        FeedPauses pauses = new FeedPauses(RandomGenerator.getDefault(), Thread::sleep);
        HttpEventFeed feed =
                new HttpEventFeed(source, new FeedLoop(source, listener, clock, pauses));
        feed.thread.start();
        return feed;
    }

    @Override
    public void refresh() {
        loop.refresh();
    }

    @Override
    public void close() {
        loop.close();
        thread.interrupt();
        source.close();
    }
}
