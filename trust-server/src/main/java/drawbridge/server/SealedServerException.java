package drawbridge.server;

import java.nio.file.Path;

/** The server was exported to move elsewhere and does not answer any more. */
public final class SealedServerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SealedServerException(Path folder) {
        super(
                "%s was exported with --seal and serves no more; import the export elsewhere, or `drawbridge-server export --reopen`, which ends all sessions"
                        .formatted(folder));
    }
}
