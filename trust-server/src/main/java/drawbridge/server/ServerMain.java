package drawbridge.server;

import drawbridge.server.cli.Cli;
import drawbridge.server.cli.Terminal;

/** The program {@code drawbridge-server}: hands everything to its command line. */
public final class ServerMain {
    private ServerMain() {}

    /** Runs one command and exits with its code. */
    public static void main(String[] arguments) {
        System.exit(Cli.run(Terminal.ofProcess(), arguments));
    }
}
