package drawbridge.server.bridge;

import java.util.Locale;
import java.util.Optional;

/** What a caller's kit means by the mode ADVANCED, besides the address. */
public enum AdvancedMeans {
    /** The device, as the standard has it. */
    DEVICE,
    /** The user agent, as some kits have it; weaker, so it is shown wherever it is on. */
    AGENT;

    /** The name in the database and in JSON, in lower case. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The meaning of that name; empty when there is none. */
    public static Optional<AdvancedMeans> parse(String word) {
        for (AdvancedMeans meaning : values()) {
            if (meaning.wireName().equals(word)) {
                return Optional.of(meaning);
            }
        }
        return Optional.empty();
    }
}
