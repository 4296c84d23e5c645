package drawbridge.console.model;

/**
 * The proof of one revocation.
 *
 * @param nodes how many nodes refuse the session; the server answers only when that is all of them
 * @param tookMicros from the request until the last of them refused, in microseconds
 */
public record Ending(int nodes, long tookMicros) {}
