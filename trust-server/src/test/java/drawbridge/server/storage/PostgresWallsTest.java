package drawbridge.server.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import drawbridge.model.TenantId;
import drawbridge.server.storage.DataScope.Why;
import drawbridge.server.support.TestDatabase;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a PostgreSQL itself keeps apart. Statements run here without any condition on the tenant and
 * past the guard, as if every filter of the program had been forgotten.
 */
class PostgresWallsTest {
    private static final DataScope OURS = DataScope.of(new TenantId("ours"));
    private static final DataScope SERVER = DataScope.server(Why.OPERATOR);

    private static final Database.Pool POOL = new Database.Pool(2, Duration.ofSeconds(20));

    @TempDir Path folder;
    private String url;
    private Jdbi jdbi;

    @BeforeEach
    void open() {
        url = TestDatabase.postgresFor(folder);
        jdbi = Jdbi.create(TestDatabase.parsed(url).source(30));
    }

    private static final String TABLES =
            """
            SELECT table_name || '.' || column_name FROM information_schema.columns
            WHERE table_schema = current_schema()
              AND column_name = CASE WHEN table_name = 'tenant' THEN 'id' ELSE 'tenant_id' END
            ORDER BY 1
            """;

    /** References, checks and grants are taken away, so that only the policies stand. */
    private List<String> openAllButThePolicies() {
        return jdbi.withHandle(handle -> {
            handle.createQuery(
                            """
                            SELECT format('ALTER TABLE %s DROP CONSTRAINT %I CASCADE', conrelid::regclass, conname)
                            FROM pg_constraint WHERE contype IN ('c', 'f')
                              AND connamespace = current_schema()::regnamespace
                            """)
                    .mapTo(String.class)
                    .list()
                    .forEach(handle::execute);
            handle.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO drawbridge_serve");
            return handle.createQuery(TABLES).mapTo(String.class).list();
        });
    }

    private static String insert(Handle handle, String table, String tenant, int number) {
        List<String> columns = new ArrayList<>();
        List<String> values = new ArrayList<>();
        handle.createQuery(
                        "SELECT column_name, data_type FROM information_schema.columns"
                                + " WHERE table_name = :table AND table_schema = current_schema()")
                .bind("table", table)
                .map((row, context) -> List.of(row.getString(1), row.getString(2)))
                .forEach(column -> {
                    boolean isKey =
                            column.get(0).equals(table.equals("tenant") ? "id" : "tenant_id");
                    columns.add(column.get(0));
                    values.add(
                            isKey
                                    ? "'" + tenant + "'"
                                    : switch (column.get(1)) {
                                        case "bigint" -> String.valueOf(number);
                                        case "bytea" -> "'\\x0" + number + "'";
                                        default -> "'" + tenant + number + "'";
                                    });
                });
        return "INSERT INTO %s (%s) VALUES (%s)"
                .formatted(table, String.join(", ", columns), String.join(", ", values));
    }

    private long count(DataScope scope, String sql) {
        return jdbi.<Long, RuntimeException>inTransaction(handle -> {
            PostgresWalls.enter(handle, scope, true);
            return count(handle, sql);
        });
    }

    private int run(DataScope scope, String sql) {
        return jdbi.<Integer, RuntimeException>inTransaction(handle -> {
            PostgresWalls.enter(handle, scope, true);
            return handle.execute(sql);
        });
    }

    private String insert(String table, String tenant, int number) {
        return jdbi.withHandle(handle -> insert(handle, table, tenant, number));
    }

    private static long count(Handle handle, String sql) {
        return handle.createQuery(sql).mapTo(long.class).one();
    }

    @TestFactory
    List<DynamicTest> isolatesTenantsInEveryTableForEveryCommand() {
        List<String> tables = openAllButThePolicies();
        assertThat(tables).hasSizeGreaterThan(15).contains("session.tenant_id", "tenant.id");
        return tables.stream()
                .map(each -> {
                    String[] parts = each.split("\\.");
                    return DynamicTest.dynamicTest(parts[0], () -> isolates(parts[0], parts[1]));
                })
                .toList();
    }

