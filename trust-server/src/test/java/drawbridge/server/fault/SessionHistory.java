package drawbridge.server.fault;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Checks every answer about sessions against what was answered before it. Keeps what is wrong and
 * counts the rest, so that hours of it cost no memory. Safe for many threads.
 */
final class SessionHistory {
    /** A session, from the answer that opened it. */
    static final class Followed {
        private final String id;
        private final String user;

        /** Whether its end was asked for: from then on either answer may be right. */
        private volatile boolean isEndAsked;

        /** When its end was answered; 0 before. */
        private volatile long endedAt;

        Followed(String id, String user) {
            this.id = id;
            this.user = user;
        }

        String id() {
            return id;
        }

        String user() {
            return user;
        }

        boolean isEnded() {
            return endedAt != 0;
        }

        /** Must come before the question. */
        void endIsAsked() {
            isEndAsked = true;
        }

        /** Must come after a 2xx. */
        void endIsAnswered() {
            endedAt = System.nanoTime() | 1; // never 0
        }
    }

    /** A validation, from before it is asked. */
    record Asked(Followed session, long endedAt) {}

    private final AtomicLong checked = new AtomicLong();
    private final AtomicLong undecided = new AtomicLong();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();

    static Asked asking(Followed session) {
        return new Asked(session, session.endedAt);
    }

    void answered(Asked asked, int status) {
        checked.incrementAndGet();
        if (status == 200 && asked.endedAt() != 0) {
            wrong.add("valid although its end had been answered: " + asked.session().user());
        } else if (status == 401 && !asked.session().isEndAsked) {
            wrong.add("refused although nobody had asked for its end: " + asked.session().user());
        } else if (status != 200 && status != 401) {
            undecided.incrementAndGet();
        }
    }

    Queue<String> wrong() {
        return wrong;
    }

    long checked() {
        return checked.get();
    }

    long undecided() {
        return undecided.get();
    }
}
