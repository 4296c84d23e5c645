package drawbridge.console.settings;

import drawbridge.console.Platform;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.IntConsumer;

/**
 * What the console was started with: the command line wins over the environment, the environment
 * over the defaults.
 *
 * @param dataDir the data folder of console and server
 * @param port the server's public port; 0 for any free one
 * @param adminPort the server's admin port; 0 for any free one
 * @param connect the profile of a server elsewhere to begin with, by name; empty for the console's
 *     own server
 * @param environment the console's environment
 */
public record ConsoleOptions(
        Path dataDir, int port, int adminPort, String connect, Map<String, String> environment) {
    static final int PORT = 7070;
    static final int ADMIN_PORT = 7071;

    /** What is to be done with a command line. */
    public sealed interface Parsed {
        /** Open the console. */
        record Run(ConsoleOptions options) implements Parsed {}

        /** Print a text and end. */
        record Answer(String text) implements Parsed {}

        /** Say what is wrong, as one sentence, and end with code 2. */
        record Wrong(String sentence) implements Parsed {}
    }

    /** Options that begin with the console's own server. */
    public ConsoleOptions(Path dataDir, int port, int adminPort, Map<String, String> environment) {
        this(dataDir, port, adminPort, "", environment);
    }

    public ConsoleOptions {
        environment = Map.copyOf(environment);
    }

    /** Prints no variable's value: some of them are secrets. */
    @Override
    public String toString() {
        return "ConsoleOptions[%s, port=%d, adminPort=%d]".formatted(dataDir, port, adminPort);
    }

    /** Reads the command line in the environment of this process. */
    public static Parsed ofThisProcess(List<String> arguments, Platform platform) {
        return parse(
                arguments, System.getenv(), platform, Path.of(System.getProperty("user.home", "")));
    }

    static Parsed parse(
            List<String> arguments, Map<String, String> environment, Platform platform, Path home) {
        Path defaultFolder = platform.defaultDataFolder(environment, home);
        Reading reading = new Reading();
        reading.dataDir = environment.getOrDefault("DRAWBRIDGE_DATA_DIR", "");
        reading.port("DRAWBRIDGE_PORT", environment, number -> reading.port = number);
        reading.port("DRAWBRIDGE_ADMIN_PORT", environment, number -> reading.adminPort = number);
        Iterator<String> words = arguments.iterator();
        while (words.hasNext()) {
            String word = words.next();
            int equals = word.startsWith("--") ? word.indexOf('=') : -1;
            String name = equals < 0 ? word : word.substring(0, equals);
            switch (name) {
                case "--help", "-h" -> {
                    return new Parsed.Answer(help(defaultFolder));
                }
                case "--version", "-V" -> {
                    return new Parsed.Answer("drawbridge " + Version.current() + "\n");
                }
                case "--data-dir", "--port", "--admin-port", "--connect" -> {
                    if (equals < 0 && !words.hasNext()) {
                        return new Parsed.Wrong(name + " needs a value; see drawbridge --help");
                    }
                    reading.take(name, equals < 0 ? words.next() : word.substring(equals + 1));
                }
                default -> {
                    return new Parsed.Wrong(
                            "there is no option \"%s\"; see drawbridge --help".formatted(word));
                }
            }
        }
        return reading.result(defaultFolder, environment);
    }

    private static String help(Path defaultFolder) {
        return """
        Usage: drawbridge [--data-dir DIR] [--port N] [--admin-port N] [--connect NAME]

        Opens Drawbridge's console, which starts the trust server in the data folder, or takes
        over the one that runs there. Without a display the server runs in the terminal instead.

          --data-dir DIR    data folder of console and server (DRAWBRIDGE_DATA_DIR);
                            default: %s
          --port N          public port (DRAWBRIDGE_PORT); 0 takes any free one; default: %d
          --admin-port N    admin port (DRAWBRIDGE_ADMIN_PORT); 0 takes any free one; default: %d
          --connect NAME    opens the profile of a server elsewhere instead; the own server is
                            left as it is
          --help            this text
          --version         the version
        """
                .formatted(defaultFolder, PORT, ADMIN_PORT);
    }

    /** What was read so far; the first thing that was wrong stays. */
    private static final class Reading {
        private String dataDir = "";
        private int port = PORT;
        private int adminPort = ADMIN_PORT;
        private String connect = "";
        private String wrong = "";

        void take(String name, String value) {
            switch (name) {
                case "--data-dir" -> {
                    dataDir = value;
                    if (value.isBlank()) {
                        wrong("--data-dir is empty; give a folder");
                    }
                }
                case "--connect" -> {
                    connect = value;
                    if (value.isBlank()) {
                        wrong("--connect is empty; give the name of a profile");
                    }
                }
                case "--port" -> number(name, value, given -> port = given);
                case "--admin-port" -> number(name, value, given -> adminPort = given);
                default -> throw new IllegalArgumentException(name);
            }
        }

        void port(String variable, Map<String, String> environment, IntConsumer into) {
            String value = environment.getOrDefault(variable, "");
            if (!value.isBlank()) {
                number(variable, value, into);
            }
        }

        private void number(String name, String value, IntConsumer into) {
            OptionalInt number = portOf(value);
            number.ifPresentOrElse(
                    into,
                    () -> wrong("%s: \"%s\" is no port; give 0 to 65535".formatted(name, value)));
        }

        private static OptionalInt portOf(String value) {
            if (!value.matches("[0-9]{1,5}")) {
                return OptionalInt.empty();
            }
            int number = Integer.parseInt(value);
            return number <= 65_535 ? OptionalInt.of(number) : OptionalInt.empty();
        }

        private void wrong(String sentence) {
            if (wrong.isEmpty()) {
                wrong = sentence;
            }
        }

        Parsed result(Path defaultFolder, Map<String, String> environment) {
            if (wrong.isEmpty() && port == adminPort && port != 0) {
                wrong("public and admin port are both %d; give two".formatted(port));
            }
            if (!wrong.isEmpty()) {
                return new Parsed.Wrong(wrong);
            }
            try {
                Path folder = dataDir.isBlank() ? defaultFolder : Path.of(dataDir);
                return new Parsed.Run(
                        new ConsoleOptions(
                                folder.toAbsolutePath().normalize(),
                                port,
                                adminPort,
                                connect,
                                environment));
            } catch (InvalidPathException e) {
                return new Parsed.Wrong("\"%s\" is no folder's name".formatted(dataDir));
            }
        }
    }
}
