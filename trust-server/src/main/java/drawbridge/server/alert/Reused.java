package drawbridge.server.alert;

import drawbridge.model.event.ServerEvent.Notice;
import drawbridge.model.view.AlertFact;
import drawbridge.server.audit.AuditEntry;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Fires when a token that was consumed, or a session id that was replaced, is presented again.
 * Refusals are offered by the thread that writes them down, everything else is one thread.
 */
final class Reused implements Watch {
    /** More than that within a second are as alarming. */
    private static final int MOST_WAITING = 1_000;

    /** What a token that was consumed is called, by whichever layer stopped it. */
    private static final Set<String> SPENT = Set.of("spent", "consumed");

    private final BlockingQueue<AuditEntry> refusals = new ArrayBlockingQueue<>(MOST_WAITING);
    private final Happened happened = new Happened();

    /** A refusal was audited. */
    void offer(AuditEntry refusal) {
        String detail = refusal.detail();
        if (!refusal.kind().equals("token.refused") || detail == null) {
            return;
        }
        if (SPENT.contains(detail.substring(detail.lastIndexOf(' ') + 1))) {
            refusals.offer(refusal); // when full, the alert is there already
        }
    }

    @Override
    public AlertRule rule() {
        return AlertRule.REPLAYED_TOKEN;
    }

    @Override
    public Reading read(Moment now, Terms terms, boolean isFiring) {
        List<AuditEntry> fresh = new ArrayList<>();
        refusals.drainTo(fresh);
        for (AuditEntry refusal : fresh) {
            happened.note(refusal.at(), finding(refusal));
        }
        now.all(Notice.class)
                .filter(notice -> notice.code().equals("session_reuse"))
                .forEach(notice ->
                        happened.note(
                                notice.at(),
                                new Finding(
                                        "sessions",
                                        notice.text(),
                                        List.of(
                                                new AlertFact(
                                                        "last at", notice.at().toString())))));
        List<Finding> found = happened.now(now.at());
        return Reading.of(found.size(), terms.least(), found);
    }

    private static Finding finding(AuditEntry refusal) {
        List<AlertFact> facts = new ArrayList<>();
        facts.add(new AlertFact("last at", refusal.at().toString()));
        facts.add(new AlertFact("kind of token", purpose(refusal)));
        if (refusal.ip() != null) {
            facts.add(new AlertFact("from", refusal.ip().toString()));
        }
        if (refusal.agent() != null) {
            facts.add(new AlertFact("agent", refusal.agent()));
        }
        if (refusal.requestId() != null) {
            facts.add(new AlertFact("request", refusal.requestId()));
        }
        return new Finding(
                refusal.tenant().value() + "/" + purpose(refusal),
                "A %s token of tenant %s was presented again after it had been used"
                        .formatted(purpose(refusal), refusal.tenant().value()),
                facts);
    }

    private static String purpose(AuditEntry refusal) {
        String detail = refusal.detail();
        return detail == null ? "" : detail.substring(0, Math.max(0, detail.indexOf(' ')));
    }
}
