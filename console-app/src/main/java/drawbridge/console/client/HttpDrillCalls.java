package drawbridge.console.client;

import drawbridge.model.view.DrillReport;
import drawbridge.model.view.DrillRun;
import drawbridge.model.view.DrillRunRow;
import drawbridge.model.view.Page;
import drawbridge.model.view.ThreatMatrix;

import tools.jackson.core.type.TypeReference;

import java.util.List;
import java.util.Map;

/** Threats and drills over HTTP. */
final class HttpDrillCalls implements DrillCalls {
    private final AdminHttp http;

    HttpDrillCalls(AdminHttp http) {
        this.http = http;
    }

    private static String of(String tenant) {
        return "?tenant=" + AdminHttp.encoded(tenant);
    }

    @Override
    public Reply<ThreatMatrix> threats(String tenant) {
        return http.get(
                "/v1/threats", "/v1/threats" + of(tenant), new TypeReference<ThreatMatrix>() {});
    }

    @Override
    public Reply<DrillRun> begin(String tenant, List<String> drills) {
        Map<String, Object> body =
                drills.isEmpty()
                        ? Map.of("tenant", tenant)
                        : Map.of("tenant", tenant, "drills", drills);
        return http.post("/v1/drills", "/v1/drills", body, new TypeReference<DrillRun>() {});
    }

    @Override
    public Reply<Page<DrillRunRow>> runs(String tenant) {
        return http.get(
                "/v1/drills", "/v1/drills" + of(tenant), new TypeReference<Page<DrillRunRow>>() {});
    }

    @Override
    public Reply<DrillRun> run(String id) {
        return http.get(
                "/v1/drills/…",
                "/v1/drills/" + AdminHttp.encoded(id),
                new TypeReference<DrillRun>() {});
    }

    @Override
    public Reply<DrillRun> cancel(String id) {
        return http.post(
                "/v1/drills/…/cancel",
                "/v1/drills/" + AdminHttp.encoded(id) + "/cancel",
                Map.of(),
                new TypeReference<DrillRun>() {});
    }

    @Override
    public Reply<DrillReport> report(String id) {
        return http.get(
                "/v1/drills/…/report",
                "/v1/drills/" + AdminHttp.encoded(id) + "/report",
                new TypeReference<DrillReport>() {});
    }
}
