package drawbridge.server.diagnostics;

import drawbridge.model.IpAddress;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text without e-mail addresses, without addresses of other machines, and without words that
 * could be a secret or an id. What it cannot tell from a secret goes: a bundle that says too little
 * is asked for again, one that says too much cannot be taken back. Pure.
 *
 * @param text what is left
 * @param replaced how many places were replaced
 */
record Redaction(String text, long replaced) {
    private static final Pattern EMAIL =
            Pattern.compile(
                    "[\\p{Alnum}._%+'-]{1,64}(?:@|%40)[\\p{Alnum}.-]{1,190}",
                    Pattern.UNICODE_CHARACTER_CLASS);

    private static final Pattern IP4 =
            Pattern.compile("(?<![0-9.])[0-9]{1,3}(?:\\.[0-9]{1,3}){3}(?![0-9]|\\.[0-9])");

    private static final Pattern IP6 =
            Pattern.compile(
                    "(?<![0-9A-Za-z:])(?:(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9]{1,3}(?:\\.[0-9]{1,3}){3}"
                            + "|[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7})(?![0-9A-Za-z:])");

    /** What stands after a word that says it is secret, in {@code key=value} or JSON. */
    private static final Pattern NAMED =
            Pattern.compile(
                    "(?i)((?:password|passphrase|secret|token|authorization|cookie|session_id|x-session-id)\"?\\s*[=:]\\s*\"?(?:bearer\\s+)?)([^\\s\",;&}\\])]{6,})");

    /** Long, unbroken, and with a digit: keys, hashes, ids and tokens, but no name of a class. */
    private static final Pattern OPAQUE =
            Pattern.compile("(?<![A-Za-z0-9_+-])(?=[A-Za-z_+-]*[0-9])[A-Za-z0-9_+-]{20,}={0,2}");

    /** Names of requests, backups, settings and figures, which open nothing. */
    private static final Pattern HARMLESS =
            Pattern.compile(
                    "req-[0-9a-f]{16}|(?:backup|before-upgrade|before-restore)-[0-9]{8}T[0-9]{6}"
                            + "|DRAWBRIDGE_[A-Z0-9_]+|drawbridge_[a-z0-9_]+");

    static Redaction of(String text) {
        Redaction named = new Redaction(text, 0).replace(NAMED, m -> m.group(1) + "[secret]");
        return named.replace(EMAIL, _ -> "[e-mail]")
                .replace(IP6, m -> isOther(m.group()) ? "[address]" : m.group())
                .replace(IP4, m -> isOwn(m.group()) ? m.group() : "[address]")
                .replace(
                        OPAQUE,
                        m -> HARMLESS.matcher(m.group()).matches() ? m.group() : "[opaque]");
    }

    private interface Instead {
        String of(MatchResult found);
    }

    private Redaction replace(Pattern pattern, Instead instead) {
        Matcher found = pattern.matcher(text);
        StringBuilder rest = new StringBuilder(text.length());
        long count = replaced;
        while (found.find()) {
            String by = instead.of(found);
            if (!by.equals(found.group())) {
                count++;
            }
            found.appendReplacement(rest, Matcher.quoteReplacement(by));
        }
        found.appendTail(rest);
        return new Redaction(rest.toString(), count);
    }

    /** This machine itself: which says nothing of anybody. */
    private static boolean isOwn(String text) {
        return text.equals("0.0.0.0")
                || IpAddress.parse(text).map(IpAddress::isLoopback).orElse(true);
    }

    private static boolean isOther(String text) {
        return text.contains(":")
                && !text.equals("::")
                && IpAddress.parse(text).filter(address -> !address.isLoopback()).isPresent();
    }
}
