package drawbridge.console.client;

import drawbridge.model.event.ServerEvent;
import drawbridge.model.view.ServerSnapshot;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what a feed says, one short line each. */
final class RecordingListener implements EventFeed.Listener {
    final List<String> heard = new CopyOnWriteArrayList<>();

    @Override
    public void snapshot(ServerSnapshot snapshot) {
        heard.add("snapshot " + snapshot.seq());
    }

    @Override
    public void event(ServerEvent event) {
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
        heard.add("lost since " + since + ": " + why);
    }
}
