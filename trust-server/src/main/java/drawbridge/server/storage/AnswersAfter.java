package drawbridge.server.storage;

import org.jdbi.v3.core.config.JdbiConfig;

/**
 * Kept with a handle while one piece of writing runs: the last row of the revocation log that its
 * answer rests on. For the writer's thread.
 */
public final class AnswersAfter implements JdbiConfig<AnswersAfter> {
    private long number;

    /** Made by Jdbi. */
    public AnswersAfter() {}

    private AnswersAfter(long number) {
        this.number = number;
    }

    /** The answer waits for that row, and for those before it. */
    public void row(long awaited) {
        number = Math.max(number, awaited);
    }

    /** The row to wait for; 0 for none. The next piece begins with none. */
    long take() {
        long taken = number;
        number = 0;
        return taken;
    }

    @Override
    public AnswersAfter createCopy() {
        return new AnswersAfter(number);
    }
}
