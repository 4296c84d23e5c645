package drawbridge.server.mail;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The words of mails: a first line {@code Subject: …}, an empty line, then plain text with {@code
 * {{link}}}, {@code {{name}}}, {@code {{email}}} and {@code {{expires}}} in it. Read once, at the
 * start. Immutable; safe for many threads.
 */
public final class MailTemplates {
    private static final Logger LOG = LoggerFactory.getLogger(MailTemplates.class);
    private static final String SUBJECT = "Subject: ";
    private static final Pattern PLACE = Pattern.compile("\\{\\{([^{}]*)}}");
    private static final Set<String> KNOWN = Set.of("link", "name", "email", "expires");
    private static final long MOST_BYTES = 64 * 1024;

    /** A mail's words. */
    public record Words(String subject, String text) {
        @Override
        public String toString() {
            return "Words[" + subject + "]";
        }
    }

    private final Map<Template, Words> words = new EnumMap<>(Template.class);

    /**
     * Reads the bundled templates, and the files that override them. A file that cannot be used is
     * reported and left aside: mails must go out.
     *
     * @param overrides a folder, which need not be there
     */
    public MailTemplates(Path overrides) {
        for (Template template : Template.values()) {
            words.put(template, override(overrides, template).orElseGet(() -> bundled(template)));
        }
    }

    private static Optional<Words> override(Path folder, Template template) {
        Path file = folder.resolve(template.wireName() + ".txt");
        try {
            if (Files.notExists(file)) {
                return Optional.empty();
            }
            if (Files.size(file) > MOST_BYTES) {
                throw new IllegalArgumentException("is larger than 64 KiB");
            }
            return Optional.of(parse(Files.readString(file, UTF_8)));
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn(
                    "mail template left aside, the bundled one is used file={} why={}",
                    file.getFileName(),
                    e.getMessage());
            return Optional.empty();
        }
    }

    private static Words bundled(Template template) {
        String name = template.wireName() + ".txt";
        try (InputStream in =
                Objects.requireNonNull(MailTemplates.class.getResourceAsStream(name), name)) {
            return parse(new String(in.readAllBytes(), UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("reading a bundled mail template", e);
        }
    }

    /**
     * Reads a template.
     *
     * @throws IllegalArgumentException with what is wrong with it
     */
    static Words parse(String file) {
        String[] parts = file.replace("\r\n", "\n").split("\n", 3);
        if (parts.length < 3 || !parts[0].startsWith(SUBJECT) || !parts[1].isBlank()) {
            throw new IllegalArgumentException(
                    "begins not with a line Subject: … and an empty line");
        }
        if (PLACE.matcher(parts[0]).find()) {
            throw new IllegalArgumentException(
                    "has a {{place}} in its subject, which is not sealed");
        }
        Matcher place = PLACE.matcher(parts[2]);
        while (place.find()) {
            if (!KNOWN.contains(place.group(1))) {
                throw new IllegalArgumentException(
                        "has an unknown place {{" + place.group(1) + "}}");
            }
        }
        if (!parts[2].contains("{{link}}")) {
            throw new IllegalArgumentException("has no {{link}}");
        }
        return new Words(parts[0].substring(SUBJECT.length()).strip(), parts[2]);
    }

    /**
     * The mail's words with these values put in, once: a value that looks like a place stays text.
     */
    public Words fill(Template template, Map<String, String> values) {
        Words words = Objects.requireNonNull(this.words.get(template));
        String text =
                PLACE.matcher(words.text())
                        .replaceAll(place ->
                                Matcher.quoteReplacement(values.getOrDefault(place.group(1), "")));
        return new Words(words.subject(), text);
    }
}
