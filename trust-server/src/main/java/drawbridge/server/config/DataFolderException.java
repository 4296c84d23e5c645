package drawbridge.server.config;

import java.nio.file.Path;

/** The data folder cannot be used; the message is one sentence for the person who started us. */
public class DataFolderException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DataFolderException(String message) {
        super(message);
    }

    DataFolderException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Another process owns the folder. */
    public static final class Owned extends DataFolderException {
        private static final long serialVersionUID = 1L;
        private final long pid;

        Owned(Path folder, long pid) {
            super(
                    pid > 0
                            ? "the data folder %s is in use by process %d; stop it, or give another"
                                            .formatted(folder, pid)
                                    + " --data-dir"
                            : ("the data folder %s is in use by another process; stop it, or give"
                                            + " another --data-dir")
                                    .formatted(folder));
            this.pid = pid;
        }

        /** The owner's process id; 0 when it has not written it yet. */
        public long pid() {
            return pid;
        }
    }
}
