package drawbridge.server.cli;

import drawbridge.server.Platform;
import drawbridge.server.config.Reason;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** A file that a command writes for whoever runs it, and for nobody else. */
final class NewFile {
    private static final Set<StandardOpenOption> NEW =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

    private NewFile() {}

    /** Gives what the file is to hold. */
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Writes it, whole or not at all.
     *
     * @throws CommandFailure when it is there already, or cannot be written
     */
    static void write(Platform platform, Path to, Content content) {
        try {
            // A new file, so that deleting it again takes nothing away from anybody.
            OutputStream file = Channels.newOutputStream(platform.openPrivate(to, NEW));
            boolean whole = false;
            try (file) {
                content.writeTo(file);
                whole = true;
            } finally {
                if (!whole) {
                    Files.deleteIfExists(to);
                }
            }
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCodes.FAULT, "%s cannot be written: %s".formatted(to, Reason.of(e)), e);
        }
    }
}
