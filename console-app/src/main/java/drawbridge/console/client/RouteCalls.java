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

import java.util.List;

/**
 * The part of the admin API that is about route policies. Blocks like every call of {@link
 * TrustClient}; safe for many threads.
 */
public interface RouteCalls {
    /** {@code GET /v1/tenants}. */
    Reply<Page<TenantName>> tenants();

    /** {@code GET /v1/callers}: how strictly each caller of that tenant is judged. */
    Reply<Page<CallerStrictness>> callers(String tenant);

    /** {@code GET /v1/policies}: what is in force. */
    Reply<RoutePolicies> policies(String tenant);

    /** {@code GET /v1/policies/use}: what each rule decided in the last hour. */
    Reply<RouteUses> use(String tenant);

    /** {@code GET /v1/policies/versions}, the newest first. */
    Reply<Page<PolicyVersionRow>> versions(String tenant);

    /** {@code GET /v1/policies/versions/{n}}. */
    Reply<RoutePolicies> version(String tenant, int version);

    /** {@code GET /v1/policies/diff}. */
    Reply<PolicyDifference> difference(String tenant, int from, int to);

    /**
     * {@code POST /v1/policies/import} as a dry run: how a proposal differs from what is in force.
     */
    Reply<PolicyDifference> difference(String tenant, List<RouteRule> proposal);

    /** {@code POST /v1/whatif}: the recorded calls under a proposal. */
    Reply<WhatIfResult> whatIf(String tenant, List<RouteRule> proposal);

    /**
     * {@code PUT /v1/policies}: a new version.
     *
     * @param base the version it starts from; another one in force is {@code VERSION_CONFLICT}
     * @param note may be empty
     */
    Reply<RoutePolicies> replace(String tenant, int base, List<RouteRule> rules, String note);

    /** {@code POST /v1/policies/versions/{n}/restore}: a new version with old rules. */
    Reply<RoutePolicies> restore(String tenant, int base, int version);

    /** {@code GET /v1/policies/export}: what a file is to hold. */
    Reply<PolicyFile> export(String tenant);

    /** {@code POST /v1/policies/try}: how a call would be judged that nobody made. */
    Reply<ExplainedCall> tryCall(TriedCall call);

    /** {@code GET /v1/explain/{requestId}}: why a recent call was answered as it was. */
    Reply<ExplainedCall> explain(String requestId);
}
