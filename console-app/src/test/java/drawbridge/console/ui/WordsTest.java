package drawbridge.console.ui;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

class WordsTest {
    private static final Path SOURCES = Path.of("src/main");
    private static final Pattern IN_FXML = Pattern.compile("\"%([a-zA-Z.]+)\"");
    private static final Pattern LITERAL = Pattern.compile("\"([a-z]+(?:\\.[a-zA-Z0-9_]+)+)\"");
    private static final Pattern CALL =
            Pattern.compile(
                    "(?:words|words\\(\\))\\s*\\.(get|count|oneOf)\\(\\s*\"([a-zA-Z.]+)\"(\\s*[,)])");

    private final Words words = Words.in(Locale.ENGLISH);
    private final Set<String> keys = new TreeSet<>(words.bundle().keySet());

    private static String text(String ending) throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file : files.filter(each -> each.toString().endsWith(ending)).toList()) {
                all.append(Files.readString(file)).append('\n');
            }
        }
        return all.toString();
    }

    private static Set<String> found(Pattern pattern, String text) {
        Set<String> found = new TreeSet<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }

    @Test
    void everyKeyNamedInAViewHasItsWords() throws IOException {
        assertThat(keys).containsAll(found(IN_FXML, text(".fxml")));
    }

    @Test
    void everyKeyNamedInCodeHasItsWords() throws IOException {
        Matcher calls = CALL.matcher(text(".java"));
        int seen = 0;
        while (calls.find()) {
            String key = calls.group(2);
            switch (calls.group(1)) {
                case "get" -> assertThat(keys).contains(key);
                case "count" -> assertThat(keys).contains(key + ".one", key + ".many");
                default ->
                        assertThat(keys)
                                .as("family %s", key)
                                .anyMatch(each -> each.startsWith(key + "."));
            }
            seen++;
        }
        assertThat(seen).isGreaterThan(100);
    }

    @Test
    void noWordsAreLeftUnused() throws IOException {
        String code = text(".java");
        Set<String> named = new HashSet<>(found(LITERAL, code));
        named.addAll(found(IN_FXML, text(".fxml")));
        Set<String> families = new HashSet<>();
        Matcher calls = CALL.matcher(code);
        while (calls.find()) {
            if (calls.group(1).equals("oneOf")) {
                families.add(calls.group(2) + ".");
            }
        }

        List<String> unused =
                keys.stream()
                        .filter(key -> !named.contains(key))
                        .filter(key -> !named.contains(key.replaceAll("\\.(one|many)$", "")))
                        .filter(key -> families.stream().noneMatch(key::startsWith))
                        .toList();

        assertThat(unused).isEmpty();
    }

    /** A line used without arguments is shown as it stands; with arguments it is a pattern. */
    @Test
    void linesWithArgumentsAreAskedForWithArguments() throws IOException {
        Matcher calls = CALL.matcher(text(".java"));
        while (calls.find()) {
            if (calls.group(1).equals("get")) {
                String line = words.bundle().getString(calls.group(2));
                boolean takesSome =
                        new MessageFormat(line, Locale.ENGLISH).getFormatsByArgumentIndex().length
                                > 0;
                boolean givesSome = calls.group(3).strip().equals(",");
                assertThat(givesSome).as(calls.group(2)).isEqualTo(takesSome);
            }
        }
    }

    @Test
    void codesOfANewerServerAreShownAsTheyAre() {
        assertThat(words.oneOf("reason", "moon_in_wrong_phase")).isEqualTo("moon in wrong phase");
    }
}
