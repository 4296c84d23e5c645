package drawbridge.kit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Answers that may be given again without asking: for as long as the server said, and only while
 * the stream of ended sessions is being heard. Safe for many threads.
 */
final class Remembered {
    private record Kept(Answer.Trusted answer, long forNanos) {}

    private final Cache<Question, Kept> kept;
    private final Ticker ticker;
    private final Duration silence;
    private final AtomicLong generation = new AtomicLong();
    private volatile long heardAt;
    private volatile boolean hears;

    /**
     * @param silence for so long nothing may have come from the stream
     */
    Remembered(int most, Duration silence, Ticker ticker) {
        this.ticker = ticker;
        this.silence = silence;
        this.kept =
                Caffeine.newBuilder()
                        .maximumSize(most)
                        .ticker(ticker)
                        .expireAfter(
                                Expiry.<Question, Kept>writing(
                                        (question, value) -> Duration.ofNanos(value.forNanos())))
                        .build();
    }

    /** To be taken before a question is asked, and given back with its answer. */
    long generation() {
        return generation.get();
    }

    Optional<Answer.Trusted> find(Question question) {
        if (!isHeard()) {
            return Optional.empty();
        }
        return Optional.ofNullable(kept.getIfPresent(question)).map(Kept::answer);
    }

    /** Keeps an answer, unless something was ended since it was asked for. */
    void keep(Question question, Answer.Trusted answer, Duration time, long askedIn) {
        if (time.isPositive() && isHeard()) {
            kept.asMap()
                    .compute(
                            question,
                            (key, before) ->
                                    generation.get() == askedIn
                                            ? new Kept(answer, time.toNanos())
                                            : before);
        }
    }

    private boolean isHeard() {
        return hears && ticker.read() - heardAt < silence.toNanos();
    }

    /** The stream is there, or still there. */
    void heard() {
        heardAt = ticker.read();
        hears = true;
    }

    /** The stream is cut, or something in it was missed: nothing that is remembered counts. */
    void lost() {
        hears = false;
        generation.incrementAndGet();
        kept.invalidateAll();
    }

    /** That session was ended. */
    void endedSession(String ref) {
        generation.incrementAndGet();
        kept.asMap().values().removeIf(one -> one.answer().sessionRef().equals(ref));
    }

    /** Every session of that user was ended. */
    void endedUser(String userId) {
        generation.incrementAndGet();
        kept.asMap().values().removeIf(one -> one.answer().userId().equals(userId));
    }

    /** More was ended than can be named. */
    void endedMany() {
        generation.incrementAndGet();
        kept.invalidateAll();
    }

    long size() {
        kept.cleanUp();
        return kept.estimatedSize();
    }
}
