package drawbridge.console.screen.audit;

import drawbridge.console.ui.Formats;
import drawbridge.console.ui.Words;
import drawbridge.model.view.AuditRowView;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One row of the audit, put into words. */
final class AuditWords {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final Set<String> CODES =
            Set.of("user", "ref", "ip", "request", "hash", "route");

    private AuditWords() {}

    /** Whom it was about: a session, else a user, else nobody. */
    static String about(AuditRowView row) {
        String ref = row.ref();
        String user = row.userId();
        if (ref != null) {
            return ref;
        }
        return user == null ? "–" : user;
    }

    /** How it ended and what else is known, in one line. */
    static String detail(AuditRowView row, Words words) {
        List<String> parts = new ArrayList<>();
        String reason = row.reason();
        if (reason != null) {
            parts.add(words.oneOf("reason", reason));
        }
        add(parts, row.signal());
        add(parts, row.mode());
        add(parts, row.route());
        add(parts, row.detail());
        return String.join(" · ", parts);
    }

    private static void add(List<String> parts, @Nullable String part) {
        if (part != null && !part.isEmpty()) {
            parts.add(part);
        }
    }

    /** Everything that is known of it, by name, in the order to be shown. */
    static Map<String, String> facts(AuditRowView row, Formats formats, Instant now) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("at", formats.exact(row.at(), now));
        facts.put("actor", row.actor());
        put(facts, "user", row.userId());
        put(facts, "ref", row.ref());
        put(facts, "ip", row.ip());
        put(facts, "agent", row.agent());
        put(facts, "route", row.route());
        put(facts, "mode", row.mode());
        put(facts, "reason", row.reason());
        put(facts, "signal", row.signal());
        put(facts, "detail", row.detail());
        put(facts, "request", row.requestId());
        facts.put("hash", row.hash());
        return facts;
    }

    private static void put(Map<String, String> facts, String key, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            facts.put(key, value);
        }
    }

    /** Whether that fact is to be read letter by letter. */
    static boolean isCode(String fact) {
        return CODES.contains(fact);
    }

    /** The row as JSON. */
    static String json(AuditRowView row) {
        return JSON.writeValueAsString(row);
    }
}