    private void isolates(String table, String key) {
        jdbi.useHandle(handle -> {
            handle.execute("DELETE FROM " + table);
            handle.execute(insert(handle, table, "ours", 1));
            handle.execute(insert(handle, table, "theirs", 2));
        });
        String rows = "SELECT count(*) FROM " + table;
        String theirs = rows + " WHERE " + key + " = 'theirs'";

        assertThat(count(OURS, rows)).isEqualTo(1);
        assertThat(count(OURS, theirs)).isZero();
        assertThat(run(OURS, "UPDATE %1$s SET %2$s = %2$s".formatted(table, key))).isEqualTo(1);
        refused("UPDATE %s SET %s = 'theirs'".formatted(table, key));
        refused(insert(table, "theirs", 3));
        assertThat(run(OURS, "DELETE FROM " + table)).isEqualTo(1);
        assertThat(jdbi.<Long, RuntimeException>withHandle(handle -> count(handle, rows)))
                .isEqualTo(1);
        assertThat(jdbi.<Long, RuntimeException>withHandle(handle -> count(handle, theirs)))
                .isEqualTo(1);
    }

    /** What reads for a tenant: first with the grants that it has, then by the policies alone. */
    @TestFactory
    List<DynamicTest> whatReadsSeesItsTenantAndChangesNothing() {
        jdbi.useHandle(handle -> {
            handle.execute("SET session_replication_role = replica"); // references do not count
            for (String each : handle.createQuery(TABLES).mapTo(String.class).list()) {
                String table = each.split("\\.")[0];
                dropChecks(handle, table);
                handle.execute("DELETE FROM " + table);
                handle.execute(insert(handle, table, "ours", 1));
                handle.execute(insert(handle, table, "theirs", 2));
            }
            handle.execute("SET session_replication_role = DEFAULT");
        });
        List<String> tables =
                jdbi.withHandle(handle -> handle.createQuery(TABLES).mapTo(String.class).list());
        assertThat(tables).hasSizeGreaterThan(15).contains("session.tenant_id", "tenant.id");
        return tables.stream()
                .map(each -> {
                    String[] parts = each.split("\\.");
                    return DynamicTest.dynamicTest(parts[0], () -> onlyReads(parts[0], parts[1]));
                })
                .toList();
    }

    private static void dropChecks(Handle handle, String table) {
        handle.createQuery(
                        """
                        SELECT format('ALTER TABLE %s DROP CONSTRAINT %I CASCADE', conrelid::regclass, conname)
                        FROM pg_constraint WHERE contype = 'c' AND conrelid = CAST(:table AS regclass)
                        """)
                .bind("table", table)
                .mapTo(String.class)
                .list()
                .forEach(handle::execute);
    }

    private void onlyReads(String table, String key) {
        String rows = "SELECT count(*) FROM " + table;
        String theirs = rows + " WHERE " + key + " = 'theirs'";
        String insert = insert(table, "ours", 3);
        String update = "UPDATE %1$s SET %2$s = %2$s".formatted(table, key);
        String delete = "DELETE FROM " + table;

        assertThat(read(OURS, rows)).isEqualTo(1);
        assertThat(read(OURS, theirs)).isZero();
        for (String sql : List.of(insert, update, delete, "TRUNCATE " + table)) {
            assertThatThrownBy(() -> change(sql)).hasMessageContaining("permission denied");
        }

        jdbi.useHandle(handle -> handle.execute("GRANT ALL ON " + table + " TO drawbridge_read"));
        assertThat(read(OURS, rows)).isEqualTo(1);
        assertThat(read(OURS, theirs)).isZero();
        assertThatThrownBy(() -> change(insert)).hasMessageContaining("row-level security");
        assertThat(change(update)).isZero();
        assertThat(change(delete)).isZero();
        assertThat(jdbi.<Long, RuntimeException>withHandle(handle -> count(handle, rows)))
                .isEqualTo(2);
    }

