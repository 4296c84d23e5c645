package drawbridge.model.view;

/**
 * How the database is used.
 *
 * @param kind {@code sqlite} or {@code postgresql}
 * @param schema the version of its schema
 * @param open connections that read
 * @param busy how many of them are reading
 * @param most how many there may be
 * @param waiting how many callers wait for one
 * @param writesWaiting pieces of writing that wait for the writer
 */
public record DatabaseCondition(
        String kind, String schema, int open, int busy, int most, int waiting, int writesWaiting) {}
