package drawbridge.kit;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Ticker;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.json.JsonMapper;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

class RememberedTest {
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);
    private static final Question QUESTION =
            new Question("ses_1", "GET", "/a", "198.51.100.4", null, null, null);

    private final AtomicLong now = new AtomicLong();
    private final Ticker ticker = now::get;
    private final Remembered remembered = new Remembered(10, Duration.ofSeconds(3), ticker);

    private static Answer.Trusted trusted() {
        return new Answer.Trusted(
                "usr_1",
                "ana@example.test",
                "user",
                "ref_1",
                Instant.EPOCH,
                JsonMapper.builder().build().createObjectNode());
    }

    private void keep() {
        remembered.keep(QUESTION, trusted(), TEN_SECONDS, remembered.generation());
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @Test
    void remembersNothingWithoutTheStream() {
        keep();

        assertThat(remembered.find(QUESTION)).isEmpty();
        assertThat(remembered.size()).isZero();
    }

    @Test
    void remembersForAsLongAsTheServerSaid() {
        remembered.heard();
        keep();

        for (int i = 0; i < 4; i++) {
            pass(Duration.ofSeconds(2));
            remembered.heard();
            assertThat(remembered.find(QUESTION)).isPresent();
        }
        pass(Duration.ofSeconds(2));
        remembered.heard();
        assertThat(remembered.find(QUESTION)).isEmpty();
    }

    @Test
    void remembersNothingThatTheServerDoesNotAllow() {
        remembered.heard();
        remembered.keep(QUESTION, trusted(), Duration.ZERO, remembered.generation());

        assertThat(remembered.find(QUESTION)).isEmpty();
    }

    @Test
    void doesNotCountWhatItRemembersWhileTheStreamIsSilent() {
        remembered.heard();
        keep();

        pass(Duration.ofSeconds(3));

        assertThat(remembered.find(QUESTION)).isEmpty();
    }

    @Test
    void forgetsWhatWasEnded() {
        remembered.heard();
        keep();
        remembered.endedSession("ref_other");
        assertThat(remembered.find(QUESTION)).isPresent();
        remembered.endedSession("ref_1");
        assertThat(remembered.find(QUESTION)).isEmpty();

        keep();
        remembered.endedUser("usr_1");
        assertThat(remembered.find(QUESTION)).isEmpty();

        keep();
        remembered.endedMany();
        assertThat(remembered.find(QUESTION)).isEmpty();

        keep();
        remembered.lost();
        remembered.heard();
        assertThat(remembered.find(QUESTION)).isEmpty();
    }

    /** The answer was on its way when the session was ended. */
    @Test
    void doesNotKeepAnswerThatWasOvertaken() {
        remembered.heard();
        long asked = remembered.generation();
        remembered.endedSession("ref_1");

        remembered.keep(QUESTION, trusted(), TEN_SECONDS, asked);

        assertThat(remembered.find(QUESTION)).isEmpty();
    }
}
