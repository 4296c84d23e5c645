package drawbridge.server.alert;

import drawbridge.model.view.AlertFact;
import drawbridge.model.view.AuditReport;
import drawbridge.server.audit.AuditWalk;

import java.util.ArrayList;
import java.util.List;

/** Fires while anything of the audit does not fit. One thread. */
final class AuditWatch implements Watch {
    private static final int SHOWN = 5;

    private final AuditWalk walk;

    AuditWatch(AuditWalk walk) {
        this.walk = walk;
    }

    @Override
    public AlertRule rule() {
        return AlertRule.AUDIT_BREAK;
    }

    @Override
    public Reading read(Moment now, Terms terms, boolean isFiring) {
        walk.on();
        List<Finding> found = new ArrayList<>();
        walk.findings().forEach((tenant, findings) -> found.add(finding(tenant, findings)));
        long count = walk.findings().values().stream().mapToLong(List::size).sum();
        return Reading.of(count, 1, found);
    }

    private static Finding finding(String tenant, List<AuditReport.Finding> findings) {
        List<AlertFact> facts = new ArrayList<>();
        facts.add(new AlertFact("findings", String.valueOf(findings.size())));
        findings.stream()
                .limit(SHOWN)
                .forEach(finding -> facts.add(new AlertFact(finding.kind(), finding.text())));
        return new Finding(
                tenant,
                "The audit of tenant %s is broken: %s"
                        .formatted(tenant, findings.getFirst().text()),
                facts);
    }
}
