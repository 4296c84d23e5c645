package drawbridge.console.client;

import drawbridge.model.view.CallerStrictness;
import drawbridge.model.view.ExplainedCall;
import drawbridge.model.view.Page;
import drawbridge.model.view.PolicyDifference;
import drawbridge.model.view.PolicyFile;
import drawbridge.model.view.PolicyVersionRow;
import drawbridge.model.view.RoutePolicies;
import drawbridge.model.view.RouteRule;
import drawbridge.model.view.RouteUses;
import drawbridge.model.view.TenantName;
import drawbridge.model.view.TriedCall;
import drawbridge.model.view.WhatIfResult;

import tools.jackson.core.type.TypeReference;

import java.util.List;
import java.util.Map;

/** Route policies over HTTP. */
final class HttpRouteCalls implements RouteCalls {
    private final AdminHttp http;

    HttpRouteCalls(AdminHttp http) {
        this.http = http;
    }

    private static String of(String tenant) {
        return "?tenant=" + AdminHttp.encoded(tenant);
    }

    @Override
    public Reply<Page<TenantName>> tenants() {
        return http.get("/v1/tenants", "/v1/tenants", new TypeReference<Page<TenantName>>() {});
    }

    @Override
    public Reply<Page<CallerStrictness>> callers(String tenant) {
        return http.get(
                "/v1/callers",
                "/v1/callers" + of(tenant),
                new TypeReference<Page<CallerStrictness>>() {});
    }

    @Override
    public Reply<RoutePolicies> policies(String tenant) {
        return http.get(
                "/v1/policies", "/v1/policies" + of(tenant), new TypeReference<RoutePolicies>() {});
    }

    @Override
    public Reply<RouteUses> use(String tenant) {
        return http.get(
                "/v1/policies/use",
                "/v1/policies/use" + of(tenant),
                new TypeReference<RouteUses>() {});
    }

    @Override
    public Reply<Page<PolicyVersionRow>> versions(String tenant) {
        return http.get(
                "/v1/policies/versions",
                "/v1/policies/versions" + of(tenant),
                new TypeReference<Page<PolicyVersionRow>>() {});
    }

    @Override
    public Reply<RoutePolicies> version(String tenant, int version) {
        return http.get(
                "/v1/policies/versions/" + version,
                "/v1/policies/versions/" + version + of(tenant),
                new TypeReference<RoutePolicies>() {});
    }

    @Override
    public Reply<PolicyDifference> difference(String tenant, int from, int to) {
        return http.get(
                "/v1/policies/diff",
                "/v1/policies/diff" + of(tenant) + "&from=" + from + "&to=" + to,
                new TypeReference<PolicyDifference>() {});
    }

    @Override
    public Reply<PolicyDifference> difference(String tenant, List<RouteRule> proposal) {
        return http.ask(
                "/v1/policies/import",
                "/v1/policies/import",
                Map.of(
                        "tenant",
                        tenant,
                        "dryRun",
                        true,
                        "file",
                        new PolicyFile(PolicyFile.FORMAT, tenant, 0, proposal)),
                new TypeReference<PolicyDifference>() {});
    }

    @Override
    public Reply<WhatIfResult> whatIf(String tenant, List<RouteRule> proposal) {
        return http.ask(
                "/v1/whatif",
                "/v1/whatif",
                Map.of("tenant", tenant, "rules", proposal),
                new TypeReference<WhatIfResult>() {});
    }

    @Override
    public Reply<RoutePolicies> replace(
            String tenant, int base, List<RouteRule> rules, String note) {
        return http.put(
                "/v1/policies",
                "/v1/policies",
                Map.of("tenant", tenant, "baseVersion", base, "rules", rules, "note", note),
                new TypeReference<RoutePolicies>() {});
    }

    @Override
    public Reply<RoutePolicies> restore(String tenant, int base, int version) {
        return http.post(
                "/v1/policies/versions/" + version + "/restore",
                "/v1/policies/versions/" + version + "/restore",
                Map.of("tenant", tenant, "baseVersion", base),
                new TypeReference<RoutePolicies>() {});
    }

    @Override
    public Reply<PolicyFile> export(String tenant) {
        return http.get(
                "/v1/policies/export",
                "/v1/policies/export" + of(tenant),
                new TypeReference<PolicyFile>() {});
    }

    @Override
    public Reply<ExplainedCall> tryCall(TriedCall call) {
        return http.ask(
                "/v1/policies/try",
                "/v1/policies/try",
                call,
                new TypeReference<ExplainedCall>() {});
    }

    @Override
    public Reply<ExplainedCall> explain(String requestId) {
        return http.get(
                "/v1/explain/…",
                "/v1/explain/" + AdminHttp.encoded(requestId),
                new TypeReference<ExplainedCall>() {});
    }
}
