package drawbridge.console.client;

import drawbridge.model.view.Page;
import drawbridge.model.view.Receipt;
import drawbridge.model.view.TenantRow;

import tools.jackson.core.type.TypeReference;

import java.util.LinkedHashMap;
import java.util.Map;

/** Tenants over HTTP. */
final class HttpTenantCalls implements TenantCalls {
    private static final TypeReference<TenantRow> ROW = new TypeReference<TenantRow>() {};

    private final AdminHttp http;

    HttpTenantCalls(AdminHttp http) {
        this.http = http;
    }

    private static String tenant(String id) {
        return "/v1/tenants/" + AdminHttp.encoded(id);
    }

    private static Map<String, Object> body(String name, Bounds bounds) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("name", name);
        body.put("mostUsers", bounds.mostUsers());
        body.put("mostSessions", bounds.mostSessions());
        body.put("mostMismatches", bounds.mostMismatches());
        return body;
    }

    @Override
    public Reply<Page<TenantRow>> tenants() {
        return http.get("/v1/tenants", "/v1/tenants", new TypeReference<Page<TenantRow>>() {});
    }

    @Override
    public Reply<TenantRow> create(String id, String name, Bounds bounds) {
        Map<String, Object> body = body(name, bounds);
        body.put("id", id);
        return http.post("/v1/tenants", "/v1/tenants", body, ROW);
    }

    @Override
    public Reply<TenantRow> change(String id, String name, Bounds bounds) {
        return http.patch("/v1/tenants/…", tenant(id), body(name, bounds), ROW);
    }

    @Override
    public Reply<TenantRow> suspend(String id, String reason) {
        return http.post(
                "/v1/tenants/…/suspend", tenant(id) + "/suspend", Map.of("reason", reason), ROW);
    }

    @Override
    public Reply<TenantRow> resume(String id) {
        return http.post("/v1/tenants/…/resume", tenant(id) + "/resume", Map.of(), ROW);
    }

    @Override
    public Reply<Receipt> revokeSessions(String id, String reason) {
        return http.post(
                "/v1/tenants/…/revoke-sessions",
                tenant(id) + "/revoke-sessions",
                Map.of("reason", reason),
                new TypeReference<Receipt>() {});
    }
}
