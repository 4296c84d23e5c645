package drawbridge.model.view;

/**
 * How far a verification of the audit has come.
 *
 * @param rows how many rows were looked at
 * @param of how many there are
 */
public record AuditProgress(long rows, long of) {}
