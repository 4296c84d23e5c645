package drawbridge.console.screen.tokens;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the token in what was pasted, which may be a whole link or a line of a mail. */
final class PastedToken {
    private static final Pattern TOKEN =
            Pattern.compile("v[0-9]\\.(?:public|local)\\.[A-Za-z0-9_.-]+");

    private PastedToken() {}

    /** The token; what was pasted as it is when there is none in it. */
    static String in(String pasted) {
        Matcher found = TOKEN.matcher(pasted);
        return found.find() ? found.group() : pasted.strip();
    }
}
