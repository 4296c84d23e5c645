package drawbridge.server.checklist;

import drawbridge.model.TenantId;
import drawbridge.model.view.ChecklistEvidence;
import drawbridge.model.view.ShippedLogs;
import drawbridge.server.Platform;
import drawbridge.server.checklist.ChecklistSettings.Shipping;
import drawbridge.server.checklist.Evidence.At;
import drawbridge.server.metrics.Meters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Logins, refusals, limits and errors are written down, completely, and in one place. */
final class OfLogs implements Judge {
    private final ChecklistSettings settings;
    private final Meters meters;
    private final Shipping shipping;
    private final Platform platform;

    OfLogs(ChecklistSettings settings, Meters meters, Shipping shipping, Platform platform) {
        this.settings = settings;
        this.meters = meters;
        this.shipping = shipping;
        this.platform = platform;
    }

    @Override
    public List<ChecklistEvidence> judge(TenantId tenant, Instant now) {
        List<ChecklistEvidence> found = new ArrayList<>();
        String level = settings.logLevel();
        if (level.equals("ERROR") || level.equals("WARN")) {
            found.add(
                    Evidence.fail(
                            "log_level_high",
                            "only %s is logged: starts, stops and purges leave no line"
                                    .formatted(level.equals("ERROR") ? "ERROR" : "ERROR and WARN"),
                            At.setting("log.level")));
        }
        long dropped = meters.totals().auditDropped();
        if (dropped > 0) {
            found.add(
                    Evidence.warn(
                            "audit_dropped",
                            "%,d refusals came faster than they could be audited and were only counted"
                                    .formatted(dropped),
                            At.setting("audit.queue")));
        }
        rights(found);
        for (String warning : settings.warnings()) {
            if (isOfLogs(warning)) {
                found.add(Evidence.warn("logs_in_clear", warning, At.setting("log.syslog")));
            }
        }
        shipping.now().ifPresentOrElse(logs -> sent(logs, found), () -> found.add(staysHere()));
        found.add(
                Evidence.pass(
                        "audited",
                        "every login, revocation, refusal and change is a row of the audit's chain, and every line names its request"));
        return found;
    }

    private static ChecklistEvidence staysHere() {
        return Evidence.warn(
                "logs_stay_here",
                "logs stay on this machine: whoever takes it over can rewrite them",
                At.setting("log.syslog"));
    }

    private static void sent(ShippedLogs logs, List<ChecklistEvidence> found) {
        if (!logs.arriving()) {
            found.add(
                    Evidence.fail(
                            "logs_not_taken",
                            "%s takes no log lines (%s); %,d wait"
                                    .formatted(logs.target(), logs.fault(), logs.waiting()),
                            At.screen("server")));
        } else {
            found.add(Evidence.pass("logs_shipped", "logs are sent to " + logs.target()));
        }
        if (logs.lost() > 0) {
            found.add(
                    Evidence.warn(
                            "log_lines_lost",
                            "%,d log lines were not sent, because too many waited; they are in the file only"
                                    .formatted(logs.lost()),
                            At.setting("log.syslog.buffer")));
        }
    }

    private void rights(List<ChecklistEvidence> found) {
        Path file = settings.folder().resolve("logs").resolve("server.jsonl");
        try {
            // Not "exists": of a file behind a closed door that says no, and nothing would be told.
            if (!Files.notExists(file) && platform.accessOf(file).othersRead()) {
                found.add(
                        Evidence.warn(
                                "log_readable",
                                "others than its owner may read the log file",
                                At.screen("server")));
            }
        } catch (IOException e) {
            found.add(
                    Evidence.warn(
                            "log_unknown",
                            "the rights of the log file cannot be read",
                            At.screen("server")));
        }
    }

    /** Whether a warning of the settings is about logs on their way. */
    static boolean isOfLogs(String warning) {
        return warning.startsWith("log.syslog is not encrypted");
    }
}
