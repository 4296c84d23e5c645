package drawbridge.server.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import drawbridge.model.TenantId;
import drawbridge.server.storage.DataScope.Why;

import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;

class TenantGuardTest {
    private static final DataScope OURS = DataScope.of(TenantId.DEFAULT);
    private static final DataScope THEIRS = DataScope.of(new TenantId("other"));

    @TempDir Path folder;
    private Database database;

    @BeforeEach
    void open() {
        database = Database.openSqlite(folder.resolve("drawbridge.db"));
        ServerState.prepare(database, Instant.EPOCH);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static Function<Handle, Long> users(String condition, String tenant) {
        return handle -> {
            var query = handle.createQuery("SELECT count(*) FROM user_account" + condition);
            return (condition.contains(":tenant") ? query.bind("tenant", tenant) : query)
                    .mapTo(Long.class)
                    .one();
        };
    }

    @Test
    void readsAndWritesWhatIsHeldToTheTenantItIsDoneFor() {
        assertThat(database.read(OURS, "t", users(" WHERE tenant_id = :tenant", "default")))
                .isZero();
        assertThat(database.write(OURS, "t", TenantGuardTest::rename)).isOne();
    }

    private static int rename(Handle handle) {
        return handle.createUpdate("UPDATE tenant SET name = 'x' WHERE id = :tenant")
                .bind("tenant", "default")
                .execute();
    }

    @Test
    void refusesAStatementThatHoldsNoTenantAndSaysWhichTable() {
        assertThatThrownBy(() -> database.read(OURS, "t", users("", "default")))
                .isInstanceOf(UnscopedSqlException.class)
                .hasMessage(
                        "refused, for user_account is not held to a tenant: SELECT count(*) FROM"
                                + " user_account");
    }

    @Test
    void refusesAnotherTenantThanTheOneItIsDoneFor() {
        assertThatThrownBy(() ->
                        database.read(THEIRS, "t", users(" WHERE tenant_id = :tenant", "default")))
                .isInstanceOf(UnscopedSqlException.class)
                .hasMessageContaining(":tenant is not the tenant this is done for");
        assertThatThrownBy(() -> database.write(THEIRS, "t", TenantGuardTest::rename))
                .isInstanceOf(UnscopedSqlException.class);
    }

    @Test
    void refusesATenantThatIsNotBoundAsText() {
        assertThatThrownBy(() ->
                        database.read(
                                OURS,
                                "t",
                                handle ->
                                        handle.createQuery(
                                                        "SELECT 1 FROM tenant WHERE id = :tenant")
                                                .bind("tenant", 7)
                                                .mapTo(int.class)
                                                .findOne()))
                .isInstanceOf(UnscopedSqlException.class);
    }

    @Test
    void refusesABatchForItsTenantsCannotBeSeen() {
        assertThatThrownBy(() ->
                        database.write(
                                OURS,
                                "t",
                                handle ->
                                        handle.prepareBatch(
                                                        "UPDATE tenant SET name = 'x' WHERE id = :tenant")
                                                .bind("tenant", "default")
                                                .add()
                                                .execute()))
                .isInstanceOf(UnscopedSqlException.class);
    }

    @Test
    void refusesNothingOfWhatIsDoneForTheServer() {
        assertThat(database.read(DataScope.server(Why.OPERATOR), "t", users("", ""))).isZero();
    }

    @Test
    void forgetsWhomAPieceOfWritingWasFor() {
        database.write(DataScope.server(Why.UPKEEP), "t", users("", ""));

        assertThatThrownBy(() -> database.write(OURS, "t", users("", "")))
                .isInstanceOf(UnscopedSqlException.class);
    }

    @Test
    void undoesARefusedPieceOfWritingWhole() {
        assertThatThrownBy(() ->
                        database.write(
                                OURS,
                                "t",
                                handle -> {
                                    rename(handle);
                                    return users("", "").apply(handle);
                                }))
                .isInstanceOf(UnscopedSqlException.class);

        String name =
                database.read(
                        OURS,
                        "t",
                        handle ->
                                handle.createQuery("SELECT name FROM tenant WHERE id = :t")
                                        .bind("t", "default")
                                        .mapTo(String.class)
                                        .one());
        assertThat(name).isEqualTo("Default");
    }

    @Test
    void knowsEveryTableWithATenant() {
        List<String> tables =
                database.read(
                        DataScope.server(Why.SETUP),
                        "t",
                        handle ->
                                handle.createQuery(
                                                """
                                                SELECT DISTINCT m.name FROM sqlite_master m
                                                JOIN pragma_table_info(m.name) c
                                                WHERE c.name = 'tenant_id' AND m.type = 'table'
                                                """)
                                        .mapTo(String.class)
                                        .list());

        assertThat(tables).contains("session", "audit", "user_account");
        for (String table : tables) {
            assertThatThrownBy(() ->
                            database.read(
                                    OURS,
                                    "t",
                                    handle ->
                                            handle.createQuery("SELECT 1 FROM " + table)
                                                    .mapTo(int.class)
                                                    .list()))
                    .isInstanceOf(UnscopedSqlException.class)
                    .hasMessageContaining(table);
        }
    }
}
