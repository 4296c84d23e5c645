package drawbridge.model.view;

/**
 * One setting in effect.
 *
 * @param key as the configuration file spells it, such as {@code session.idle}
 * @param variable the environment variable that sets it
 * @param value its value with its unit; {@code ••••••} for a secret that is set, empty when not set
 * @param source {@code default}, {@code file}, {@code environment} or {@code command line}
 * @param secret whether the value is masked
 * @param about one line: what it does, what breaks if it is wrong
 */
public record ConfigEntry(
        String key, String variable, String value, String source, boolean secret, String about) {}
