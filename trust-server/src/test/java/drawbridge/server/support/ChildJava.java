package drawbridge.server.support;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How tests start a main class of ours as a process: quick to start, as none lives for long. */
public final class ChildJava {
    private ChildJava() {}

    /** The whole command. */
    public static List<String> command(Class<?> main, String... arguments) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-XX:+UseSerialGC", // as bin/drawbridge-server has it
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }
}
