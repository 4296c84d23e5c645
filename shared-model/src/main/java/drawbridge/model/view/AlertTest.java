package drawbridge.model.view;

/**
 * How a test message fared on one way.
 *
 * @param channel {@code webhook} or {@code mail}
 * @param to where to, without anything secret
 * @param taken whether it was taken
 * @param why why it was not; empty when it was
 * @param tookMillis how long the attempt took
 */
public record AlertTest(String channel, String to, boolean taken, String why, long tookMillis) {}
