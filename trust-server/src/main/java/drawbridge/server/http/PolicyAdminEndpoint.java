package drawbridge.server.http;

import drawbridge.model.ProblemCode;
import drawbridge.model.TenantId;
import drawbridge.server.policy.DatabasePolicyStore;
import drawbridge.server.policy.DatabaseRouteUse;
import drawbridge.server.policy.Policies;
import drawbridge.server.policy.Policies.Outcome;
import drawbridge.server.policy.PolicyDiff;
import drawbridge.server.policy.PolicyRule;
import drawbridge.server.policy.PolicySet;
import drawbridge.server.policy.RouteTable;
import drawbridge.server.session.Sessions.By;

import io.javalin.http.Context;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.Instant;
import java.util.List;

/** {@code /v1/policies}: which mode a route is judged by. */
final class PolicyAdminEndpoint {
    /** What a file of policies says it is. */
    private static final String FORMAT = "drawbridge-policies/1";

    private static final int MOST_NOTE = 500;
    private static final int VERSIONS = 200;

    private final RequestReader reader;
    private final Policies policies;
    private final DatabaseRouteUse routeUse;
    private final Clock clock;

    PolicyAdminEndpoint(
            RequestReader reader, Policies policies, DatabaseRouteUse routeUse, Clock clock) {
        this.reader = reader;
        this.policies = policies;
        this.routeUse = routeUse;
        this.clock = clock;
    }

    void show(Context ctx) {
        Answers.json(ctx, 200, PolicyJson.of(inForce(CallerAdminEndpoint.tenant(ctx))));
    }

    /** How often each rule in force decided in the last hour, and what it refused. */
    void use(Context ctx) {
        TenantId tenant = CallerAdminEndpoint.tenant(ctx);
        inForce(tenant);
        RouteTable table = policies.table(tenant);
        Instant now = clock.instant();
        Answers.json(
                ctx,
                200,
                PolicyJson.use(tenant, table.policies(), routeUse.hours(tenant, table, now), now));
    }

    void replace(Context ctx) {
        Body body = reader.body(ctx);
        TenantId tenant = tenant(body);
        int base = base(body);
        List<PolicyRule> rules = rules(body);
        String note = body.text(MOST_NOTE, "note").orElse("");
        body.refuseOthers();
        answer(ctx, policies.change(tenant, base, rules, note, by(ctx)));
    }

    void versions(Context ctx) {
        TenantId tenant = CallerAdminEndpoint.tenant(ctx);
        int newest = inForce(tenant).version();
        ObjectNode answer = Json.object();
        ArrayNode items = answer.putArray("items");
        for (DatabasePolicyStore.Version version : policies.versions(tenant, VERSIONS)) {
            ObjectNode item = items.addObject();
            item.put("version", version.version());
            item.put("at", version.at().toString());
            item.put("by", version.by());
            item.put("note", version.note());
            item.put("rules", version.rules());
            item.put("inForce", version.version() == newest);
        }
        answer.putNull("next");
        answer.put("total", newest);
        Answers.json(ctx, 200, answer);
    }

    void version(Context ctx) {
        TenantId tenant = CallerAdminEndpoint.tenant(ctx);
        Answers.json(
                ctx, 200, PolicyJson.of(version(tenant, number("id", ctx.pathParam("version")))));
    }

    void diff(Context ctx) {
        TenantId tenant = CallerAdminEndpoint.tenant(ctx);
        int newest = inForce(tenant).version();
        String to = ctx.queryParam("to");
        PolicySet after = to == null ? version(tenant, newest) : version(tenant, number("to", to));
        String from = ctx.queryParam("from");
        PolicySet before =
                version(
                        tenant,
                        from == null ? Math.max(0, after.version() - 1) : number("from", from));
        ObjectNode answer = Json.object();
        answer.put("from", before.version());
        answer.put("to", after.version());
        answer.set("changes", PolicyJson.of(PolicyDiff.between(before.rules(), after.rules())));
        Answers.json(ctx, 200, answer);
    }

    void restore(Context ctx) {
        Body body = reader.body(ctx);
        TenantId tenant = tenant(body);
        int base = base(body);
        body.refuseOthers();
        int version = number("version", ctx.pathParam("version"));
        answer(ctx, policies.restore(tenant, base, version, by(ctx)));
    }

