package drawbridge.model.view;

/**
 * How one tier served sessions since the server started. What a tier has not is 0.
 *
 * @param name {@code memory}, {@code redis} or {@code database}
 * @param state {@code up} or {@code down}
 * @param hits how often it had a session that could be used; of memory also ids it knew nobody has
 * @param misses how often it had none
 * @param p50Nanos median time of being asked; 0 while it was not
 * @param p99Nanos the same, 99th percentile
 * @param maxNanos the same, slowest
 * @param size sessions it holds, as far as it can say
 * @param capacity sessions it holds at most
 * @param evictions sessions it pushed out to make room, or because they grew old
 * @param forged values met that no server of this database had made for that session
 * @param overtaken copies met that a revocation, or the database itself, had overtaken
 * @param failures questions that were not answered, or not in time
 * @param writesDropped writes that were not done
 */
public record TierView(
        String name,
        String state,
        long hits,
        long misses,
        long p50Nanos,
        long p99Nanos,
        long maxNanos,
        long size,
        long capacity,
        long evictions,
        long forged,
        long overtaken,
        long failures,
        long writesDropped) {}
