package drawbridge.server.bridge;

import drawbridge.model.TenantId;
import drawbridge.model.ValidationMode;
import java.time.Duration;

/**
 * A back end that may ask about the sessions of one tenant.
 *
 * @param id its id
 * @param name its name, unique in the tenant
 * @param tenant whose sessions it may ask about
 * @param kit which client it runs
 * @param signals what becomes of a missing signal
 * @param floor the mode every call is judged by at least
 * @param lease for kit {@code FLOWFULL}: how long such a client may believe an answer; zero reports the real end
 */
public record Caller(
        String id,
        String name,
        TenantId tenant,
        Kit kit,
        SignalPolicy signals,
        ValidationMode floor,
        Duration lease) {

    /** The client software a caller runs. */
    public enum Kit {
        /** Follows our own protocol, remembers nothing it was not told to. */
        DRAWBRIDGE("drawbridge"),
        /** A public Flowfull kit: sends the session id in the query, caches until the reported end. */
        FLOWFULL("flowfull");

        private final String word;

        Kit(String word) {
            this.word = word;
        }

        /** The word in the configuration and the database. */
        public String word() {
            return word;
        }
    }

    /** What becomes of a signal the mode needs and nobody sent. */
    public enum SignalPolicy {
        /** The call is refused. */
        REQUIRED("required"),
        /** The signal is not compared, and that is counted. */
        WHEN_SENT("when-sent");

        private final String word;

        SignalPolicy(String word) {
            this.word = word;
        }

        /** The word in the configuration and the database. */
        public String word() {
            return word;
        }
    }
}
