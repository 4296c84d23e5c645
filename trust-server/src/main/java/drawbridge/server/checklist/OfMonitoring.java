package drawbridge.server.checklist;

import drawbridge.model.TenantId;
import drawbridge.model.view.ChecklistEvidence;
import drawbridge.server.checklist.ChecklistSettings.Watch;
import drawbridge.server.checklist.ChecklistSettings.Watching;
import drawbridge.server.checklist.Evidence.At;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Somebody is told of failed logins, odd places and a busy database. */
final class OfMonitoring implements Judge {
    private final Watching watching;

    OfMonitoring(Watching watching) {
        this.watching = watching;
    }

    @Override
    public List<ChecklistEvidence> judge(TenantId tenant, Instant now) {
        Optional<Watch> watch = watching.now();
        List<ChecklistEvidence> found = new ArrayList<>();
        if (watch.isEmpty() || watch.get().rules() == 0) {
            found.add(
                    Evidence.warn(
                            "no_alerts",
                            "figures are measured every second and offered at /metrics, but no rule watches them here",
                            At.screen("alerts")));
            return found;
        }
        found.add(
                Evidence.pass(
                        "rules_watch", "%d alert rules are on".formatted(watch.get().rules())));
        watch.get()
                .off()
                .forEach(why -> found.add(Evidence.note("rule_off", why, At.screen("alerts"))));
        if (watch.get().channels() == 0) {
            found.add(
                    Evidence.warn(
                            "nobody_told",
                            "alerts are kept here and sent nowhere: set alert.webhook.url or alert.mail.to",
                            At.screen("alerts")));
        }
        return found;
    }
}
