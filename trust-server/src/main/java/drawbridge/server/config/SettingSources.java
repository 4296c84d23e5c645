package drawbridge.server.config;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Gathers what was written where: the settings file first, the environment over it, the command
 * line over both. Finds everything nobody knows. One thread, one load.
 */
final class SettingSources {
    private static final String FILE_SUFFIX = "_FILE";
    private static final String KEY_FILE_SUFFIX = ".file";

    /** Variables of that prefix that the launchers in {@code bin/} read and set. */
    private static final Set<String> LAUNCHERS = Set.of("DRAWBRIDGE_JAVA_OPTS", "DRAWBRIDGE_HOME");

    private final List<String> problems;
    private final Map<Setting, Given> found = new EnumMap<>(Setting.class);

    SettingSources(List<String> problems) {
        this.problems = problems;
    }

    /** What counts for the setting; empty when nobody wrote it. */
    Optional<Given> given(Setting setting) {
        return Optional.ofNullable(found.get(setting));
    }

    /** Reads lines {@code key = value}; {@code #} begins a comment line; there are no escapes. */
    void readFile(Path file) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (MalformedInputException e) {
            problems.add("%s: is not UTF-8 text".formatted(file));
            return;
        } catch (IOException e) {
            problems.add("%s: cannot be read: %s".formatted(file, Reason.of(e)));
            return;
        }
        Map<String, Integer> seen = new HashMap<>();
        Map<Setting, Given> read = new EnumMap<>(Setting.class);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                readLine(file, i + 1, line, seen, read);
            }
        }
        found.putAll(read);
    }

    private void readLine(
            Path file,
            int number,
            String line,
            Map<String, Integer> seen,
            Map<Setting, Given> read) {
        String place = file.getFileName() + " line " + number;
        int equals = line.indexOf('=');
        if (equals < 0) {
            problems.add(place + ": has no \"=\"; write key = value");
            return;
        }
        String key = line.substring(0, equals).strip();
        String text = line.substring(equals + 1).strip();
        Integer earlier = seen.putIfAbsent(key, number);
        if (earlier != null) {
            problems.add("%s: is given twice, in lines %d and %d".formatted(key, earlier, number));
            return;
        }
        Optional<Setting> plain = Setting.ofKey(key);
        if (plain.isPresent()) {
            put(read, plain.get(), text, "file", place);
            return;
        }
        Optional<Setting> secret =
                key.endsWith(KEY_FILE_SUFFIX)
                        ? Setting.ofKey(key.substring(0, key.length() - KEY_FILE_SUFFIX.length()))
                                .filter(Setting::isSecret)
                        : Optional.empty();
        if (secret.isEmpty()) {
            problems.add(unknown(key, "setting", knownKeys()) + " (" + place + ")");
        } else if (!text.isEmpty()) {
            Path beside = file.toAbsolutePath().resolveSibling(text);
            readSecretFile(secret.get(), beside, "file", place)
                    .ifPresent(given -> putOnce(read, secret.get(), given));
        }
    }

    private void putOnce(Map<Setting, Given> read, Setting setting, Given given) {
        if (read.putIfAbsent(setting, given) != null) {
            problems.add(
                    "%s: is given directly and by %s%s; give one of both"
                            .formatted(setting.key(), setting.key(), KEY_FILE_SUFFIX));
        }
    }

    private void put(
            Map<Setting, Given> read, Setting setting, String text, String source, String place) {
        if (!text.isEmpty()) {
            putOnce(read, setting, new Given(text, source, place));
        }
    }

    /** Takes every variable that is a setting's; an empty one counts as not set. */
    void readEnvironment(Map<String, String> environment) {
        for (Setting setting : Setting.values()) {
            Map<String, Given> byVariable = new TreeMap<>();
            for (String variable : setting.variables()) {
                fromVariable(setting, variable, environment)
                        .ifPresent(given -> byVariable.put(variable, given));
            }
            long different = byVariable.values().stream().map(Given::text).distinct().count();
            if (different > 1) {
                problems.add(
                        "%s: %s are both set, and differ; keep one of them"
                                .formatted(
                                        setting.key(), String.join(" and ", byVariable.keySet())));
            }
            byVariable.values().stream().findFirst().ifPresent(given -> found.put(setting, given));
        }
        List<String> known = knownVariables();
        for (String variable : new TreeMap<>(environment).keySet()) {
            if (variable.startsWith("DRAWBRIDGE_")
                    && !known.contains(variable)
                    && !LAUNCHERS.contains(variable)) {
                problems.add(unknown(variable, "variable", known));
            }
        }
    }

    private Optional<Given> fromVariable(
            Setting setting, String variable, Map<String, String> environment) {
        String direct = environment.getOrDefault(variable, "").strip();
        String named =
                setting.isSecret()
                        ? environment.getOrDefault(variable + FILE_SUFFIX, "").strip()
                        : "";
        if (!direct.isEmpty() && !named.isEmpty()) {
            problems.add(
                    "%s: %s and %s%s are both set; keep one of them"
                            .formatted(setting.key(), variable, variable, FILE_SUFFIX));
        }
        if (!direct.isEmpty()) {
            return Optional.of(new Given(direct, "environment", variable));
        }
        return named.isEmpty()
                ? Optional.empty()
                : readSecretFile(setting, Path.of(named), "environment", variable + FILE_SUFFIX);
    }

    private Optional<Given> readSecretFile(
            Setting setting, Path file, String source, String place) {
        byte[] content;
        try {
            content = SecretFile.read(file);
        } catch (IOException e) {
            problems.add(
                    "%s: the file %s cannot be read: %s (from %s)"
                            .formatted(setting.key(), file, Reason.of(e), place));
            return Optional.empty();
        }
        String text = new String(content, StandardCharsets.UTF_8).strip();
        Arrays.fill(content, (byte) 0);
        if (text.isEmpty()) {
            problems.add(
                    "%s: the file %s is empty (from %s)".formatted(setting.key(), file, place));
            return Optional.empty();
        }
        return Optional.of(new Given(text, source, place));
    }

    /** What the command line says wins over everything. */
    void readCommandLine(Map<Setting, String> options) {
        options.forEach((setting, text) ->
                found.put(setting, new Given(text, "command line", "the command line")));
    }

    private static List<String> knownKeys() {
        List<String> keys = new ArrayList<>();
        for (Setting setting : Setting.values()) {
            keys.add(setting.key());
            if (setting.isSecret()) {
                keys.add(setting.key() + KEY_FILE_SUFFIX);
            }
        }
        return keys;
    }

    private static List<String> knownVariables() {
        List<String> variables = new ArrayList<>();
        for (Setting setting : Setting.values()) {
            for (String variable : setting.variables()) {
                variables.add(variable);
                if (setting.isSecret()) {
                    variables.add(variable + FILE_SUFFIX);
                }
            }
        }
        return variables;
    }

    private static String unknown(String name, String what, List<String> known) {
        String nearest = known.getFirst();
        for (String candidate : known) {
            if (distance(name, candidate) < distance(name, nearest)) {
                nearest = candidate;
            }
        }
        return "%s: there is no such %s; the nearest is %s".formatted(name, what, nearest);
    }

    /** How many letters must be inserted, deleted or replaced to make one name the other. */
    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[other.length()];
    }
}
