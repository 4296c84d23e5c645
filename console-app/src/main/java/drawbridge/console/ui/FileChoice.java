package drawbridge.console.ui;

import java.nio.file.Path;
import java.util.Optional;

/** Lets a person choose a file. Used on the FX thread, which waits for the person. */
public interface FileChoice {
    /** A file to read; empty when the person does not want one. */
    Optional<Path> toRead(String title);

    /** A file to write, which may be there already; empty when the person does not want one. */
    Optional<Path> toWrite(String title, String suggestedName);
}
