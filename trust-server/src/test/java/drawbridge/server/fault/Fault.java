package drawbridge.server.fault;

import java.util.Random;

/** Something that happens to a running server, and is over when {@link #strike} returns. */
interface Fault {
    /** For the report. */
    String name();

    /** Does it and undoes it. */
    void strike(Random random) throws Exception;
}
