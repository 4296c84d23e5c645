package drawbridge.server.storage;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.config.JdbiConfig;

import java.util.ArrayList;
import java.util.List;

/**
 * Kept with a handle while one piece of writing runs: what is to be told once it is committed, and
 * never of what was undone. For the writer's thread.
 */
public final class OnceCommitted implements JdbiConfig<OnceCommitted> {
    private final List<Runnable> told = new ArrayList<>();

    /** Made by Jdbi. */
    public OnceCommitted() {}

    /**
     * Lets something be told after the commit, on the writer's thread and after whoever waits for
     * it was answered; must be quick and must not block.
     */
    public static void tell(Handle handle, Runnable telling) {
        handle.getConfig(OnceCommitted.class).told.add(telling);
    }

    /** What there is to tell. The next piece begins with nothing. */
    List<Runnable> take() {
        List<Runnable> taken = List.copyOf(told);
        told.clear();
        return taken;
    }

    @Override
    public OnceCommitted createCopy() {
        return new OnceCommitted(); // a statement's copy, which nobody asks
    }
}
