package drawbridge.server.config;

import drawbridge.model.Secret;
import drawbridge.model.view.ConfigEntry;
import drawbridge.server.crypto.Paserk;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * Turns what was written into typed values. A value that is wrong is noted as a problem and stands
 * for its default, so that the others are still read. One thread, one load.
 */
final class SettingReader {
    static final String MASK = "••••••";

    private final SettingSources sources;
    private final List<String> problems;
    private final Map<Setting, String> shown = new EnumMap<>(Setting.class);

    SettingReader(SettingSources sources, List<String> problems) {
        this.sources = sources;
        this.problems = problems;
    }

    /** Notes that the value of the setting is wrong; the sentence begins with the value. */
    void problem(Setting setting, String sentence) {
        String place = sources.given(setting).map(Given::place).orElse("the default");
        problems.add("%s: %s (from %s)".formatted(setting.key(), sentence, place));
    }

    /** Whether somebody wrote it. */
    boolean isGiven(Setting setting) {
        return sources.given(setting).isPresent();
    }

    /** What is written, or the default. */
    String text(Setting setting) {
        String text = sources.given(setting).map(Given::text).orElse(setting.defaultText());
        shown.put(setting, text);
        return text;
    }

    /** A value by its name; {@code choices} says what the names are. */
    <T> T oneOf(Setting setting, String choices, Function<String, Optional<T>> parse) {
        String text = text(setting);
        Optional<T> value = parse.apply(text);
        if (value.isEmpty()) {
            problem(setting, "%s is not known; give %s".formatted(text, choices));
        }
        return value.or(() -> parse.apply(setting.defaultText())).orElseThrow();
    }

    /** A whole number within limits. */
    int number(Setting setting, int least, int most) {
        return numberOf(setting, text(setting), setting.defaultText(), least, most);
    }

    /** The same, where {@code auto} stands for a number found out here. */
    int numberOrAuto(Setting setting, int least, int most, int auto) {
        String text = text(setting);
        String number = Integer.toString(auto);
        int value =
                text.equals("auto")
                        ? auto
                        : numberOf(setting, text, number, least, most, " or auto");
        shown.put(setting, Integer.toString(value));
        return value;
    }

    private int numberOf(Setting setting, String text, String fallback, int least, int most) {
        return numberOf(setting, text, fallback, least, most, "");
    }

    private int numberOf(
            Setting setting, String text, String fallback, int least, int most, String also) {
        if (text.matches("[0-9]{1,9}")) {
            int value = Integer.parseInt(text);
            if (value >= least && value <= most) {
                return value;
            }
            problem(
                    setting,
                    value < least
                            ? "%s is too small; give %d or more".formatted(text, least)
                            : "%s is too large; give %d or less".formatted(text, most));
        } else {
            problem(
                    setting,
                    "%s is no whole number; give %d to %d%s".formatted(text, least, most, also));
        }
        return Integer.parseInt(fallback);
    }

    /** A duration within limits. */
    Duration duration(Setting setting, Duration least, Duration most) {
        String text = text(setting);
        Optional<Duration> value = Units.duration(text);
        if (value.isEmpty()) {
            problem(
                    setting,
                    "%s is no duration; give a whole number with ms, s, m, h or d, such as %s"
                            .formatted(text, setting.defaultText()));
        } else if (value.get().compareTo(least) < 0) {
            problem(setting, "%s is too short; give %s or more".formatted(text, Units.text(least)));
        } else if (value.get().compareTo(most) > 0) {
            problem(setting, "%s is too long; give %s or less".formatted(text, Units.text(most)));
        } else {
            shown.put(setting, Units.text(value.get()));
            return value.get();
        }
        return Units.duration(setting.defaultText()).orElseThrow();
    }

    /** A size in bytes within limits. */
    long bytes(Setting setting, long least, long most) {
        String text = text(setting);
        OptionalLong value = Units.bytes(text);
        if (value.isEmpty()) {
            problem(
                    setting,
                    "%s is no size; give a whole number with B, KiB, MiB or GiB, such as %s"
                            .formatted(text, setting.defaultText()));
        } else if (value.getAsLong() < least) {
            problem(setting, "%s is too small; give %s or more".formatted(text, Units.text(least)));
        } else if (value.getAsLong() > most) {
            problem(setting, "%s is too large; give %s or less".formatted(text, Units.text(most)));
        } else {
            shown.put(setting, Units.text(value.getAsLong()));
            return value.getAsLong();
        }
        return Units.bytes(setting.defaultText()).orElseThrow();
    }

    /** A secret that travels in a header: visible ASCII without blanks, of some length. */
    Optional<Secret> headerSecret(Setting setting, int leastCharacters) {
        Optional<Given> given = secretText(setting);
        if (given.isEmpty()) {
            return Optional.empty();
        }
        String text = given.get().text();
        if (text.length() < leastCharacters) {
            problem(
                    setting,
                    "has %d characters; give %d or more, best 32"
                            .formatted(text.length(), leastCharacters));
            return Optional.empty();
        }
        if (!text.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
            problem(
                    setting,
                    "holds a blank or a character beyond ASCII, which no header carries; give letters, digits and signs");
            return Optional.empty();
        }
        return Optional.of(Secret.ofText(text));
    }

    /**
     * A secret that is any text, of which something may be shown.
     *
     * @param show what may be shown of it
     */
    Optional<String> partlyShown(Setting setting, Function<String, String> show) {
        Optional<Given> given = sources.given(setting);
        shown.put(setting, given.map(found -> show.apply(found.text())).orElse(""));
        return given.map(Given::text);
    }

    /** A secret that is any text. */
    Optional<Secret> textSecret(Setting setting) {
        return secretText(setting).map(given -> Secret.ofText(given.text()));
    }

    /** A key of 32 bytes. */
    Optional<Secret> key(Setting setting) {
        Optional<Given> given = secretText(setting);
        if (given.isEmpty()) {
            return Optional.empty();
        }
        Optional<Secret> key = MasterKey.parse(given.get().text());
        if (key.isEmpty()) {
            problem(setting, "is no key; give 32 random bytes in base64url or hex");
        }
        return key;
    }

    /** A secret of any characters, as a password may have. */
    Optional<Secret> secret(Setting setting) {
        return secretText(setting).map(given -> Secret.ofText(given.text()));
    }

    /** A private key of Ed25519, as {@code k4.secret}. */
    Optional<Secret> signingKey(Setting setting) {
        Optional<Given> given = secretText(setting);
        if (given.isEmpty()) {
            return Optional.empty();
        }
        Secret key = Secret.ofText(given.get().text().strip());
        if (Paserk.readSecret(key).isEmpty()) {
            problem(
                    setting,
                    "is no signing key; give k4.secret. and 64 bytes in base64url, seed and public key");
            return Optional.empty();
        }
        return Optional.of(key);
    }

    private Optional<Given> secretText(Setting setting) {
        Optional<Given> given = sources.given(setting);
        shown.put(setting, given.isPresent() ? MASK : "");
        return given;
    }

    /** Every setting as it was read. */
    List<ConfigEntry> entries() {
        List<ConfigEntry> entries = new ArrayList<>();
        for (Setting setting : Setting.values()) {
            String value = shown.get(setting);
            if (value == null) {
                throw new IllegalStateException("no one read the setting " + setting.key());
            }
            entries.add(
                    new ConfigEntry(
                            setting.key(),
                            setting.variable(),
                            value,
                            sources.given(setting).map(Given::source).orElse("default"),
                            setting.isSecret(),
                            setting.about()));
        }
        return entries;
    }
}
