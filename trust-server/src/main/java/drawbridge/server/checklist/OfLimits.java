package drawbridge.server.checklist;

import drawbridge.model.TenantId;
import drawbridge.model.view.ChecklistEvidence;
import drawbridge.model.view.EndpointCoverage;
import drawbridge.server.drill.Threats;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** Every public endpoint is counted, and by numbers that hold somebody up. */
final class OfLimits implements Judge {
    private static final Set<String> CODES =
            Set.of("logins_not_limited", "secret_guesses_not_limited");

    private final Threats threats;
    private final Supplier<List<EndpointCoverage>> endpoints;
    private final ChecklistSettings settings;

    OfLimits(
            Threats threats,
            Supplier<List<EndpointCoverage>> endpoints,
            ChecklistSettings settings) {
        this.threats = threats;
        this.endpoints = endpoints;
        this.settings = settings;
    }

    @Override
    public List<ChecklistEvidence> judge(TenantId tenant, Instant now) {
        List<ChecklistEvidence> found = new ArrayList<>();
        threats.matrix(tenant)
                .ifPresent(
                        matrix -> found.addAll(OfAuthentication.reasons(matrix, CODES, Set.of())));
        long open =
                endpoints.get().stream().filter(each -> each.listener().equals("public")).count();
        found.add(
                Evidence.pass(
                        "endpoints_counted",
                        "all %d public endpoints are counted, or the server would not have started; logins and the like %d a minute"
                                .formatted(open, settings.edge().perMinute())));
        return found;
    }
}