    private long read(DataScope scope, String sql) {
        return jdbi.<Long, RuntimeException>inTransaction(handle -> {
            PostgresWalls.enter(handle, scope, false);
            assertThat(handle.createQuery("SELECT current_user").mapTo(String.class).one())
                    .isEqualTo("drawbridge_read");
            return count(handle, sql);
        });
    }

    /** As what only reads. */
    private int change(String sql) {
        return jdbi.<Integer, RuntimeException>inTransaction(handle -> {
            PostgresWalls.enter(handle, OURS, false);
            return handle.execute(sql);
        });
    }

    private void refused(String sql) {
        assertThatThrownBy(() -> run(OURS, sql))
                .isInstanceOf(UnableToExecuteStatementException.class)
                .hasMessageContaining("row-level security");
    }

    @Test
    void showsNothingToATransactionThatSaysNoTenant() {
        openAllButThePolicies();
        jdbi.useHandle(handle -> handle.execute(insert(handle, "user_account", "ours", 1)));

        long seen =
                jdbi.<Long, RuntimeException>inTransaction(handle -> {
                    handle.execute("SET LOCAL ROLE drawbridge_serve");
                    return count(handle, "SELECT count(*) FROM user_account");
                });

        assertThat(seen).isZero();
    }

    @Test
    void carriesNothingOverOnAPooledConnection() {
        jdbi.useHandle(one -> {
            one.useTransaction(handle -> PostgresWalls.enter(handle, OURS, true));

            assertThat(
                            one.createQuery(
                                            "SELECT current_setting('drawbridge.tenant', true)"
                                                    + " || '/' || (current_user = session_user)")
                                    .mapTo(String.class)
                                    .one())
                    .isEqualTo("/true");
        });
    }

    @Test
    void letsNobodyWhoServesChangeTheAudit() {
        for (DataScope scope : List.of(OURS, SERVER, DataScope.server(Why.AUDIT))) {
            for (String sql :
                    List.of(
                            "UPDATE audit SET kind = 'x'",
                            "DELETE FROM audit",
                            "TRUNCATE audit",
                            "ALTER TABLE audit DISABLE ROW LEVEL SECURITY")) {
                assertThatThrownBy(() -> run(scope, sql))
                        .isInstanceOf(UnableToExecuteStatementException.class);
            }
        }
    }

    @Test
    void keepsTheAuditOfATenantThatIsThere() {
        jdbi.useHandle(handle ->
                handle.execute(
                        "INSERT INTO tenant (id, name, state, created_at)"
                                + " VALUES ('theirs', 'x', 'active', 1)"));

        assertThatThrownBy(() -> run(SERVER, "INSERT INTO deleted_tenant VALUES ('theirs', 1)"))
                .hasMessageContaining("the tenant theirs is not deleted");
    }

    // ---- the check at the start ----

