package drawbridge.console.supervise;

import drawbridge.console.Platform;
import drawbridge.console.Platform.PortHolder;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Why a server ended and what follows from it.
 *
 * @param exitCode -1 when unknown
 * @param cause one sentence without its full stop, such as {@code killed by signal 9 (SIGKILL)}
 * @param isExpected whether it was asked to end
 * @param isFinal whether starting it again would only end the same way
 */
record ServerEnd(int exitCode, String cause, boolean isExpected, boolean isFinal) {
    private static final int USAGE = 2;
    private static final int FOLDER_OWNED = 3;
    private static final int PORT_TAKEN = 4;
    private static final int DATABASE_UNUSABLE = 5;

    /** Judges the end of a run by its exit code (docs/scripts.md) and by what it printed. */
    static ServerEnd of(
            Run run,
            OptionalInt code,
            ServerOutput output,
            ServerLaunch launch,
            Platform platform) {
        int exitCode = code.orElse(-1);
        if (run.isStopAsked()) {
            String by = run.isKilled() ? ", by force because it did not end within 8 s" : "";
            return new ServerEnd(exitCode, "stopped from the console" + by, true, false);
        }
        if (!run.overdue().isEmpty()) {
            return new ServerEnd(exitCode, run.overdue(), false, false);
        }
        if (code.isEmpty()) {
            return new ServerEnd(
                    exitCode,
                    "ended; its exit code is known to its own console only",
                    false,
                    false);
        }
        String said = output.sentence();
        return switch (exitCode) {
            case 0 -> new ServerEnd(0, "ended in good order, asked by somebody else", false, false);
            case USAGE ->
                    new ServerEnd(
                            exitCode,
                            said.isEmpty() ? "its settings are wrong (code 2)" : said,
                            false,
                            true);
            case FOLDER_OWNED -> new ServerEnd(exitCode, folderOwned(launch.folder()), false, true);
            case PORT_TAKEN ->
                    new ServerEnd(exitCode, portTaken(said, launch, platform), false, true);
            case DATABASE_UNUSABLE ->
                    new ServerEnd(
                            exitCode,
                            said.isEmpty() ? "the database cannot be used (code 5)" : said,
                            false,
                            true);
            default -> new ServerEnd(exitCode, platform.endOf(exitCode), false, false);
        };
    }

    private static String folderOwned(DataFolder folder) {
        OptionalLong holder = folder.lockHolder();
        String who = holder.isEmpty() ? "" : " (pid " + holder.getAsLong() + ")";
        return ("a server%s that no console started runs in %s;"
                        + " end it there, or choose another folder with --data-dir")
                .formatted(who, folder.path());
    }

    private static String portTaken(String said, ServerLaunch launch, Platform platform) {
        String sentence = said.isEmpty() ? "a port is taken (code 4)" : said;
        if (sentence.contains("pid ")) {
            return sentence; // the server found out by whom
        }
        Optional<PortHolder> holder =
                holderOf(launch.port(), platform).or(() -> holderOf(launch.adminPort(), platform));
        return holder.map(by -> withoutStop(sentence) + "; held by " + by).orElse(sentence);
    }

    private static Optional<PortHolder> holderOf(int port, Platform platform) {
        return port == 0 ? Optional.empty() : platform.holderOf(port);
    }

    private static String withoutStop(String sentence) {
        return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    }
}
