package drawbridge.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.stream.IntStream;

class InARowTest {
    private final InARow row = new InARow();

    private long admitted(Object connection, int calls) {
        return IntStream.range(0, calls).filter(i -> row.admits(connection)).count();
    }

    @Test
    void oneConnectionGivesWayOnceInAHundredAndOne() {
        Object connection = new Object();

        assertThat(admitted(connection, 100)).isEqualTo(100);
        assertThat(row.admits(connection)).isFalse();
        assertThat(admitted(connection, 100)).isEqualTo(100);
        assertThat(row.admits(connection)).isFalse();
    }

    @Test
    void connectionsThatTakeTurnsNeverHaveTo() {
        Object one = new Object();
        Object other = new Object();

        for (int i = 0; i < 1_000; i++) {
            assertThat(row.admits(one)).isTrue();
            assertThat(row.admits(other)).isTrue();
        }
    }
}
