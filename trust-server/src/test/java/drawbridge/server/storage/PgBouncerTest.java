package drawbridge.server.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import drawbridge.model.TenantId;
import drawbridge.server.storage.DataScope.Why;
import drawbridge.server.support.PgBouncer;
import drawbridge.server.support.TestDatabase;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Everything through a real PgBouncer in transaction mode, whose connections everybody shares. */
class PgBouncerTest {
    private static final int TENANTS = 4;
    private static final int ROUNDS = 100;

    @TempDir Path folder;

    @Test
    void keepsTenantsApartOnConnectionsThatEverybodyShares() throws Exception {
        Optional<Path> program = PgBouncer.program();
        assumeTrue(
                program.isPresent(),
                "NOT TESTED: no pgbouncer on this system; install the package pgbouncer, or name the program by -Ddrawbridge.test.pgbouncer=FILE");
        String direct = TestDatabase.postgresFor(folder.resolve("data"));
        URI at = URI.create(direct);
        try (PgBouncer bouncer = PgBouncer.start(program.get(), folder, at.getPort(), 2)) {
            String through =
                    "postgresql://postgres@127.0.0.1:%d%s".formatted(bouncer.port(), at.getPath());
            try (Database database =
                            Database.openPostgres(
                                    TestDatabase.parsed(through),
                                    new Database.Pool(8, Duration.ofSeconds(4)));
                    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                ServerState.prepare(database, Instant.EPOCH);
                List<Future<?>> all = new ArrayList<>();
                for (int i = 0; i < TENANTS; i++) {
                    TenantId tenant = new TenantId("tenant-" + i);
                    make(database, tenant);
                    all.add(threads.submit(() -> use(database, tenant)));
                    all.add(threads.submit(() -> use(database, tenant)));
                }
                for (Future<?> each : all) {
                    each.get();
                }
            }
            assertThat(leftOver(through)).containsOnly("/true");
        }
    }

    private static void make(Database database, TenantId tenant) {
        database.write(
                DataScope.of(tenant),
                "making a tenant",
                handle ->
                        handle.createUpdate(
                                        "INSERT INTO tenant (id, name, state, created_at)"
                                                + " VALUES (:tenant, 'x', 'active', 1)")
                                .bind("tenant", tenant.value())
                                .execute());
    }

    private static void use(Database database, TenantId tenant) {
        DataScope scope = DataScope.of(tenant);
        DataScope all = DataScope.server(Why.OPERATOR);
        for (int i = 0; i < ROUNDS; i++) {
            String reading = database.read(scope, "reading", PgBouncerTest::whoAmI);
            String writing = database.write(scope, "writing", PgBouncerTest::whoAmI);
            String overAll = database.read(all, "reading", PgBouncerTest::whoAmI);
            assertThat(reading).isEqualTo(tenant.value() + " drawbridge_read");
            assertThat(writing).isEqualTo(tenant.value() + " drawbridge_serve");
            assertThat(overAll).isEqualTo(" drawbridge_operate");
        }
    }

    private static String whoAmI(Handle handle) {
        return handle.createQuery(
                        "SELECT current_setting('drawbridge.tenant', true) || ' ' || current_user")
                .mapTo(String.class)
                .one();
    }

    /** What the shared connections still hold of whoever used them before. */
    private static List<String> leftOver(String through) {
        Jdbi jdbi = Jdbi.create(TestDatabase.parsed(through).source(10));
        List<String> found = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            found.add(
                    jdbi.withHandle(handle ->
                            handle.createQuery(
                                            "SELECT coalesce(current_setting('drawbridge.tenant', true), '')"
                                                    + " || '/' || (current_user = session_user)")
                                    .mapTo(String.class)
                                    .one()));
        }
        return found;
    }
}
