package drawbridge.console.ui;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * User agents as a person names them: "Firefox 146 · Linux". For reading only; judgements compare
 * the text as it was sent. Safe for many threads.
 */
public final class AgentNames {
    private static final int MOST_KNOWN = 4_096;
    private static final Pattern[] BROWSERS = {
        // In this order: each of them also names some that follow.
        Pattern.compile("(Edg)(?:A|iOS)?/([0-9]+)"),
        Pattern.compile("(OPR)/([0-9]+)"),
        Pattern.compile("(SamsungBrowser)/([0-9]+)"),
        Pattern.compile("(Vivaldi)/([0-9]+)"),
        Pattern.compile("(Firefox|FxiOS)/([0-9]+)"),
        Pattern.compile("(Chrome|CriOS)/([0-9]+)"),
        Pattern.compile("Version/([0-9]+)[^ ]* (?:Mobile/[^ ]+ )?(Safari)/"),
    };

    private static final Pattern PRODUCT =
            Pattern.compile("^([A-Za-z][A-Za-z0-9_.-]{0,39})/([0-9]+(?:\\.[0-9]+)?)");

    private final Map<String, String> names = new ConcurrentHashMap<>();

    /** The name; the text itself, shortened, when it is of no known form. */
    public String of(String agent) {
        String known = names.get(agent);
        if (known != null) {
            return known;
        }
        String name = read(agent);
        if (names.size() < MOST_KNOWN) {
            names.put(agent, name);
        }
        return name;
    }

    private static String read(String agent) {
        for (Pattern browser : BROWSERS) {
            Matcher found = browser.matcher(agent);
            if (found.find()) {
                boolean versionFirst = Character.isDigit(found.group(1).charAt(0));
                String name = found.group(versionFirst ? 2 : 1);
                String version = found.group(versionFirst ? 1 : 2);
                String system = system(agent);
                String program = commonName(name) + " " + version;
                return system.isEmpty() ? program : program + " · " + system;
            }
        }
        Matcher product = PRODUCT.matcher(agent);
        if (product.find()) {
            return product.group(1) + " " + product.group(2);
        }
        return agent.length() > 40 ? agent.substring(0, 39) + "…" : agent;
    }

    private static String commonName(String token) {
        return switch (token) {
            case "Edg" -> "Edge";
            case "OPR" -> "Opera";
            case "SamsungBrowser" -> "Samsung Internet";
            case "FxiOS" -> "Firefox";
            case "CriOS" -> "Chrome";
            default -> token;
        };
    }

    private static String system(String agent) {
        if (agent.contains("Android")) {
            return "Android";
        }
        if (agent.contains("iPhone") || agent.contains("iPod")) {
            return "iPhone";
        }
        if (agent.contains("iPad")) {
            return "iPad";
        }
        if (agent.contains("Windows")) {
            return "Windows";
        }
        if (agent.contains("Macintosh") || agent.contains("Mac OS X")) {
            return "macOS";
        }
        if (agent.contains("CrOS")) {
            return "ChromeOS";
        }
        return agent.contains("Linux") || agent.contains("X11") ? "Linux" : "";
    }
}
