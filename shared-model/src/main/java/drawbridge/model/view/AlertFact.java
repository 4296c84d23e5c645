package drawbridge.model.view;

/**
 * Something that was seen and led to an alert.
 *
 * @param label what it is, such as {@code within the last minute}
 * @param value as a person reads it; never a secret
 */
public record AlertFact(String label, String value) {}
