package drawbridge.server.audit;

import drawbridge.model.TenantId;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.Times;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which rows of the audit are asked for; what is null does not narrow.
 *
 * @param tenant of that tenant
 * @param kind of that kind; with {@code *} at its end, of all kinds that begin so
 * @param actor by that actor
 * @param user about that user
 * @param ref about that session
 * @param from not before
 * @param until before
 * @param after behind that row
 */
public record AuditQuery(
        @Nullable String tenant,
        @Nullable String kind,
        @Nullable String actor,
        @Nullable String user,
        @Nullable String ref,
        @Nullable Instant from,
        @Nullable Instant until,
        @Nullable Cursor after) {
    /** A row in the order of the list. */
    public record Cursor(long micros, String tenant, long number) {
        /** The cursor of this text; empty when it is none. */
        public static Optional<Cursor> parse(String text) {
            try {
                String[] parts =
                        new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8)
                                .split("\n", -1);
                return parts.length == 3
                        ? Optional.of(
                                new Cursor(
                                        Long.parseLong(parts[0]),
                                        parts[1],
                                        Long.parseLong(parts[2])))
                        : Optional.empty();
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }

        static Cursor of(AuditRow row) {
            return new Cursor(Times.micros(row.at()), row.tenant(), row.number());
        }

        /** As a client is given it. */
        public String text() {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(
                            "%d\n%s\n%d"
                                    .formatted(micros, tenant, number)
                                    .getBytes(StandardCharsets.UTF_8));
        }
    }

    DataScope scope() {
        return DataScope.chosen(tenant == null ? null : new TenantId(tenant));
    }

    String condition() {
        List<String> parts = new ArrayList<>();
        parts.add("1 = 1");
        add(parts, tenant, "tenant_id = :tenant");
        add(
                parts,
                kind,
                kind != null && kind.endsWith("*")
                        ? "substr(kind, 1, length(:kind)) = :kind"
                        : "kind = :kind");
        add(parts, actor, "actor = :actor");
        add(parts, user, "user_id = :user");
        add(parts, ref, "ref = :ref");
        add(parts, from, "at >= :from");
        add(parts, until, "at < :until");
        return String.join(" AND ", parts);
    }

    String conditionBehindCursor() {
        return after == null
                ? condition()
                : condition() + " AND (at, tenant_id, number) < (:cAt, :cTenant, :cNumber)";
    }

    private static void add(List<String> parts, @Nullable Object value, String condition) {
        if (value != null) {
            parts.add(condition);
        }
    }

    Map<String, Object> filterBindings() {
        Map<String, Object> values = new HashMap<>();
        bind(values, "tenant", tenant);
        bind(
                values,
                "kind",
                kind != null && kind.endsWith("*") ? kind.substring(0, kind.length() - 1) : kind);
        bind(values, "actor", actor);
        bind(values, "user", user);
        bind(values, "ref", ref);
        bind(values, "from", from == null ? null : Times.micros(from));
        bind(values, "until", until == null ? null : Times.micros(until));
        return values;
    }

    private static void bind(Map<String, Object> values, String name, @Nullable Object value) {
        if (value != null) {
            values.put(name, value);
        }
    }

    Map<String, Object> bindings() {
        Map<String, Object> values = filterBindings();
        if (after != null) {
            values.put("cAt", after.micros());
            values.put("cTenant", after.tenant());
            values.put("cNumber", after.number());
        }
        return values;
    }
}
