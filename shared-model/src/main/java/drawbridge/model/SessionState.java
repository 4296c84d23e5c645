package drawbridge.model;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a validate would make of a session right now, signals apart. */
public enum SessionState {
    /** Would be accepted. */
    LIVE,
    /** Refused since an administrator's revocation; Undo is still possible. */
    HELD,
    /** Refused for good: logged out, revoked, or ended with its user or tenant. */
    REVOKED,
    /** Refused because its idle or absolute lifetime is over. */
    EXPIRED;

    private static final List<SessionState> ALL = List.of(values());

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /** The name on the wire, in lower case. */
    public String wireName() {
        return wireName;
    }

    /** The state of that name, in any letter case; empty when there is none. */
    public static Optional<SessionState> parse(String word) {
        for (SessionState state : ALL) {
            if (state.wireName.equalsIgnoreCase(word)) {
                return Optional.of(state);
            }
        }
        return Optional.empty();
    }
}
