package drawbridge.server.logging;

import ch.qos.logback.classic.Level;

import com.cloudbees.syslog.Facility;
import com.cloudbees.syslog.MessageFormat;
import com.cloudbees.syslog.SDElement;
import com.cloudbees.syslog.SDParam;
import com.cloudbees.syslog.Severity;
import com.cloudbees.syslog.SyslogMessage;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * Log lines as messages of RFC 5424; on a stream each with its length before it (RFC 6587, section
 * 3.4.1, and RFC 5425). Safe for many threads.
 *
 * @param host who sends, as the receiver is to call it
 * @param version of the program
 * @param pid of the process
 * @param isStream whether frames need their lengths
 */
record SyslogFrames(String host, String version, long pid, boolean isStream) {
    private static final String PROGRAM = "drawbridge-server";

    /** RFC 5424, section 7.3.1: then it begins anew with 1. */
    private static final long MOST_NUMBER = Integer.MAX_VALUE;

    /** What is told of each message besides its text. */
    record Head(Instant at, Level level, String logger, boolean isAudit) {}

    /** A line, with its place among all lines of this process, from 1. */
    byte[] numbered(Head head, long number, String json) {
        return frame(head, List.of(meta(number), origin()), json);
    }

    /** What is said of the stream itself; it has no place of its own among the lines. */
    byte[] unnumbered(Head head, String json) {
        return frame(head, List.of(origin()), json);
    }

    static long wireNumber(long number) {
        return (number - 1) % MOST_NUMBER + 1;
    }

    private static SDElement meta(long number) {
        return new SDElement("meta", new SDParam("sequenceId", String.valueOf(wireNumber(number))));
    }

    private SDElement origin() {
        return new SDElement(
                "origin", new SDParam("software", PROGRAM), new SDParam("swVersion", version));
    }

    private byte[] frame(Head head, List<SDElement> data, String json) {
        SyslogMessage message =
                new SyslogMessage()
                        .withFacility(head.isAudit() ? Facility.AUDIT : Facility.DAEMON)
                        .withSeverity(severity(head.level()))
                        .withTimestamp(head.at().toEpochMilli())
                        .withHostname(host)
                        .withAppName(PROGRAM)
                        .withProcId(String.valueOf(pid))
                        .withMsgId(head.logger())
                        .withMsg(json);
        message.setSDElements(new LinkedHashSet<>(data));
        return message.toSyslogMessage(isStream ? MessageFormat.RFC_5425 : MessageFormat.RFC_5424)
                .getBytes(StandardCharsets.UTF_8);
    }

    private static Severity severity(Level level) {
        if (level.isGreaterOrEqual(Level.ERROR)) {
            return Severity.ERROR;
        }
        if (level.isGreaterOrEqual(Level.WARN)) {
            return Severity.WARNING;
        }
        return level.isGreaterOrEqual(Level.INFO) ? Severity.INFORMATIONAL : Severity.DEBUG;
    }
}
