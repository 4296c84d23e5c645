package drawbridge.server.alert;

import java.time.Instant;

/**
 * A secret and when another one should take its place.
 *
 * @param name names it, such as {@code caller/shop}
 * @param about the same for people, at the beginning of a sentence
 */
public record DueSecret(String name, String about, Instant dueAt) {}
