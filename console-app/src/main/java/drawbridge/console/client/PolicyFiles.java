package drawbridge.console.client;

import drawbridge.model.view.PolicyFile;

import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files of route policies on the workstation. */
public final class PolicyFiles {
    private static final long LARGEST = 1 << 20;

    private PolicyFiles() {}

    /** Writes what a server exported, replacing what is there. */
    public static void write(Path file, PolicyFile policies) throws IOException {
        String text = new String(new WireJson().write(policies), StandardCharsets.UTF_8);
        Files.writeString(file, text + System.lineSeparator());
    }

    /**
     * Reads a file. Whether its rules are right, a server says.
     *
     * @throws IOException with a sentence for a person when it cannot be read, or is no such file
     */
    public static PolicyFile read(Path file) throws IOException {
        if (Files.size(file) > LARGEST) {
            throw new IOException("it is larger than any file of policies");
        }
        try {
            PolicyFile read =
                    new WireJson().read(Files.readAllBytes(file), new TypeReference<>() {});
            if (!read.format().equals(PolicyFile.FORMAT)) {
                throw new IOException("its format is not " + PolicyFile.FORMAT);
            }
            return read;
        } catch (JacksonException e) {
            throw new IOException("it is no file of policies (" + WireJson.words(e) + ")", e);
        }
    }
}
