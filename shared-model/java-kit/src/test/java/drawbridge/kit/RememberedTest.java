package drawbridge.kit;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Ticker;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.json.JsonMapper;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

class RememberedTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);
    private static final Question QUESTION =
            new Question("ses_1", "GET", "/a", "198.51.100.4", null, null, null);

    private final AtomicLong now = new AtomicLong();
    private final Ticker ticker = now::get;
    private final Remembered remembered = new Remembered(10, Duration.ofSeconds(3), ticker);
    private EndedEvents events = new EndedEvents(remembered, 0);

    @BeforeEach
    void begin() {
        now.set(Duration.ofMinutes(1).toNanos());
        events = new EndedEvents(remembered, now.get());
    }

    private static Answer.Trusted trusted() {
        return new Answer.Trusted(
                "usr_1",
                "ana@example.test",
                "user",
                "ref_1",
                Instant.EPOCH,
                JSON.createObjectNode());
    }

    private void keep(long asOf) {
        remembered.keep(QUESTION, trusted(), TEN_SECONDS, asOf, now.get());
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private void told(String event) {
        events.take(JSON.readTree(event));
    }

    private void alive(long number, long millis) {
        told(
                "{\"number\":%d,\"previous\":%d,\"kind\":\"alive\",\"ms\":%d}"
                        .formatted(number, number, millis));
    }

    @Test
    void remembersNothingWithoutTheStream() {
        keep(5);

        assertThat(remembered.find(QUESTION)).isEmpty();
        assertThat(remembered.size()).isZero();
    }

    @Test
    void remembersForAsLongAsTheServerSaid() {
        alive(5, 0);
        keep(5);

        for (int second = 2; second < 10; second += 2) {
            pass(Duration.ofSeconds(2));
            alive(5, second * 1000L);
            assertThat(remembered.find(QUESTION)).isPresent();
        }
        pass(Duration.ofSeconds(2));
        alive(5, 10_000);
        assertThat(remembered.find(QUESTION)).isEmpty();
    }

    @Test
    void countsTheTimeFromTheQuestionAndNotFromItsAnswer() {
        alive(5, 0);
        long asked = now.get();
        pass(Duration.ofSeconds(1));
        remembered.keep(QUESTION, trusted(), Duration.ofSeconds(1), 5, asked);

        assertThat(remembered.find(QUESTION)).isEmpty();
    }

    @Test
    void remembersNothingThatTheServerDoesNotAllow() {
        alive(5, 0);
        remembered.keep(QUESTION, trusted(), Duration.ZERO, 5, now.get());

        assertThat(remembered.find(QUESTION)).isEmpty();
    }

    @Test
    void remembersNoSessionId() {
        alive(5, 0);
        keep(5);

        assertThat(QUESTION.toString()).doesNotContain("ses_1");
        assertThat(remembered.find(new Question("ses_2", "GET", "/a", null, null, null, null)))
                .isEmpty();
    }

    @Test
    void doesNotCountWhatItRemembersWhileTheStreamIsSilent() {
        alive(5, 0);
        keep(5);

        pass(Duration.ofSeconds(3));

        assertThat(remembered.find(QUESTION)).isEmpty();
    }

    /** Held up for ten seconds, it tells of then and not of now. */
    @Test
    void countsWhatIsHeardFromWhenTheServerReadItsLog() {
        alive(5, 0);
        pass(Duration.ofSeconds(10));
        alive(5, 1000);
        keep(5);
        assertThat(remembered.find(QUESTION)).isEmpty();

        alive(5, 9000);
        keep(5);
        assertThat(remembered.find(QUESTION)).isPresent();
        pass(Duration.ofSeconds(2));
        assertThat(remembered.find(QUESTION)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "session, ref_1, , false",
        "session, ref_2, , true",
        "replaced, ref_1, , false",
        "undo, ref_1, , false",
        "user, , usr_1, false",
        "user, , usr_2, true",
        "changed, , usr_1, false",
        "changed, , usr_2, true",
        "tenant, , , false",
        "everything, , , false",
        "caller, , , false",
        "gap, , , false",
        "what nobody knows yet, , , false",
    })
    void forgetsWhatIsMeant(String kind, String ref, String user, boolean isKept) {
        alive(5, 0);
        keep(5);

        told(
                "{\"number\":6,\"previous\":5,\"kind\":\"%s\",\"ref\":\"%s\",\"userId\":\"%s\",\"ms\":0}"
                        .formatted(kind, ref, user));

        assertThat(remembered.find(QUESTION).isPresent()).isEqualTo(isKept);
    }

    @Test
    void forgetsEverythingWhenAnEventIsMissing() {
        alive(5, 0);
        keep(5);

        told("{\"number\":9,\"previous\":8,\"kind\":\"session\",\"ref\":\"ref_2\",\"ms\":0}");

        assertThat(remembered.find(QUESTION)).isEmpty();
    }

    @Test
    void forgetsEverythingWhenTheStreamIsCut() {
        alive(5, 0);
        keep(5);

        remembered.lost();
        assertThat(remembered.find(QUESTION)).isEmpty();
        assertThat(remembered.size()).isZero();
        keep(5);
        assertThat(remembered.size()).isZero();
        events = new EndedEvents(remembered, now.get());
        alive(5, 0);
        assertThat(remembered.find(QUESTION)).isEmpty();
    }

    /** The answer was on its way when the session was ended, or came from a node that lags. */
    @Test
    void doesNotKeepAnswerThatKnowsLessThanTheStream() {
        alive(5, 0);
        told("{\"number\":6,\"previous\":5,\"kind\":\"session\",\"ref\":\"ref_1\",\"ms\":0}");

        keep(5);
        assertThat(remembered.find(QUESTION)).isEmpty();

        keep(6);
        assertThat(remembered.find(QUESTION)).isPresent();
    }

    /** The answer was asked for before the stream was opened, and the session ended between. */
    @Test
    void doesNotKeepAnswerFromBeforeTheStream() {
        long asked = now.get();
        pass(Duration.ofMillis(10));
        events = new EndedEvents(remembered, now.get());
        alive(6, 0);

        remembered.keep(QUESTION, trusted(), TEN_SECONDS, 5, asked);

        assertThat(remembered.find(QUESTION)).isEmpty();
    }
}
