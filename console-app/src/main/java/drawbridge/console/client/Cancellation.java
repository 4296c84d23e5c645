package drawbridge.console.client;

import org.jspecify.annotations.Nullable;

/**
 * How somebody who waits for a long answer says that he no longer wants it. Safe for many threads.
 */
public final class Cancellation {
    private boolean cancelled;
    private @Nullable Runnable onCancel;

    /** Ends what it was given to, now or as soon as it begins. */
    public void cancel() {
        Runnable told;
        synchronized (this) {
            cancelled = true;
            told = onCancel;
            onCancel = null;
        }
        if (told != null) {
            told.run();
        }
    }

    /** Whether it was cancelled. */
    public synchronized boolean isCancelled() {
        return cancelled;
    }

    /** Runs that when it is cancelled; at once when it was. */
    void onCancel(Runnable ending) {
        synchronized (this) {
            if (!cancelled) {
                onCancel = ending;
                return;
            }
        }
        ending.run();
    }
}
