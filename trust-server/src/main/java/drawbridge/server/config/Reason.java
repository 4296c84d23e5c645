package drawbridge.server.config;

import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** What a failure means, in a few words for the end of a sentence. */
public final class Reason {
    private Reason() {}

    /** The reason alone: the message of a file's failure is often no more than its path. */
    public static String of(Throwable thrown) {
        return switch (thrown) {
            case AccessDeniedException _ -> "permission denied";
            case NoSuchFileException _ -> "no such file";
            case FileAlreadyExistsException _ -> "a file of that name exists";
            case ConnectException _ -> "connection refused";
            case HttpTimeoutException _, SocketTimeoutException _ -> "no answer in time";
            case FileSystemException failed when failed.getReason() != null -> failed.getReason();
            default -> {
                String message = thrown.getMessage();
                yield message == null
                        ? thrown.getClass().getSimpleName()
                        : message.lines().findFirst().orElse("");
            }
        };
    }

    /** The reason of the failure that began it all, or of the nearest to it that has words. */
    public static String ofRoot(Throwable thrown) {
        Throwable reason = thrown;
        for (Throwable next = thrown; next != null; next = next.getCause()) {
            reason = isMute(next) && !isMute(reason) ? reason : next;
        }
        return of(reason);
    }

    private static boolean isMute(Throwable thrown) {
        return thrown.getMessage() == null && !(thrown instanceof ConnectException);
    }
}
