package drawbridge.server.limit;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.server.storage.Database;
import drawbridge.server.storage.ServerState;
import drawbridge.server.support.DatabaseContract;
import drawbridge.server.support.Given;
import drawbridge.server.support.MutableClock;
import drawbridge.server.support.TestDatabase;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

@DatabaseContract
class DatabaseLimitsTest extends SharedLimitsContract {
    private final MutableClock clock = new MutableClock(Given.OPENED);

    @TempDir private Path folder;
    private Database database;

    @BeforeEach
    void open() {
        database = TestDatabase.open(folder);
        ServerState.prepare(database, clock.instant());
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Override
    SharedLimits node() {
        return new DatabaseLimits(database, clock);
    }

    @Override
    boolean pass(Duration time) {
        clock.advance(time);
        return true;
    }

    @Test
    void clockThatJumpedBackLocksNobodyOut() {
        SharedLimits limits = node();
        byte[] bucket = {1};
        for (int i = 0; i < 10; i++) {
            limits.take(List.of(bucket), 10);
        }

        clock.advance(Duration.ofHours(-1));

        assertThat(limits.take(List.of(bucket), 10)).contains(Duration.ZERO);
    }

    @Test
    void forgetsBucketsThatAreFullAgain() {
        DatabaseLimits limits = new DatabaseLimits(database, clock);
        byte[] bucket = {1};
        for (int i = 0; i < 10; i++) {
            limits.take(List.of(bucket), 10);
        }

        limits.purge();
        assertThat(limits.take(List.of(bucket), 10)).isNotEqualTo(Optional.of(Duration.ZERO));
        clock.advance(Duration.ofSeconds(61));
        limits.purge();

        for (int i = 0; i < 10; i++) {
            assertThat(limits.take(List.of(bucket), 10)).contains(Duration.ZERO);
        }
    }

    @Test
    void nobodyCanSayWhenTheDatabaseIsAway() {
        SharedLimits limits = node();
        database.close();

        assertThat(limits.take(List.of(new byte[] {1}), 10)).isEmpty();
    }
}
