package drawbridge.server.support;

import static org.awaitility.Awaitility.await;

import drawbridge.server.support.RunningServer.Answer;

import tools.jackson.databind.JsonNode;

import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a server would have mailed, read from its outbox as an administrator does. One thread. */
public final class Mailbox {
    private static final Pattern TOKEN = Pattern.compile("token=(v4\\.public\\.[A-Za-z0-9._-]+)");
    private static final Pattern LINK = Pattern.compile("https?://\\S+");

    private final RunningServer server;
    private final Set<String> seen = new HashSet<>();

    public Mailbox(RunningServer server) {
        this.server = server;
    }

    /** Waits for the next mail of that template to that address, and gives its text. */
    public String next(String template, String recipient) {
        return await().pollInterval(Duration.ofMillis(20))
                .until(() -> find(template, recipient), Optional::isPresent)
                .orElseThrow();
    }

    /** The token in it. */
    public String token(String template, String recipient) {
        return tokenIn(next(template, recipient));
    }

    /** The token in a mail's text. */
    public static String tokenIn(String text) {
        return first(TOKEN, text, 1);
    }

    /** The link in a mail's text. */
    public static String linkIn(String text) {
        return first(LINK, text, 0);
    }

    private static String first(Pattern pattern, String text, int group) {
        Matcher found = pattern.matcher(text);
        if (!found.find()) {
            throw new IllegalStateException("not in the mail: " + pattern);
        }
        return found.group(group);
    }

    /** How many mails there are to that address. */
    public long count(String recipient) {
        long count = 0;
        for (JsonNode item : server.admin("/v1/outbox?limit=1000").json().get("items")) {
            if (item.get("recipient").asString().equals(recipient)) {
                count++;
            }
        }
        return count;
    }

    private Optional<String> find(String template, String recipient) {
        for (JsonNode item : server.admin("/v1/outbox?limit=1000").json().get("items")) {
            String id = item.get("id").asString();
            if (item.get("template").asString().equals(template)
                    && item.get("recipient").asString().equals(recipient)
                    && seen.add(id)) {
                Answer opened = server.admin("/v1/outbox/" + id);
                return Optional.of(opened.text("text"));
            }
        }
        return Optional.empty();
    }
}