    void export(Context ctx) {
        PolicySet set = inForce(CallerAdminEndpoint.tenant(ctx));
        ObjectNode file = Json.object();
        file.put("format", FORMAT);
        file.put("tenant", set.tenant().value());
        file.put("version", set.version());
        ArrayNode rules = file.putArray("rules");
        set.rules().forEach(rule -> rules.add(PolicyJson.of(rule)));
        ctx.header(
                "Content-Disposition",
                "attachment; filename=\"policies-%s-%d.json\""
                        .formatted(set.tenant(), set.version()));
        Answers.json(ctx, 200, file);
    }

    /** With a dry run nothing changes: the answer says what would. */
    void importFile(Context ctx) {
        Body body = reader.body(ctx);
        TenantId tenant = tenant(body);
        boolean isDry = body.flag("dryRun", false);
        Body file =
                body.object("file")
                        .orElseThrow(
                                () -> body.wrong("file", "is missing; give what export answered"));
        if (!file.needed(64, "format").equals(FORMAT)) {
            throw file.wrong("format", "must be " + FORMAT);
        }
        file.text(64, "tenant"); // where it comes from; the rules may be meant for another one
        file.number("version", 0, Integer.MAX_VALUE);
        List<PolicyRule> rules = rules(file);
        file.refuseOthers();
        PolicySet before = inForce(tenant);
        int base = body.number("baseVersion", 0, Integer.MAX_VALUE).orElse(-1);
        body.refuseOthers();
        ObjectNode answer = Json.object();
        answer.put("dryRun", isDry);
        answer.put("baseVersion", before.version());
        answer.set("changes", PolicyJson.of(PolicyDiff.between(before.rules(), rules)));
        answer.set("warnings", PolicyJson.warnings(rules));
        if (!isDry) {
            if (base < 0) {
                throw body.wrong("baseVersion", "is missing; a dry run tells it");
            }
            Outcome outcome = policies.importRules(tenant, base, rules, by(ctx));
            answer.put("changed", !(outcome instanceof Outcome.Unchanged));
            answer.put("version", done(outcome).version());
        }
        Answers.json(ctx, 200, answer);
    }

    private static TenantId tenant(Body body) {
        return body.text(64, "tenant")
                .map(text -> CallerAdminEndpoint.tenant("tenant", text))
                .orElse(TenantId.DEFAULT);
    }

    private static int base(Body body) {
        return body.number("baseVersion", 0, Integer.MAX_VALUE)
                .orElseThrow(() ->
                        body.wrong("baseVersion", "is missing; give the version you have read"));
    }

    private static List<PolicyRule> rules(Body body) {
        return PolicyJson.rules(body, "rules")
                .orElseThrow(() -> body.wrong("rules", "is missing; give a list"));
    }

    private PolicySet inForce(TenantId tenant) {
        return policies.inForce(tenant).orElseThrow(PolicyAdminEndpoint::unknown);
    }

    private PolicySet version(TenantId tenant, int version) {
        return policies.version(tenant, version).orElseThrow(PolicyAdminEndpoint::unknown);
    }

    private static int number(String field, @Nullable String text) {
        if (text == null || !text.matches("0|[1-9][0-9]{0,8}")) {
            throw ProblemException.inField(field, "must be the number of a version");
        }
        return Integer.parseInt(text);
    }

    private void answer(Context ctx, Outcome outcome) {
        Answers.json(ctx, 200, PolicyJson.of(done(outcome)));
    }

    private static PolicySet done(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Done(PolicySet set) -> set;
            case Outcome.Unchanged(PolicySet set) -> set;
            case Outcome.Conflict(int inForce) ->
                    throw ProblemException.of(
                            ProblemCode.VERSION_CONFLICT,
                            "version %d is in force by now; read it and change that"
                                    .formatted(inForce));
            case Outcome.Unknown _ -> throw unknown();
        };
    }

    private By by(Context ctx) {
        return By.admin(reader.requestId(ctx));
    }

    private static ProblemException unknown() {
        return ProblemException.of(ProblemCode.UNKNOWN_ID, "there is nothing with this id");
    }
}
