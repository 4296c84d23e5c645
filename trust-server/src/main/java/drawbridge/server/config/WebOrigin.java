package drawbridge.server.config;

import java.net.IDN;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The origin of a web page as browsers send it (RFC 6454, section 6.2): compared as a whole, never
 * by its beginning or end.
 *
 * @param value scheme, host in lower case and ASCII, and the port unless it is the scheme's own
 */
public record WebOrigin(String value) {
    private static final Pattern SHAPE =
            Pattern.compile(
                    "(https?)://([^\\s/@?#:\\[\\]*,]{1,253}|\\[[0-9a-fA-F:.]{2,45}\\])(?::([1-9][0-9]{0,4}))?");

    /**
     * Reads what an administrator wrote; empty for {@code null}, {@code *}, a path, anything else.
     */
    public static Optional<WebOrigin> parse(String text) {
        Matcher parts = SHAPE.matcher(text.strip());
        if (!parts.matches()) {
            return Optional.empty();
        }
        String scheme = parts.group(1);
        String port = parts.group(3);
        if (port != null && Integer.parseInt(port) > 65_535) {
            return Optional.empty();
        }
        boolean usual =
                port == null
                        || (port.equals("80") && scheme.equals("http"))
                        || (port.equals("443") && scheme.equals("https"));
        try {
            String host = IDN.toASCII(parts.group(2)).toLowerCase(Locale.ROOT);
            return Optional.of(new WebOrigin(scheme + "://" + host + (usual ? "" : ":" + port)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