    @TestFactory
    List<DynamicTest> refusesToStartWhereAWallIsMissing() {
        return List.of(
                refuses(
                        "ALTER TABLE session NO FORCE ROW LEVEL SECURITY",
                        "the table session holds rows of tenants without forced row-level security"),
                refuses(
                        "ALTER TABLE caller DISABLE ROW LEVEL SECURITY",
                        "the table caller holds rows of tenants without forced row-level security"),
                refuses(
                        "CREATE TABLE forgotten (tenant_id TEXT)",
                        "the table forgotten holds rows of tenants without forced row-level security"),
                refuses(
                        "DROP POLICY tenant_select ON audit",
                        "the table audit has no policy that keeps SELECT to one tenant"),
                refuses(
                        "DROP POLICY tenant_insert ON session",
                        "the table session has no policy that keeps INSERT to one tenant"),
                refuses(
                        "DROP POLICY tenant_update ON session",
                        "the table session has no policy that keeps UPDATE to one tenant"),
                refuses(
                        "DROP POLICY tenant_delete ON session",
                        "the table session has no policy that keeps DELETE to one tenant"),
                refuses(
                        "CREATE POLICY wide ON session FOR SELECT USING (true)",
                        "the policy wide opens the table session to every tenant"),
                refuses(
                        "GRANT DELETE ON audit TO drawbridge_operate",
                        "the role drawbridge_operate may delete rows of the audit"),
                refuses(
                        "CREATE TABLE mine (x INT); ALTER TABLE mine OWNER TO drawbridge_serve",
                        "the role drawbridge_serve owns tables, which a role that serves must not"));
    }

    private DynamicTest refuses(String change, String sentence) {
        return DynamicTest.dynamicTest(
                change,
                () -> {
                    String broken = TestDatabase.postgresFor(folder.resolve(sentence));
                    Jdbi.create(TestDatabase.parsed(broken).source(30))
                            .useHandle(handle -> handle.createScript(change).execute());

                    assertThatThrownBy(
                                    () -> Database.openPostgres(TestDatabase.parsed(broken), POOL))
                            .isInstanceOf(StoreUnavailableException.class)
                            .hasMessageContaining(sentence);
                    assertThat(Database.findWallFault(TestDatabase.parsed(broken), true))
                            .as("what doctor says")
                            .hasValueSatisfying(said -> assertThat(said).contains(sentence));
                });
    }

    @Test
    void partsTheLoginThatMigratesFromTheOneThatServes() {
        jdbi.useHandle(handle -> {
            for (String sql :
                    List.of(
                            "CREATE DATABASE two_logins TEMPLATE template0",
                            "CREATE ROLE migrates LOGIN",
                            "GRANT drawbridge_owner, drawbridge_serve, drawbridge_read,"
                                    + " drawbridge_operate, drawbridge_audit TO migrates",
                            "CREATE ROLE serves LOGIN",
                            "GRANT drawbridge_serve, drawbridge_read, drawbridge_operate,"
                                    + " drawbridge_audit TO serves")) {
                handle.execute(sql);
            }
        });
        PostgresUrl administrator = login("postgres");
        Jdbi.create(administrator.source(30))
                .useHandle(handle ->
                        handle.execute(
                                "GRANT USAGE, CREATE ON SCHEMA public TO drawbridge_owner"
                                        + " WITH GRANT OPTION"));

        try (Database database =
                Database.openPostgres(login("serves"), Optional.of(login("migrates")), POOL)) {
            ServerState.prepare(database, Instant.EPOCH);
            assertThat(ServerState.isSealed(database)).isFalse();
        }

        assertThatThrownBy(() ->
                        Database.openPostgres(administrator, Optional.of(login("migrates")), POOL))
                .hasMessageContaining("the login postgres is a superuser");
        assertThatThrownBy(() ->
                        Database.openPostgres(
                                login("migrates"), Optional.of(login("migrates")), POOL))
                .hasMessageContaining("the login migrates may act as drawbridge_owner");
    }

    private PostgresUrl login(String name) {
        return TestDatabase.parsed(
                url.replace("postgres@", name + "@").replaceAll("/[^/]*$", "/two_logins"));
    }

    @Test
    void namesEveryPolicyByWhatItKeeps() {
        String names =
                jdbi.withHandle(handle ->
                        handle
                                .createQuery(
                                        "SELECT DISTINCT polname FROM pg_policy ORDER BY polname")
                                .mapTo(String.class)
                                .stream()
                                .collect(Collectors.joining(" ")));

        assertThat(names)
                .isEqualTo(
                        "audit_append audit_look server_all tenant_delete tenant_insert"
                                + " tenant_select tenant_update");
    }
}
