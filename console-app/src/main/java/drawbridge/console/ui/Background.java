package drawbridge.console.ui;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * Does slow work off the FX thread and tells on it how the work ended. Used on the FX thread; the
 * work itself runs on a thread of its own and must not touch observable state.
 */
public final class Background {
    private static final Logger LOG = LoggerFactory.getLogger(Background.class);

    private final Executor workers;
    private final Executor fx;

    /** Work runs on {@code workers}; its end is told on {@code fx}. */
    public Background(Executor workers, Executor fx) {
        this.workers = workers;
        this.fx = fx;
    }

    /**
     * Begins the work. What it throws is logged, and told by {@link Work#onFailed}. While the
     * console closes nothing begins any more, and nobody is told.
     */
    public <T> Work<T> run(Callable<T> call) {
        Work<T> work = new Work<>();
        try {
            workers.execute(() -> begin(call, work));
        } catch (RejectedExecutionException e) {
            LOG.debug("the console closes; work is no longer begun", e);
        }
        return work;
    }

    private <T> void begin(Callable<T> call, Work<T> work) {
        try {
            T result = call.call();
            fx.execute(() -> work.done(result));
        } catch (Throwable e) { // an error too: somebody waits for the end of this work
            fx.execute(() -> work.failed(e));
            LOG.error("background work failed", e);
        }
    }

    /**
     * Work that goes on or has ended.
     *
     * @param <T> what it brings
     */
    public static final class Work<T> {
        private @Nullable Consumer<? super T> onDone;
        private @Nullable Consumer<? super Throwable> onFailed;
        private @Nullable T result;
        private @Nullable Throwable failure;
        private boolean cancelled;

        private Work() {}

        /** Hears the result, once; at once when it is there already. */
        public Work<T> onDone(Consumer<? super T> listener) {
            onDone = listener;
            tell();
            return this;
        }

        /** Hears of a fault of ours, once; faults of the world are results. */
        public Work<T> onFailed(Consumer<? super Throwable> listener) {
            onFailed = listener;
            tell();
            return this;
        }

        /** Nobody wants the result any more: no listener is told. */
        public void cancel() {
            cancelled = true;
        }

        private void done(T value) {
            result = value;
            tell();
        }

        private void failed(Throwable e) {
            failure = e;
            tell();
        }

        private void tell() {
            if (cancelled) {
                return;
            }
            if (result != null && onDone != null) {
                Consumer<? super T> listener = onDone;
                onDone = null;
                listener.accept(result);
            }
            if (failure != null && onFailed != null) {
                Consumer<? super Throwable> listener = onFailed;
                onFailed = null;
                listener.accept(failure);
            }
        }
    }
}
