package drawbridge.server.storage;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Tries the walls between tenants: on each table that holds rows of tenants, each of the four
 * commands as somebody would write it who forgot about tenants. None of it can change a row, also
 * where no wall stands: the statements concern no row, run where nothing may be written, or are
 * taken back.
 */
public final class WallTrial {
    /** {@code insufficient_privilege}; of a row that a policy forbids, too. */
    private static final String REFUSED = "42501";

    private static final Set<String> COMMANDS = Set.of("SELECT", "INSERT", "UPDATE", "DELETE");

    /** Nobody's: a tenant id begins with a letter or a digit. */
    private static final String NOBODY = "-nobody";

    private WallTrial() {}

    /**
     * How the walls stood.
     *
     * @param tables how many hold rows of tenants
     * @param tried how many statements were tried
     * @param faults what got through, or is missing, as sentences; empty when nothing is
     * @param powerful what the login of a server that only serves should not be able to do, as a
     *     sentence; empty when there is nothing
     */
    public record Outcome(int tables, int tried, List<String> faults, Optional<String> powerful) {
        public Outcome {
            faults = List.copyOf(faults);
        }
    }

    /** The guard before every statement of this server, whichever database it is. */
    static Outcome ofGuard(Handle guarded) {
        List<String> faults = new ArrayList<>();
        Map<String, String> tables = tables(guarded);
        int tried = 0;
        for (Map.Entry<String, String> table : tables.entrySet()) {
            for (String command : COMMANDS) {
                tried++;
                if (!isRefused(guarded, careless(command, table.getKey(), table.getValue()))) {
                    faults.add(
                            "%s of the table %s concerns every tenant and was not refused"
                                    .formatted(command, table.getKey()));
                }
            }
        }
        return new Outcome(
                tables.size(), tried, faults.stream().sorted().toList(), Optional.empty());
    }

    private static boolean isRefused(Handle guarded, String sql) {
        try {
            if (sql.startsWith("SELECT")) {
                guarded.createQuery(sql).mapTo(int.class).list();
            } else {
                guarded.createUpdate(sql).execute();
            }
            return false;
        } catch (UnscopedSqlException e) {
            return true;
        } catch (JdbiException e) {
            return false; // the database itself said no, for another reason
        }
    }

    private static String careless(String command, String table, String key) {
        return switch (command) {
            case "SELECT" -> "SELECT 1 FROM " + table + " WHERE 1 = 0";
            case "INSERT" ->
                    "INSERT INTO %s (%s) SELECT %s FROM %s WHERE 1 = 0"
                            .formatted(table, key, key, table);
            case "UPDATE" -> "UPDATE %s SET %s = %s WHERE 1 = 0".formatted(table, key, key);
            default -> "DELETE FROM " + table + " WHERE 1 = 0";
        };
    }

    /** Row-level security, past the guard: as nobody's tenant, and taken back at once. */
    static Outcome ofPostgres(Jdbi bare) {
        return bare.withHandle(handle -> {
            List<String> faults = new ArrayList<>();
            PostgresWalls.findFault(handle, true).ifPresent(faults::add);
            Optional<String> powerful = PostgresWalls.findPower(handle);
            Map<String, String> tables = tables(handle);
            handle.begin();
            try {
                handle.createQuery(
                                "SELECT set_config('role', 'drawbridge_serve', true),"
                                        + " set_config('"
                                        + PostgresWalls.TENANT
                                        + "', :tenant, true)")
                        .bind("tenant", NOBODY)
                        .map((row, context) -> row.getString(1))
                        .one();
                tables.forEach((table, key) -> tryTable(handle, table, key, faults));
            } finally {
                handle.rollback();
            }
            return new Outcome(tables.size(), tables.size() * COMMANDS.size(), faults, powerful);
        });
    }

    private static void tryTable(Handle handle, String table, String key, List<String> faults) {
        Map<String, String> statements = new LinkedHashMap<>();
        // A row of nobody is the server's, and meant for every tenant: what ends everything.
        statements.put(
                "SELECT", "SELECT 1 FROM %s WHERE %s IS NOT NULL LIMIT 1".formatted(table, key));
        statements.put("INSERT", "INSERT INTO %s (%s) VALUES ('default')".formatted(table, key));
        statements.put("UPDATE", "UPDATE %s SET %s = %s".formatted(table, key, key));
        statements.put("DELETE", "DELETE FROM " + table);
        statements.forEach((command, sql) -> {
            handle.savepoint("trial");
            boolean reaches;
            try {
                reaches =
                        command.equals("SELECT")
                                ? !handle.createQuery(sql).mapTo(int.class).list().isEmpty()
                                : handle.createUpdate(sql).execute() > 0;
            } catch (JdbiException e) {
                reaches = !isRefusal(e) && isAnswer(e);
            }
            handle.rollbackToSavepoint("trial");
            if (reaches) {
                faults.add(
                        "%s of the table %s reaches rows of a tenant that it is not for"
                                .formatted(command, table));
            }
        });
    }

    /**
     * Whether there is no right, or a policy forbids it. Policies are asked before what is lacking
     * in a row is noticed, so that any other failure means that none was in the way.
     */
    private static boolean isRefusal(JdbiException e) {
        return e.getCause() instanceof SQLException sql && REFUSED.equals(sql.getSQLState());
    }

    /** Whether the statement itself failed, and not that it was broken off or waited in vain. */
    private static boolean isAnswer(JdbiException e) {
        if (e.getCause() instanceof SQLException sql
                && sql.getSQLState() != null
                && (sql.getSQLState().startsWith("22") || sql.getSQLState().startsWith("23"))) {
            return true;
        }
        throw e; // nothing is known of that wall
    }

    /** The tables that hold rows of tenants now, and the column that says whose. */
    private static Map<String, String> tables(Handle handle) {
        Map<String, String> tables = new LinkedHashMap<>();
        tables.put("tenant", "id");
        Dialect.of(handle)
                .tablesWith(handle, "tenant_id")
                .forEach(table -> tables.put(table, "tenant_id"));
        return tables;
    }
}
