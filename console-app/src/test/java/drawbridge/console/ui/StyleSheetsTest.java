package drawbridge.console.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

class StyleSheetsTest {
    private static final Path RESOURCES = Path.of("src/main/resources/drawbridge/console");
    private static final Pattern LITERAL =
            Pattern.compile(
                    "#[0-9a-fA-F]{3,8}\\b|\\b(?:rgba?|hsba?)\\(|:\\s*(?:white|black|red)\\b");
    private static final Pattern COMMENT = Pattern.compile("(?s)/\\*.*?\\*/");
    private static final Pattern ICON_RULE =
            Pattern.compile("([^{}]+)\\{[^{}]*-fx-icon-size:\\s*(\\d+)px[^{}]*\\}");
    private static final Pattern TOKEN =
            Pattern.compile("(-(?:db|color)-[a-z0-9-]+):\\s*(#[0-9a-fA-F]{6});");

    @Test
    void coloursStandInTheTokensFilesOnly() throws IOException {
        try (Stream<Path> files = Files.walk(RESOURCES)) {
            List<Path> wrong =
                    files.filter(file -> file.toString().matches(".*\\.(css|fxml)"))
                            .filter(file -> !file.getFileName().toString().startsWith("tokens-"))
                            .filter(file -> LITERAL.matcher(read(file)).find())
                            .toList();
            assertThat(wrong).isEmpty();
        }
    }

    @Test
    void viewsHoldNoStyleOfTheirOwn() throws IOException {
        try (Stream<Path> files = Files.walk(RESOURCES)) {
            assertThat(
                            files.filter(file -> file.toString().endsWith(".fxml"))
                                    .filter(file ->
                                            read(file)
                                                    .matches(
                                                            "(?s).*( style=|<script|<fx:script).*"))
                                    .toList())
                    .isEmpty();
        }
    }

    /** An icon's size cannot be said in em. */
    @ParameterizedTest
    @ValueSource(ints = {90, 115, 130, 150, 200})
    void iconsAreAsLargeAsTheText(int percent) {
        Map<String, Integer> scaled = iconSizes("size-" + percent + ".css");
        iconSizes("console.css")
                .forEach((icon, size) ->
                        assertThat(scaled.getOrDefault(icon, 0))
                                .as(icon)
                                .isCloseTo(Math.round(size * percent / 100f), within(1)));
    }

    private static Map<String, Integer> iconSizes(String sheet) {
        Map<String, Integer> sizes = new HashMap<>();
        Matcher rule =
                ICON_RULE.matcher(
                        COMMENT.matcher(read(RESOURCES.resolve("css").resolve(sheet)))
                                .replaceAll(""));
        while (rule.find()) {
            for (String icon : rule.group(1).split(",")) {
                sizes.put(icon.strip(), Integer.parseInt(rule.group(2)));
            }
        }
        return sizes;
    }

    @Test
    void bothThemesNameTheSameRoles() {
        // The dark theme dims AtlantaFX's danger colour, which is too light there for white text.
        assertThat(tokens("light").keySet())
                .containsAll(
                        tokens("dark").keySet().stream()
                                .filter(name -> name.startsWith("-db-"))
                                .toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void textIsReadable(String theme) {
        Map<String, String> tokens = tokens(theme);
        for (String ink : List.of("-db-strong", "-db-quiet", "-color-fg-default")) {
            for (String ground : List.of("-db-canvas", "-db-panel", "-db-raised")) {
                assertThat(contrast(named(tokens, ink), named(tokens, ground)))
                        .as("%s on %s, %s", ink, ground, theme)
                        .isGreaterThanOrEqualTo(4.5);
            }
        }
        assertThat(contrast("#ffffff", named(tokens, "-db-throw-away")))
                .as("the strip of a throw-away window, %s", theme)
                .isGreaterThanOrEqualTo(4.5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void linesOfChartsStandOut(String theme) {
        Map<String, String> tokens = tokens(theme);
        for (String line : List.of("memory", "redis", "database", "none")) {
            assertThat(contrast(named(tokens, "-db-tier-" + line), named(tokens, "-db-panel")))
                    .as("%s, %s", line, theme)
                    .isGreaterThanOrEqualTo(3);
        }
    }

    private static Map<String, String> tokens(String theme) {
        Map<String, String> found = new HashMap<>();
        Matcher matcher = TOKEN.matcher(read(RESOURCES.resolve("css/tokens-" + theme + ".css")));
        while (matcher.find()) {
            found.put(matcher.group(1), matcher.group(2));
        }
        return found;
    }

    private static String named(Map<String, String> tokens, String name) {
        String colour = tokens.get(name);
        if (colour == null) {
            throw new IllegalArgumentException("no token " + name);
        }
        return colour;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalStateException(file.toString(), e);
        }
    }

    /** As WCAG 2.2 defines it: 1 to 21. */
    private static double contrast(String a, String b) {
        double lighter = Math.max(luminance(a), luminance(b));
        double darker = Math.min(luminance(a), luminance(b));
        return (lighter + 0.05) / (darker + 0.05);
    }

    private static double luminance(String colour) {
        int rgb = Integer.parseInt(colour.substring(1), 16);
        return 0.2126 * linear(rgb >> 16 & 255)
                + 0.7152 * linear(rgb >> 8 & 255)
                + 0.0722 * linear(rgb & 255);
    }

    private static double linear(int channel) {
        double share = channel / 255.0;
        return share <= 0.04045 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4);
    }
}
