package drawbridge.server.policy;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The path of a route, in the one spelling that rules are compared with. Spellings that every web
 * framework reads alike become the same path; one that two frameworks could read as two routes is
 * {@link Ambiguous}, and whoever meets it must fail closed.
 */
public sealed interface RoutePath {
    /** How many segments a path may have. */
    int MOST_SEGMENTS = 64;

    /** A path that can be matched: its segments, decoded once, in one letter case. */
    record Plain(List<String> segments) implements RoutePath {
        public Plain {
            segments = List.copyOf(segments);
        }
    }

    /** A path that could mean two routes; why, for people to read. */
    record Ambiguous(String why) implements RoutePath {}

    /**
     * Reads a path as a back end reports it, without query.
     *
     * <p>Alike are: letter case, doubled and trailing slashes, percent-encoding of what needs none.
     * Ambiguous are: dot segments, encoded slashes, backslashes, percent signs and control
     * characters, path parameters ({@code ;}), broken encoding, and no slash at the beginning.
     */
    static RoutePath of(String path) {
        if (!path.startsWith("/")) {
            return new Ambiguous("it does not begin with a slash");
        }
        boolean isAscii = true;
        boolean isEncoded = false;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c <= ' ' || c == 0x7f || c == '\\' || c == ';' || c == '#' || c == '?') {
                return new Ambiguous("it holds a blank, a backslash, or one of ; # ?");
            }
            isAscii &= c < 0x80;
            isEncoded |= c == '%';
        }
        String decoded = path;
        if (isEncoded) {
            try {
                decoded = decoded(path);
            } catch (CharacterCodingException e) {
                return new Ambiguous(
                        "its percent-encoding is broken, or hides a slash, a backslash, a percent sign or a control character");
            }
        }
        return segments(isAscii && !isEncoded ? decoded.toLowerCase(Locale.ROOT) : folded(decoded));
    }

    private static RoutePath segments(String path) {
        List<String> segments = new ArrayList<>();
        for (String segment : path.split("/", -1)) {
            if (segment.isEmpty()) {
                continue;
            }
            if (segment.equals(".") || segment.equals("..")) {
                return new Ambiguous("it has a dot segment");
            }
            segments.add(segment);
        }
        return segments.size() > MOST_SEGMENTS
                ? new Ambiguous("it has more than " + MOST_SEGMENTS + " segments")
                : new Plain(segments);
    }

    /** One letter case and one composition for all of Unicode. */
    static String folded(String text) {
        // Upper case first: some letters have two lower-case forms.
        return Normalizer.normalize(text, Normalizer.Form.NFC)
                .toUpperCase(Locale.ROOT)
                .toLowerCase(Locale.ROOT);
    }

    private static String decoded(String path) throws CharacterCodingException {
        ByteBuffer bytes = ByteBuffer.allocate(3 * path.length());
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '%') {
                bytes.put(octet(path, i));
                i += 2;
            } else if (Character.isHighSurrogate(c) && i + 1 < path.length()) {
                bytes.put(path.substring(i, i + 2).getBytes(StandardCharsets.UTF_8));
                i++;
            } else {
                bytes.put(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
            }
        }
        return StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)
                .decode(bytes.flip())
                .toString();
    }

    private static byte octet(String path, int at) throws CharacterCodingException {
        int high = at + 2 < path.length() ? Character.digit(path.charAt(at + 1), 16) : -1;
        int low = at + 2 < path.length() ? Character.digit(path.charAt(at + 2), 16) : -1;
        int octet = 16 * high + low;
        boolean isHidden =
                octet < ' '
                        || octet == 0x7f
                        || octet == '/'
                        || octet == '\\'
                        || octet == '%'
                        || octet == ';';
        if (high < 0 || low < 0 || isHidden) {
            throw new CharacterCodingException();
        }
        return (byte) octet;
    }
}
