package drawbridge.console.screen.audit;

import drawbridge.console.client.AuditCalls.Wanted;
import drawbridge.console.ui.Words;
import drawbridge.model.filter.FilterProblem;

import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A filter line such as {@code kind:session.revoked actor:admin since:1h}, read or found wrong.
 *
 * @param wanted what it asks for; everything when it is wrong
 * @param problem what is wrong with it; empty when nothing is
 */
record AuditQuery(Wanted wanted, Optional<FilterProblem> problem) {
    private static final Pattern WORD = Pattern.compile("\\S+");
    private static final Pattern MINUTE = Pattern.compile(".*T[0-9]{2}:[0-9]{2}Z");
    private static final List<String> KEYS =
            List.of("kind", "actor", "user", "ref", "tenant", "since", "until");

    /** What a span or an instant begins with. */
    private static final Pattern BEGUN = Pattern.compile("[0-9]{1,6}|[0-9]{4}-[-0-9T:.]{0,26}");

    private static final Pattern SPAN = Pattern.compile("([1-9][0-9]{0,5})([smhd])");

    /**
     * Reads a line.
     *
     * @param now what {@code since:1h} counts from
     * @param spoken the words a fault is told in
     */
    static AuditQuery of(String line, Instant now, Words spoken) {
        Map<String, String> said = new LinkedHashMap<>();
        Instant from = null;
        Instant until = null;
        Matcher words = WORD.matcher(line);
        while (words.find()) {
            String word = words.group();
            int colon = word.indexOf(':');
            String key = colon < 0 ? "" : word.substring(0, colon);
            String value = word.substring(colon + 1);
            if (colon >= 0 && value.isEmpty()) {
                boolean isBegun = KEYS.contains(key) && words.end() == line.length();
                return wrong(words, spoken.get("audit.filter.empty", key), isBegun);
            }
            switch (key) {
                case "", "kind" -> said.put("kind", value);
                case "actor", "user", "ref", "tenant" -> said.put(key, value);
                case "since", "until" -> {
                    Instant at = instant(value, now);
                    if (at == null) {
                        boolean isBegun =
                                BEGUN.matcher(value).matches() && words.end() == line.length();
                        return wrong(words, spoken.get("audit.filter.time"), isBegun);
                    }
                    from = key.equals("since") ? at : from;
                    until = key.equals("until") ? at : until;
                }
                default -> {
                    return wrong(words, spoken.get("audit.filter.key", key), false);
                }
            }
        }
        return new AuditQuery(
                new Wanted(
                        said.get("tenant"),
                        said.get("kind"),
                        said.get("actor"),
                        said.get("user"),
                        said.get("ref"),
                        from,
                        until),
                Optional.empty());
    }

    private static AuditQuery wrong(Matcher word, String message, boolean isBegun) {
        int length = word.end() - word.start();
        return new AuditQuery(
                Wanted.ALL, Optional.of(new FilterProblem(word.start(), length, message, isBegun)));
    }

    private static @Nullable Instant instant(String value, Instant now) {
        Matcher span = SPAN.matcher(value);
        if (span.matches()) {
            long count = Long.parseLong(span.group(1));
            return switch (span.group(2)) {
                case "s" -> now.minus(Duration.ofSeconds(count));
                case "m" -> now.minus(Duration.ofMinutes(count));
                case "h" -> now.minus(Duration.ofHours(count));
                default -> now.minus(Duration.ofDays(count));
            };
        }
        try {
            boolean isMinute = MINUTE.matcher(value).matches();
            return Instant.parse(isMinute ? value.replace("Z", ":00Z") : value);
        } catch (DateTimeException e) {
            return null;
        }
    }
}
