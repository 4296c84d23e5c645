package drawbridge.server.http;

import drawbridge.model.ProblemCode;
import drawbridge.model.TenantId;
import drawbridge.server.config.WebOrigin;
import drawbridge.server.session.Sessions.By;
import drawbridge.server.tenant.DatabaseTenantStore;
import drawbridge.server.tenant.Tenant;
import drawbridge.server.tenant.Tenant.Bounds;
import drawbridge.server.tenant.Tenant.Reach;
import drawbridge.server.tenant.Tenants;
import drawbridge.server.tenant.Tenants.Change;
import drawbridge.server.tenant.Tenants.Outcome;

import io.javalin.http.Context;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code /v1/tenants}: what the operator does with tenants. */
final class TenantAdminEndpoint {
    private static final int MOST_NAME = 200;
    private static final int MOST_REASON = 500;
    private static final int MOST_REACH = 50;
    private static final int MOST_BOUND = 1_000_000_000;
    private static final String HOST = "[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?";

    private final RequestReader reader;
    private final Tenants tenants;

    TenantAdminEndpoint(RequestReader reader, Tenants tenants) {
        this.reader = reader;
        this.tenants = tenants;
    }

    void list(Context ctx) {
        List<Tenant> all = tenants.all();
        ObjectNode answer = Json.object();
        ArrayNode items = answer.putArray("items");
        all.forEach(tenant -> items.add(json(tenant)));
        answer.putNull("next");
        answer.put("total", all.size());
        Answers.json(ctx, 200, answer);
    }

    void show(Context ctx) {
        Answers.json(
                ctx, 200, json(tenants.find(id(ctx)).orElseThrow(TenantAdminEndpoint::unknown)));
    }

    void create(Context ctx) {
        Body body = reader.body(ctx);
        String id = body.needed(63, "id");
        String name = body.needed(MOST_NAME, "name");
        Reach reach = reach(body, new Reach(Set.of(), Set.of()));
        Bounds bounds = bounds(body, new Bounds(0, 0, 0));
        body.refuseOthers();
        answer(ctx, 201, tenants.create(idOf(id), name, reach, bounds, by(ctx)));
    }

    private static TenantId idOf(String text) {
        return parse(text)
                .orElseThrow(() ->
                        ProblemException.inField(
                                "id",
                                "is no tenant id; give lower-case letters, digits and inner hyphens, at most 63"));
    }

    void change(Context ctx) {
        Body body = reader.body(ctx);
        Tenant before = tenants.find(id(ctx)).orElseThrow(TenantAdminEndpoint::unknown);
        Optional<String> name = body.text(MOST_NAME, "name").filter(text -> !text.isBlank());
        Reach reach = reach(body, before.reach());
        Bounds bounds = bounds(body, before.bounds());
        body.refuseOthers();
        Change change = new Change(name, Optional.of(reach), Optional.of(bounds));
        answer(ctx, 200, tenants.change(before.id(), change, by(ctx)));
    }

    private static Reach reach(Body body, Reach before) {
        return new Reach(
                body.texts("corsOrigins", MOST_REACH, 300)
                        .map(TenantAdminEndpoint::origins)
                        .orElse(before.corsOrigins()),
                body.texts("hosts", MOST_REACH, 253)
                        .map(TenantAdminEndpoint::hosts)
                        .orElse(before.hosts()));
    }

    private static Set<String> origins(Set<String> texts) {
        Set<String> origins = new LinkedHashSet<>();
        for (String text : texts) {
            origins.add(
                    WebOrigin.parse(text)
                            .orElseThrow(() ->
                                    ProblemException.inField(
                                            "corsOrigins",
                                            "each is written like https://app.example.com, without a path"))
                            .value());
        }
        return origins;
    }

    private static Set<String> hosts(Set<String> texts) {
        Set<String> hosts = new LinkedHashSet<>();
        for (String text : texts) {
            String host = text.strip().toLowerCase(Locale.ROOT);
            if (!host.matches(HOST)) {
                throw ProblemException.inField(
                        "hosts", "each is a host name without a port, such as login.example.com");
            }
            hosts.add(host);
        }
        return hosts;
    }

    private static Bounds bounds(Body body, Bounds before) {
        return new Bounds(
                body.number("mostUsers", 0, MOST_BOUND).orElse(before.mostUsers()),
                body.number("mostSessions", 0, MOST_BOUND).orElse(before.mostSessions()),
                body.number("mostMismatches", 0, 1000).orElse(before.mostMismatches()));
    }

    void suspend(Context ctx) {
        Body body = reader.body(ctx);
        String reason = body.text(MOST_REASON, "reason").orElse("");
        body.refuseOthers();
        answer(ctx, 200, tenants.suspend(id(ctx), reason, by(ctx)));
    }

    void resume(Context ctx) {
        reader.body(ctx).refuseOthers();
        answer(ctx, 200, tenants.resume(id(ctx), by(ctx)));
    }

