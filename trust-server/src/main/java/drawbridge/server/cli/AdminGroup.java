package drawbridge.server.cli;

import drawbridge.server.Platform;
import drawbridge.server.config.Reason;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Function;

/** Commands that belong together and ask the admin API. Without one of them: the list of them. */
@Command(
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.Provider.class,
        synopsisSubcommandLabel = "COMMAND")
abstract class AdminGroup implements Callable<Integer> {
    /** How a list is cut into pages. */
    static final class Paging {
        @Option(names = "--limit", paramLabel = "N", description = "At most so many.")
        private @Nullable Integer limit;

        @Option(names = "--after", paramLabel = "CURSOR", description = "The next page.")
        private @Nullable String after;

        void into(Map<String, String> query) {
            if (limit != null) {
                query.put("limit", limit.toString());
            }
            if (after != null) {
                query.put("after", after);
            }
        }
    }

    /** Where a secret goes that is told only once. */
    static final class Delivery {
        @Option(
                names = "--secret-to",
                paramLabel = "FILE",
                description = "Writes the secret to a new file that only you may read.")
        private @Nullable Path file;

        @Option(names = "--show-secret", description = "Prints the secret.")
        private boolean show;

        /** Before anything is made: a secret that nobody gets would be lost. */
        void require() {
            if (file == null && !show) {
                throw new CommandFailure(
                        ExitCodes.USAGE,
                        "the secret is told only once; say where to: --secret-to FILE or --show-secret");
            }
            if (file != null && Files.exists(file)) {
                throw new CommandFailure(
                        ExitCodes.USAGE, file + " is there already; give another file");
            }
        }

        /**
         * Takes the secret out of the answer, unless it is to be printed.
         *
         * @param field where it stands
         * @param alsoIn where it stands once more, as part of something
         */
        JsonNode deliver(JsonNode answer, Platform platform, String field, String... alsoIn) {
            if (!(answer instanceof ObjectNode object) || !object.path(field).isString()) {
                return answer;
            }
            if (file != null) {
                byte[] line =
                        (object.path(field).asString() + "\n").getBytes(StandardCharsets.UTF_8);
                try {
                    platform.writePrivately(file, line);
                } catch (IOException e) {
                    throw new CommandFailure(
                            ExitCodes.FAULT,
                            "the secret was made, but %s cannot be written: %s; make another one"
                                    .formatted(file, Reason.of(e)),
                            e);
                }
                object.put(field + "File", file.toString());
            }
            if (!show) {
                object.remove(field);
                object.remove(List.of(alsoIn));
            }
            return object;
        }
    }

    @Spec private @Nullable CommandSpec spec;

    final Terminal terminal;

    AdminGroup(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Objects.requireNonNull(spec).commandLine().usage(terminal.err(), Ansi.AUTO);
        return ExitCodes.USAGE;
    }

    /** Asks and prints the answer. */
    final int show(AdminOptions at, Function<AdminClient, JsonNode> ask, String... columns) {
        try (AdminClient client = AdminClient.open(at, terminal)) {
            Rendering.print(terminal, at.json(), ask.apply(client), columns);
            return ExitCodes.OK;
        }
    }

    /** Names and values, in turn; those that are null are left out. */
    static Map<String, String> query(@Nullable String... namesAndValues) {
        Map<String, String> query = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            String value = namesAndValues[i + 1];
            if (value != null) {
                query.put(Objects.requireNonNull(namesAndValues[i]), value);
            }
        }
        return query;
    }

    /** The same as a JSON object. */
    static ObjectNode body(@Nullable String... namesAndValues) {
        ObjectNode body = JsonMapper.shared().createObjectNode();
        query(namesAndValues).forEach(body::put);
        return body;
    }

    static String segment(String text) {
        return AdminClient.segment(text);
    }
}
