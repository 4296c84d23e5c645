package drawbridge.server.cli;

import drawbridge.server.Platform;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import tools.jackson.databind.json.JsonMapper;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code doctor}: looks at everything the server needs and says what is wrong. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.Provider.class,
        description = {
            "Looks at everything the server needs and says what is wrong.",
            "",
            "Takes the settings the server would start with, and looks at Java, the clock, the data folder, the database, password hashing and the ports, and at whether a running server answers. Changes nothing.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:nothing keeps the server from running", "1:something failed"})
final class DoctorCommand implements Callable<Integer> {
    @Mixin private ConfigOptions options = new ConfigOptions();

    @Option(names = "--json", description = "Prints one JSON object instead of lines.")
    private boolean json;

    private final Terminal terminal;
    private final Platform platform;
    private final Clock clock;

    DoctorCommand(Terminal terminal, Platform platform, Clock clock) {
        this.terminal = terminal;
        this.platform = platform;
        this.clock = clock;
    }

    @Override
    public Integer call() {
        List<Finding> findings =
                new Doctor(platform, clock).examine(options.load(terminal.environment()));
        boolean well = findings.stream().noneMatch(f -> f.level() == Finding.Level.FAIL);
        if (json) {
            printJson(findings, well);
        } else {
            for (Finding finding : findings) {
                terminal.out()
                        .printf(
                                "%-5s %-14s %s%n",
                                finding.level().word(), finding.check(), finding.text());
            }
        }
        return well ? ExitCodes.OK : ExitCodes.FAULT;
    }

    private void printJson(List<Finding> findings, boolean well) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("ok", well);
        answer.put(
                "findings",
                findings.stream()
                        .map(finding ->
                                Map.of(
                                        "check", finding.check(),
                                        "level", finding.level().word(),
                                        "text", finding.text()))
                        .toList());
        terminal.out().println(JsonMapper.shared().writeValueAsString(answer));
    }
}
