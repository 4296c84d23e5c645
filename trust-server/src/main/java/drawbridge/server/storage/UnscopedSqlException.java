package drawbridge.server.storage;

/**
 * A statement that could have concerned a tenant other than the one it was done for; a bug of ours,
 * and it was not executed.
 */
public final class UnscopedSqlException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    UnscopedSqlException(String what, String why, String sql) {
        super("refused, for " + what + " " + why + ": " + sql.strip());
    }
}
