package drawbridge.server.checklist;

import drawbridge.model.TenantId;
import drawbridge.model.view.ChecklistEvidence;
import drawbridge.model.view.DrillMark;
import drawbridge.model.view.ThreatMatrix;
import drawbridge.model.view.ThreatReason;
import drawbridge.model.view.ThreatRow;
import drawbridge.server.bridge.CallerUse.Weakness;
import drawbridge.server.bridge.CallerView;
import drawbridge.server.bridge.Callers;
import drawbridge.server.checklist.Evidence.At;
import drawbridge.server.drill.Threats;
import drawbridge.server.policy.Policies;
import drawbridge.server.policy.PolicySet;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Every route asks who is there: what weakens that, what drills found, and what callers send. */
final class OfAuthentication implements Judge {
    /** What was seen longer ago was mended, or does not matter. */
    static final Duration LATELY = Duration.ofDays(7);

    /** Reasons of the threat matrix that stand for other practices, or for none. */
    private static final Set<String> ELSEWHERE =
            Set.of("logins_not_limited", "secret_guesses_not_limited", "not_warmed");

    private final Threats threats;
    private final Callers callers;
    private final Policies policies;
    private final ChecklistSettings settings;

    OfAuthentication(
            Threats threats, Callers callers, Policies policies, ChecklistSettings settings) {
        this.threats = threats;
        this.callers = callers;
        this.policies = policies;
        this.settings = settings;
    }

    @Override
    public List<ChecklistEvidence> judge(TenantId tenant, Instant now) {
        List<ChecklistEvidence> found = new ArrayList<>();
        Optional<ThreatMatrix> matrix = threats.matrix(tenant);
        matrix.ifPresent(seen -> {
            reasons(seen, Set.of(), ELSEWHERE).forEach(found::add);
            drills(found, seen);
        });
        boolean hasRules =
                policies.inForce(tenant)
                        .map(PolicySet::rules)
                        .filter(r -> !r.isEmpty())
                        .isPresent();
        for (CallerView view : callers.list(tenant)) {
            At at = At.caller(view.caller().id(), view.caller().name());
            OfSecrets.lately(view, Weakness.SIGNAL_NOT_SENT, now)
                    .ifPresent(seen ->
                            found.add(
                                    Evidence.warn(
                                            "signal_not_sent",
                                            "%s left out signals in %,d calls, last on %s, and nothing was compared"
                                                    .formatted(
                                                            view.caller().name(),
                                                            seen.uses(),
                                                            seen.lastAt()),
                                            at)));
            if (hasRules) {
                OfSecrets.lately(view, Weakness.ROUTE_NOT_TOLD, now)
                        .ifPresent(seen ->
                                found.add(
                                        Evidence.warn(
                                                "route_not_told",
                                                "%s does not say which route it asks for, so that no policy can be stricter; last on %s"
                                                        .formatted(
                                                                view.caller().name(),
                                                                seen.lastAt()),
                                                at)));
            }
        }
        if (settings.edge().tellsAddresses()) {
            found.add(
                    Evidence.warn(
                            "registration_tells",
                            "whoever registers is told whether an address has an account; with e-mail verification on, both are answered alike",
                            At.setting("email.verification")));
        }
        return found;
    }

    /**
     * What the threat matrix says weakens its controls, each reason once.
     *
     * @param only these codes; all when empty
     * @param not and never these
     */
    static List<ChecklistEvidence> reasons(ThreatMatrix matrix, Set<String> only, Set<String> not) {
        Map<String, ThreatReason> once = new LinkedHashMap<>();
        for (ThreatRow row : matrix.rows()) {
            for (ThreatReason reason : row.reasons()) {
                if ((only.isEmpty() || only.contains(reason.code()))
                        && !not.contains(reason.code())) {
                    once.putIfAbsent(
                            reason.code() + reason.callerId() + reason.route() + reason.setting(),
                            reason);
                }
            }
        }
        return once.values().stream().map(Evidence::of).toList();
    }

    private static void drills(List<ChecklistEvidence> found, ThreatMatrix matrix) {
        List<String> held = new ArrayList<>();
        List<String> never = new ArrayList<>();
        for (ThreatRow row : matrix.rows()) {
            DrillMark last = row.lastDrill();
            if (last == null) {
                never.add(row.id());
            } else if (last.outcome().equals("open")) {
                found.add(
                        Evidence.fail(
                                "drill_open",
                                "the drill %s got through on %s".formatted(row.id(), last.at()),
                                At.screen("threats")));
            } else {
                held.add(row.id());
            }
        }
        if (!held.isEmpty()) {
            found.add(
                    Evidence.pass(
                            "drills_held", "drills that were refused: " + String.join(", ", held)));
        }
        if (!never.isEmpty()) {
            found.add(
                    Evidence.note(
                            "drills_not_played",
                            "drills never played for this tenant: " + String.join(", ", never),
                            At.screen("threats")));
        }
    }
}
