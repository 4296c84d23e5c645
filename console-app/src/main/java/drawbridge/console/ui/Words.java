package drawbridge.console.ui;

import java.text.MessageFormat;
import java.util.Locale;
import java.util.ResourceBundle;

/**
 * Every word the console shows, by key ({@code screen.thing.part}). Immutable; safe for many
 * threads.
 */
public final class Words {
    private static final String BUNDLE = "drawbridge.console.words.words";

    private final ResourceBundle bundle;
    private final Locale locale;

    private Words(ResourceBundle bundle, Locale locale) {
        this.bundle = bundle;
        this.locale = locale;
    }

    /** The words in that language; English where there is no translation. */
    public static Words in(Locale locale) {
        return new Words(ResourceBundle.getBundle(BUNDLE, locale), locale);
    }

    /** The bundle behind it, for FXML. */
    public ResourceBundle bundle() {
        return bundle;
    }

    /**
     * The words of that key, with the arguments where it names them.
     *
     * @throws java.util.MissingResourceException when there is no such key: a fault of ours
     */
    public String get(String key, Object... arguments) {
        String pattern = bundle.getString(key);
        return arguments.length == 0
                ? pattern
                : new MessageFormat(pattern, locale).format(arguments);
    }

    /**
     * The words for so many: {@code key.one} for one, else {@code key.many}; both get the count.
     */
    public String count(String key, long count) {
        return get(key + (count == 1 ? ".one" : ".many"), count);
    }

    /**
     * The words for a code of the server's, by {@code family.code}. A newer server's codes, which
     * this build has no words for, are shown as they are, with spaces.
     */
    public String oneOf(String family, String code) {
        String key = family + "." + code;
        return bundle.containsKey(key) ? bundle.getString(key) : code.replace('_', ' ');
    }
}
