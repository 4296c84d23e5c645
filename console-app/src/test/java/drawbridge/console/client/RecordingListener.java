package drawbridge.console.client;

import drawbridge.model.event.ServerEvent;
import drawbridge.model.view.ServerSnapshot;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what a feed says, one short line each. */
final class RecordingListener implements EventFeed.Listener {
    final List<String> heard = new CopyOnWriteArrayList<>();

    /** Thrown once, instead of hearing the next event. */
    @Nullable Error fault;

    /** Thrown once, instead of hearing that the stream broke. */
    @Nullable Error faultInLost;

    @Override
    public void snapshot(ServerSnapshot snapshot) {
        heard.add("snapshot " + snapshot.seq());
    }

    @Override
    public void event(ServerEvent event) {
        Error now = fault;
        fault = null;
        if (now != null) {
            throw now;
        }
        heard.add(event.type() + " " + event.seq());
    }

    @Override
    public void skipped(long seq, String type) {
        heard.add("skipped " + seq);
    }

    @Override
    public void live() {
        heard.add("live");
    }

    @Override
    public void lost(Instant since, String why) {
        Error now = faultInLost;
        faultInLost = null;
        if (now != null) {
            throw now;
        }
        heard.add("lost since " + since + ": " + why);
    }
}
