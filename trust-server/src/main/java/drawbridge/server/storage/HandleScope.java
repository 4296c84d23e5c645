package drawbridge.server.storage;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.config.JdbiConfig;
import org.jspecify.annotations.Nullable;

import java.util.Optional;

/** For whom a handle acts now. Used by whoever uses the handle, one thread at a time. */
public final class HandleScope implements JdbiConfig<HandleScope> {
    private @Nullable DataScope scope;

    /** Nobody's; Jdbi makes it. */
    public HandleScope() {}

    private HandleScope(@Nullable DataScope scope) {
        this.scope = scope;
    }

    /** From now on the handle acts for that scope. */
    static void enter(Handle handle, DataScope scope) {
        handle.getConfig(HandleScope.class).scope = scope;
    }

    /** For whom; empty when nobody said. */
    Optional<DataScope> get() {
        return Optional.ofNullable(scope);
    }

    @Override
    public HandleScope createCopy() {
        return new HandleScope(scope);
    }
}
