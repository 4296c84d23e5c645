package drawbridge.server.http;

import drawbridge.model.view.SessionRow;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Sessions as comma-separated values (RFC 4180). What a spreadsheet would take for a formula has an
 * apostrophe before it, since agents and reasons are written by whoever likes to.
 */
final class SessionCsv {
    private static final List<String> COLUMNS =
            List.of(
                    "ref",
                    "email",
                    "userId",
                    "tenant",
                    "ip",
                    "device",
                    "agent",
                    "createdAt",
                    "lastSeenAt",
                    "expiresAt",
                    "state",
                    "strictestMode",
                    "endedAt",
                    "endReason",
                    "endedBy",
                    "undoUntil");

    private SessionCsv() {}

    static String head() {
        return String.join(",", COLUMNS) + "\r\n";
    }

    static String line(SessionRow row) {
        return line(
                row.ref(),
                row.email(),
                row.userId(),
                row.tenant(),
                row.ip(),
                row.device(),
                row.agent(),
                row.createdAt(),
                row.lastSeenAt(),
                row.expiresAt(),
                row.state(),
                row.strictestMode(),
                row.endedAt(),
                row.endReason(),
                row.endedBy(),
                row.undoUntil());
    }

    private static String line(@Nullable Object... values) {
        return Arrays.stream(values)
                .map(value -> value == null ? "" : field(value.toString()))
                .collect(Collectors.joining(",", "", "\r\n"));
    }

    /** One value, quoted where it must be. */
    static String field(String value) {
        boolean isFormula = !value.isEmpty() && "=+-@\t\r\n".indexOf(value.charAt(0)) >= 0;
        String safe = isFormula ? "'" + value : value;
        boolean isPlain =
                safe.chars().noneMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
        return isPlain && !isFormula ? safe : '"' + safe.replace("\"", "\"\"") + '"';
    }
}
