package drawbridge.server.bridge;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import org.jspecify.annotations.Nullable;

/** User agents as far as they may be kept in logs. */
public final class Agents {
    private static final int SHOWN = 120;

    /** Few programs ask most of the questions. */
    private static final Cache<String, String> MASKED =
            Caffeine.newBuilder().maximumSize(1_000).executor(Runnable::run).build();

    private Agents() {}

    /**
     * The agent without version details: digits behind the first of a version become {@code x}; at
     * most 120 characters.
     */
    public static @Nullable String masked(@Nullable String agent) {
        return agent == null ? null : MASKED.get(agent, Agents::mask);
    }

    private static String mask(String agent) {
        String shown = agent.length() > SHOWN ? agent.substring(0, SHOWN) : agent;
        StringBuilder masked = new StringBuilder(shown.length());
        boolean behindDot = false;
        for (int i = 0; i < shown.length(); i++) {
            char c = shown.charAt(i);
            if (c == '.') {
                behindDot = true;
            } else if (!Character.isDigit(c)) {
                behindDot = false;
            }
            masked.append(behindDot && Character.isDigit(c) ? 'x' : c);
        }
        return masked.toString();
    }
}
