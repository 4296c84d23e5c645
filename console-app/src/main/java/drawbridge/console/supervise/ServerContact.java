package drawbridge.console.supervise;

import java.net.URI;
import java.time.Instant;

/** Talks to a server that runs, as far as the supervisor needs to. Blocks up to a few seconds. */
interface ServerContact {
    /** How a server was found. */
    sealed interface Found {
        /**
         * It answers on both listeners, takes the token, and is the process expected.
         *
         * @param since when it began to answer
         */
        record Answering(Instant since) implements Found {}

        /**
         * It does not, so far.
         *
         * @param why one sentence
         */
        record Silent(String why) implements Found {}
    }

    /** Whether the server with this process id answers at these addresses. */
    Found visit(long pid, URI publicUrl, URI adminUrl);

    /** Asks the server to end in good order; false when it did not take that in. */
    boolean askToStop(URI adminUrl);
}
