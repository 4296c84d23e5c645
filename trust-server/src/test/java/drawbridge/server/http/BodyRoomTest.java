package drawbridge.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import drawbridge.model.ProblemCode;

import org.junit.jupiter.api.Test;

/** Large bodies take an eighth of the heap at most, each counted twice. */
class BodyRoomTest {
    private static final long KILOBYTE = 1024;
    private static final long MEGABYTE = KILOBYTE * KILOBYTE;

    @Test
    void hasPlacesForAnEighthOfTheHeapAndGivesThemAgain() {
        BodyRoom room = new BodyRoom(256 * MEGABYTE, 64 * KILOBYTE);
        for (int i = 0; i < 256; i++) {
            room.enter();
        }

        assertThatThrownBy(room::enter)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(ProblemCode.TOO_MANY_REQUESTS);
                            assertThat(e.retryAfterSeconds()).isEqualTo(1);
                        });
        room.leave();

        assertThatCode(room::enter).doesNotThrowAnyException();
    }

    @Test
    void hasAFewPlacesHoweverLargeABodyMayBe() {
        BodyRoom room = new BodyRoom(64 * MEGABYTE, 16 * MEGABYTE);
        for (int i = 0; i < 4; i++) {
            room.enter();
        }

        assertThatThrownBy(room::enter).isInstanceOf(ProblemException.class);
    }
}
