package drawbridge.server.redis;

import java.time.Duration;
import java.util.Optional;

/**
 * Copies outside this server, each with the number of the revocation log under which it was read
 * from the authority. Nothing is promised of them but that each is one that was put under that
 * name, at any time. Safe for many threads.
 */
public interface NumberedCopies {
    /** What was kept, and how old it is in terms of the revocation log. */
    final class Copy {
        private final long readAt;
        private final byte[] content;

        /**
         * @param content not copied
         */
        public Copy(long readAt, byte[] content) {
            this.readAt = readAt;
            this.content = content;
        }

        /** The log's number when it was read from the authority. */
        public long readAt() {
            return readAt;
        }

        /** What was kept; not copied. */
        public byte[] content() {
            return content;
        }
    }

    /** The copy kept for that name; empty when there is none, or nobody answers in time. */
    Optional<Copy> get(byte[] name);

    /** Keeps a copy, soon and perhaps, for so long at most. */
    void put(byte[] name, long readAt, byte[] content, Duration age);

    /**
     * Forgets the copy, soon and perhaps. Nothing depends on it: a copy that stays is known to be
     * overtaken.
     */
    void remove(byte[] name);

    /** Whether {@link #get} would ask now. */
    boolean isAsked();
}
