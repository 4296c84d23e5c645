package drawbridge.server.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import drawbridge.server.storage.DataScope.Why;
import drawbridge.server.support.DatabaseContract;
import drawbridge.server.support.TestDatabase;

import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

@DatabaseContract
class WritesTest {
    private static final DataScope SERVER = DataScope.server(Why.UPKEEP);

    @TempDir private Path folder;
    private Database database;

    @BeforeEach
    void open() {
        database = TestDatabase.open(folder);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static int put(Handle handle, int bucket, long paidUntil) {
        return handle.createUpdate(
                        "INSERT INTO limit_bucket (bucket, paid_until) VALUES (:bucket, :paid)")
                .bind("bucket", new byte[] {(byte) bucket})
                .bind("paid", paidUntil)
                .execute();
    }

    private List<Long> rows() {
        return database.read(
                SERVER,
                "looking",
                handle ->
                        handle.createQuery("SELECT paid_until FROM limit_bucket ORDER BY bucket")
                                .mapTo(Long.class)
                                .list());
    }

    private static int failHalfWay(Handle handle) {
        put(handle, 7, 700);
        return put(handle, 7, 701); // there is one already
    }

    @Test
    void pieceThatFailsAloneLeavesNothingAndTheNextOneIsDone() {
        assertThatThrownBy(() -> database.write(SERVER, "failing", WritesTest::failHalfWay))
                .isInstanceOf(StoreUnavailableException.class);
        assertThatThrownBy(() ->
                        database.write(
                                SERVER,
                                "failing",
                                handle -> {
                                    put(handle, 8, 800);
                                    throw new IllegalArgumentException("ours");
                                }))
                .isInstanceOf(IllegalArgumentException.class);

        int next = database.write(SERVER, "next", handle -> put(handle, 1, 100));
        assertThat(next).isOne();
        assertThat(rows()).containsExactly(100L);
    }

    @Test
    void pieceThatFailsBesideOthersTakesNobodyWithIt() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> first =
                    threads.submit(() ->
                            database.write(
                                    SERVER,
                                    "holding the writer",
                                    handle -> put(handle, 0, 1),
                                    committed -> {
                                        begun.countDown();
                                        awaitQuietly(goOn);
                                    }));
            begun.await();
            List<Future<Integer>> beside = new ArrayList<>();
            for (int i = 1; i <= 5; i++) {
                int bucket = i;
                beside.add(
                        threads.submit(() ->
                                database.write(
                                        SERVER, "putting", handle -> put(handle, bucket, bucket))));
            }
            Future<Integer> failing =
                    threads.submit(
                            () -> database.write(SERVER, "failing", WritesTest::failHalfWay));
            while (database.writesWaiting() < 6) {
                Thread.onSpinWait();
            }
            goOn.countDown();

            assertThat(first.get()).isOne();
            for (Future<Integer> each : beside) {
                assertThat(each.get()).isOne();
            }
            assertThatThrownBy(failing::get).hasRootCauseInstanceOf(java.sql.SQLException.class);
        }
        assertThat(rows()).containsExactly(1L, 1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void piecesThatMayWaitAreDoneWithOneThatMayNotAmongThem() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> all = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                int bucket = i;
                all.add(
                        threads.submit(() ->
                                bucket % 10 == 0
                                        ? database.write(
                                                SERVER, "urgent", handle -> put(handle, bucket, 1))
                                        : database.writeTogether(
                                                SERVER,
                                                "patient",
                                                handle -> put(handle, bucket, 1))));
            }
            for (Future<Integer> each : all) {
                assertThat(each.get()).isOne();
            }
        }
        for (int i = 100; i < 110; i++) { // one after the other, with nobody to wait for
            int bucket = i;
            int rows = database.writeTogether(SERVER, "patient", handle -> put(handle, bucket, 1));
            assertThat(rows).isOne();
        }
        assertThat(rows()).hasSize(110);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
