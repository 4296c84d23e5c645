package drawbridge.server;

import java.nio.file.Path;

/** The server was moved elsewhere and does not answer any more here. */
public final class SealedServerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SealedServerException(Path folder) {
        super(
                "the server of %s was moved away (export --seal, or migrate-data): what is here is sealed and serves no more. Start it where it was moved to, or give up what is there: `drawbridge-server export --reopen` ends all sessions"
                        .formatted(folder));
    }
}
