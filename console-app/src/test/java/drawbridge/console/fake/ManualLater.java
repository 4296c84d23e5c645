package drawbridge.console.fake;

import drawbridge.console.ui.Later;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Runs what is due when it is told to. */
public final class ManualLater implements Later {
    private final List<Runnable> waiting = new ArrayList<>();

    @Override
    public Pending after(Duration wait, Runnable task) {
        waiting.add(task);
        return () -> waiting.remove(task);
    }

    /** Lets all waits end; what waits anew meanwhile stays waiting. */
    public void elapse() {
        List<Runnable> due = List.copyOf(waiting);
        waiting.clear();
        due.forEach(Runnable::run);
    }
}
