package drawbridge.server.backup;

import drawbridge.server.storage.Dialect;

import org.jdbi.v3.core.Handle;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Which tables go along in an export, and in which order their rows may be put into a database. */
final class PortableTables {
    /** The server's own, made anew by each. */
    private static final Set<String> NEVER = Set.of("flyway_schema_history", "root_key");

    /** What holds neither a secret, nor anything under this server's keys, nor a session. */
    private static final Set<String> IN_A_COPY =
            Set.of(
                    "tenant",
                    "tenant_host",
                    "tenant_origin",
                    "deleted_tenant",
                    "user_account",
                    "caller",
                    "policy_version",
                    "policy_rule");

    private PortableTables() {}

    /** The tables of a copy, or of a move; those that others refer to come first. */
    static List<String> of(Handle handle, boolean move) {
        List<String> chosen = all(handle);
        chosen.removeIf(table -> NEVER.contains(table) || !(move || IN_A_COPY.contains(table)));
        return chosen;
    }

    /**
     * All tables but the migrations' own and that of running servers; those that others refer to
     * come first.
     */
    static List<String> all(Handle handle) {
        Set<String> ordered = new LinkedHashSet<>();
        for (String table : Dialect.of(handle).tables(handle)) {
            visit(handle, table, ordered);
        }
        ordered.remove("flyway_schema_history");
        ordered.remove("node");
        return new ArrayList<>(ordered);
    }

    private static void visit(Handle handle, String table, Set<String> ordered) {
        if (ordered.contains(table)) {
            return;
        }
        for (String other : Dialect.of(handle).referredBy(handle, table)) {
            if (!other.equals(table)) {
                visit(handle, other, ordered);
            }
        }
        ordered.add(table);
    }

    /** The columns of a table. */
    static Set<String> columns(Handle handle, String table) {
        return Dialect.of(handle).columns(handle, table);
    }

    /** The version of the schema. */
    static int schema(Handle handle) {
        return handle.createQuery(
                        "SELECT max(CAST(version AS INTEGER)) FROM flyway_schema_history WHERE"
                                + " success")
                .mapTo(int.class)
                .one();
    }
}
