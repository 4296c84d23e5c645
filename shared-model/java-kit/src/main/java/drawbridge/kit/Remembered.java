package drawbridge.kit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * Answers that may be given again without asking: for as long as the server said, and only while
 * the stream of ended sessions is being heard. Safe for many threads; finding takes no lock.
 *
 * <p>What is heard counts from when the server read its log, and not from when it arrived here, so
 * that a stream that is held up on its way is no better than one that is cut: nothing is found
 * later than {@code silence} after the server's log said otherwise.
 */
final class Remembered {
    private record Kept(Answer.Trusted answer, long forNanos) {}

    private final Cache<Question, Kept> kept;
    private final Ticker ticker;
    private final Duration silence;

    /** So that no answer slips in between while what is kept is being forgotten. */
    private final ReentrantLock lock = new ReentrantLock();

    private long reached;
    private volatile long heardAt;
    private volatile boolean hears;

    /**
     * @param silence how long after the server read its log what is remembered still counts
     */
    Remembered(int most, Duration silence, Ticker ticker) {
        this.ticker = ticker;
        this.silence = silence;
        this.kept =
                Caffeine.newBuilder()
                        .maximumSize(most)
                        .ticker(ticker)
                        .executor(Runnable::run)
                        .expireAfter(
                                Expiry.<Question, Kept>writing(
                                        (question, value) -> Duration.ofNanos(value.forNanos())))
                        .build();
    }

    /** The session's id opens doors, so only its hash is kept. */
    private static Question key(Question question) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(question.session().getBytes(StandardCharsets.UTF_8));
            return new Question(
                    HexFormat.of().formatHex(hash),
                    question.method(),
                    question.path(),
                    question.ip(),
                    question.device(),
                    question.agent(),
                    question.atLeast());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    Optional<Answer.Trusted> find(Question question) {
        if (!isHeard()) {
            return Optional.empty();
        }
        return Optional.ofNullable(kept.getIfPresent(key(question))).map(Kept::answer);
    }

    /**
     * Keeps an answer, unless it may know less than the stream has told since.
     *
     * @param time how long the server lets it be used again
     * @param asOf the number of the server's log that the answer was given under
     * @param askedAt when the question was asked; the time counts from there
     */
    void keep(Question question, Answer.Trusted answer, Duration time, long asOf, long askedAt) {
        long left = time.toNanos() - (ticker.read() - askedAt);
        if (left <= 0) {
            return;
        }
        lock.lock();
        try {
            if (isHeard() && asOf >= reached) {
                kept.put(key(question), new Kept(answer, left));
            }
        } finally {
            lock.unlock();
        }
    }

    boolean isHeard() {
        return hears && ticker.read() - heardAt < silence.toNanos();
    }

    /** A stream begins at that number; what was remembered before counts for nothing. */
    void opened(long number) {
        lock.lock();
        try {
            kept.invalidateAll();
            reached = number;
        } finally {
            lock.unlock();
        }
    }

    /** Everything that the server's log said at {@code readAt} has arrived. */
    void heard(long readAt) {
        heardAt = readAt;
        hears = true;
    }

    /** The stream is cut: nothing is remembered until there is another one. */
    void lost() {
        hears = false;
        forget(Long.MAX_VALUE, answer -> true);
    }

    /** Nothing ended up to that number. */
    void reached(long number) {
        forget(number, answer -> false);
    }

    /** That session was ended, or is another one now. */
    void endedSession(long number, String ref) {
        forget(number, answer -> answer.sessionRef().equals(ref));
    }

    /** Every session of that user was ended, or the user changed. */
    void endedUser(long number, String userId) {
        forget(number, answer -> answer.userId().equals(userId));
    }

    /** More was ended than can be named. */
    void endedMany(long number) {
        forget(number, answer -> true);
    }

    private void forget(long number, Predicate<Answer.Trusted> which) {
        lock.lock();
        try {
            reached = number;
            kept.asMap().values().removeIf(one -> which.test(one.answer()));
        } finally {
            lock.unlock();
        }
    }

    long size() {
        kept.cleanUp();
        return kept.estimatedSize();
    }
}
