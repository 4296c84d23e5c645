package drawbridge.console.client;

import java.util.Optional;

/** Says whether changes may be asked of a server now. Safe for many threads. */
@FunctionalInterface
public interface ChangeGuard {
    /** Lets everything through. */
    ChangeGuard OPEN = Optional::empty;

    /** Why no change is asked for now, as one sentence for a person; empty when it may be. */
    Optional<String> refusal();
}
