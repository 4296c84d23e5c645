package drawbridge.server.diagnostics;

import drawbridge.model.view.DiagnosticContents;
import drawbridge.model.view.DiagnosticPart;
import drawbridge.server.config.Reason;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Makes diagnostic bundles: an archive of texts, each of them redacted, and {@code manifest.json},
 * which says what is in it and what was left out. A part that cannot be had says why, and the
 * others are there. Safe for many threads.
 */
public final class Diagnostics {
    private static final Logger LOG = LoggerFactory.getLogger(Diagnostics.class);
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /** What no bundle holds, whichever server it is of. */
    private static final List<String> LEFT_OUT =
            List.of(
                    "the database: users, sessions, tokens, audit rows, mails",
                    "keys and secrets: master key, admin token, bridge secrets, passwords; settings that are secret are masked",
                    "e-mail addresses, wherever they stand: [e-mail]",
                    "addresses of other machines: [address]",
                    "every long word that could be an id, a token, a hash or a key: [opaque]",
                    "what follows a word such as password or token: [secret]");

    /** Gives what a part holds. */
    public interface Content {
        /** A text, or anything that is written as JSON. */
        Object get() throws IOException;
    }

    /**
     * A file to be.
     *
     * @param name in the archive
     * @param about what it holds, in words
     */
    public record Part(String name, String about, Content content) {}

    private record Made(DiagnosticPart part, String text) {}

    private final List<Part> parts;
    private final Clock clock;

    /**
     * @param parts in their order
     */
    public Diagnostics(List<Part> parts, Clock clock) {
        this.parts = List.copyOf(parts);
        this.clock = clock;
    }

    /** What a bundle made now would hold. */
    public DiagnosticContents contents() {
        return contents(clock.instant(), made());
    }

    /** Writes one, and answers what is in it. The stream stays open. */
    public DiagnosticContents writeTo(OutputStream out) throws IOException {
        Instant now = clock.instant();
        List<Made> all = made();
        DiagnosticContents contents = contents(now, all);
        ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8);
        put(zip, now, "manifest.json", json(contents));
        for (Made made : all) {
            put(zip, now, made.part().name(), made.text());
        }
        zip.finish();
        return contents;
    }

    private static void put(ZipOutputStream zip, Instant now, String name, String text)
            throws IOException {
        ZipEntry entry = new ZipEntry("drawbridge-diagnostics/" + name);
        entry.setLastModifiedTime(FileTime.from(now));
        zip.putNextEntry(entry);
        zip.write(text.getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
    }

    private static DiagnosticContents contents(Instant now, List<Made> all) {
        return new DiagnosticContents(now, all.stream().map(Made::part).toList(), LEFT_OUT);
    }

    private List<Made> made() {
        List<Made> all = new ArrayList<>();
        for (Part part : parts) {
            Redaction text = Redaction.of(text(part));
            long bytes = text.text().getBytes(StandardCharsets.UTF_8).length;
            all.add(
                    new Made(
                            new DiagnosticPart(part.name(), part.about(), bytes, text.replaced()),
                            text.text()));
        }
        return all;
    }

    private static String text(Part part) {
        try {
            Object content = part.content().get();
            return content instanceof String text ? text : json(content);
        } catch (IOException | RuntimeException e) {
            // A server that is asked for its diagnostics is often one of which something is broken.
            LOG.info("a part of the diagnostics cannot be had part={}", part.name(), e);
            return "cannot be had: " + Reason.ofRoot(e) + "\n";
        }
    }

    private static String json(Object value) {
        return JSON.writeValueAsString(value) + "\n";
    }
}