    void delete(Context ctx) {
        Body body = reader.body(ctx);
        String confirm = body.needed(MOST_NAME, "confirm");
        boolean unexported = body.flag("withoutExport", false);
        body.refuseOthers();
        Tenant tenant = tenants.find(id(ctx)).orElseThrow(TenantAdminEndpoint::unknown);
        if (!confirm.equals(tenant.name())) {
            throw ProblemException.inField("confirm", "must be the name of the tenant");
        }
        switch (tenants.delete(tenant.id(), unexported, by(ctx))) {
            case Outcome.Done _ -> {
                ObjectNode answer = Json.object();
                answer.put("deleted", tenant.id().value());
                Answers.json(ctx, 200, answer);
            }
            case Outcome.NotDeletable(String why) ->
                    throw ProblemException.of(ProblemCode.TENANT_NOT_DELETABLE, why);
            case Outcome.Unknown _, Outcome.Given _, Outcome.HostTaken _ -> throw unknown();
        }
    }

    void export(Context ctx) {
        Body body = reader.body(ctx);
        boolean withHashes = body.flag("withPasswordHashes", false);
        body.refuseOthers();
        TenantId id = id(ctx);
        Tenant tenant = tenants.find(id).orElseThrow(TenantAdminEndpoint::unknown);
        ObjectNode answer = Json.object();
        answer.set("tenant", json(tenant));
        Tables tables = new Tables(answer.putObject("tables"));
        if (!tenants.export(id, withHashes, tables, by(ctx))) {
            throw unknown();
        }
        Answers.json(ctx, 200, answer);
    }

    private void answer(Context ctx, int status, Outcome outcome) {
        switch (outcome) {
            case Outcome.Done(Tenant tenant, var receipt) -> {
                ObjectNode answer = json(tenant);
                if (receipt != null) {
                    answer.putPOJO("receipt", receipt);
                }
                Answers.json(ctx, status, answer);
            }
            case Outcome.Unknown _ -> throw unknown();
            case Outcome.Given _ ->
                    throw new ProblemException(
                            ProblemCode.TENANT_EXISTS,
                            "id: there is a tenant with this id, or there was one",
                            "id",
                            0);
            case Outcome.HostTaken(String host) ->
                    throw ProblemException.inField("hosts", host + " is another tenant's");
            case Outcome.NotDeletable(String why) ->
                    throw ProblemException.of(ProblemCode.TENANT_NOT_DELETABLE, why);
        }
    }

    private ObjectNode json(Tenant tenant) {
        ObjectNode body = Json.object();
        body.put("id", tenant.id().value());
        body.put("name", tenant.name());
        body.put("state", tenant.isSuspended() ? "suspended" : "active");
        body.put("createdAt", tenant.createdAt().toString());
        body.put("suspendedAt", text(tenant.suspendedAt()));
        body.put("exportedAt", text(tenant.exportedAt()));
        ArrayNode origins = body.putArray("corsOrigins");
        tenant.reach().corsOrigins().stream().sorted().forEach(origins::add);
        ArrayNode hosts = body.putArray("hosts");
        tenant.reach().hosts().stream().sorted().forEach(hosts::add);
        body.put("mostUsers", tenant.bounds().mostUsers());
        body.put("mostSessions", tenant.bounds().mostSessions());
        body.put("mostMismatches", tenant.bounds().mostMismatches());
        Tenants.Size size = tenants.size(tenant.id());
        body.put("users", size.users());
        body.put("sessions", size.sessions());
        return body;
    }

    private static @Nullable String text(@Nullable Instant at) {
        return at == null ? null : at.toString();
    }

    private By by(Context ctx) {
        return By.admin(reader.requestId(ctx));
    }

    private static TenantId id(Context ctx) {
        return parse(ctx.pathParam("tenant")).orElseThrow(TenantAdminEndpoint::unknown);
    }

    /** The tenant id that the text is; empty when it is none. */
    static Optional<TenantId> parse(String text) {
        try {
            return Optional.of(new TenantId(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static ProblemException unknown() {
        return ProblemException.of(ProblemCode.UNKNOWN_ID, "there is no tenant with this id");
    }

    /** Puts rows into JSON as they come; bytes are base64url. */
    private static final class Tables implements DatabaseTenantStore.Rows {
        private final ObjectNode tables;
        private String table = "";

        Tables(ObjectNode tables) {
            this.tables = tables;
        }

        @Override
        public void table(String name) {
            table = name;
            tables.putArray(name);
        }

        @Override
        public void row(Map<String, @Nullable Object> row) {
            ObjectNode json = ((ArrayNode) tables.get(table)).addObject();
            row.forEach((column, value) -> {
                switch (value) {
                    case null -> json.putNull(column);
                    case Integer number -> json.put(column, number);
                    case Long number -> json.put(column, number);
                    case Double number -> json.put(column, number);
                    case byte[] bytes ->
                            json.put(
                                    column,
                                    new String(
                                            Base64.getUrlEncoder().withoutPadding().encode(bytes),
                                            StandardCharsets.US_ASCII));
                    default -> json.put(column, value.toString());
                }
            });
        }
    }
}
