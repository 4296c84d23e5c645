package drawbridge.console.screen.server;

import drawbridge.console.supervise.LogLine;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One row of the log: a line of the server's, or one more line of the same message, such as of a
 * stack trace.
 *
 * @param line what it belongs to
 * @param text this row's part of the message
 * @param first whether it is the message's first row, which alone shows time, level and logger
 */
record LogRow(LogLine line, String text, boolean first) {
    /** The levels, the least first; each shows itself and all that are worse. */
    enum Level {
        DEBUG,
        INFO,
        WARN,
        ERROR;

        static Level of(LogLine line) {
            for (Level level : values()) {
                if (level.name().equals(line.level())) {
                    return level;
                }
            }
            return INFO;
        }
    }

    static List<LogRow> of(LogLine line) {
        List<LogRow> rows = new ArrayList<>(1);
        for (String part : line.message().split("\n", -1)) {
            if (rows.isEmpty() || !part.isBlank()) {
                rows.add(new LogRow(line, part.replace("\t", "    "), rows.isEmpty()));
            }
        }
        return rows;
    }

    /** Whether a line is bad enough and holds the text. */
    static boolean passes(LogLine line, Level least, String lowerCaseText) {
        return Level.of(line).compareTo(least) >= 0
                && (lowerCaseText.isEmpty()
                        || line.message().toLowerCase(Locale.ROOT).contains(lowerCaseText)
                        || line.logger().toLowerCase(Locale.ROOT).contains(lowerCaseText));
    }
}
