package drawbridge.server.http;

import drawbridge.model.CallerKit;
import drawbridge.model.CallerSignals;
import drawbridge.model.IpNetwork;
import drawbridge.model.ProblemCode;
import drawbridge.model.TenantId;
import drawbridge.model.ValidationMode;
import drawbridge.server.bridge.AdvancedMeans;
import drawbridge.server.bridge.Caller;
import drawbridge.server.bridge.CallerView;
import drawbridge.server.bridge.CallerView.SecretVersion;
import drawbridge.server.bridge.Callers;
import drawbridge.server.bridge.Callers.Outcome;
import drawbridge.server.bridge.Scope;
import drawbridge.server.session.Sessions.By;

import io.javalin.http.Context;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** {@code /v1/callers}: back ends, their secrets and rights. */
final class CallerAdminEndpoint {
    private static final int MOST_NETWORKS = 100;
    private static final Duration LONGEST_LEASE = Duration.ofHours(1);
    private static final Duration LONGEST_MEMORY = Duration.ofMinutes(5);
    private static final Duration LONGEST_OVERLAP = Duration.ofDays(90);
    private static final Duration SHORTEST_PLAN = Duration.ofHours(1);
    private static final Duration LONGEST_PLAN = Duration.ofDays(1000);
    private static final Duration OVERLAP = Duration.ofHours(24);

    private final RequestReader reader;
    private final Callers callers;

    CallerAdminEndpoint(RequestReader reader, Callers callers) {
        this.reader = reader;
        this.callers = callers;
    }

    void list(Context ctx) {
        String tenant = ctx.queryParam("tenant");
        List<CallerView> all = callers.list(tenant == null ? null : tenant("tenant", tenant));
        ObjectNode answer = Json.object();
        ArrayNode items = answer.putArray("items");
        all.forEach(view -> items.add(CallerJson.of(view)));
        answer.putNull("next");
        answer.put("total", all.size());
        Answers.json(ctx, 200, answer);
    }

    void show(Context ctx) {
        CallerView view =
                callers.get(ctx.pathParam("id")).orElseThrow(CallerAdminEndpoint::unknown);
        Answers.json(ctx, 200, CallerJson.of(view));
    }

    void create(Context ctx) {
        Body body = reader.body(ctx);
        Caller blank =
                new Caller(
                        "",
                        name(body).orElseThrow(() -> body.wrong("name", "is missing; give a text")),
                        body.text(64, "tenant")
                                .map(text -> tenant("tenant", text))
                                .orElse(TenantId.DEFAULT),
                        CallerKit.DRAWBRIDGE,
                        CallerSignals.REQUIRED,
                        ValidationMode.STANDARD,
                        Duration.ofSeconds(60),
                        Duration.ZERO,
                        Set.of(Scope.VALIDATE),
                        List.of(),
                        AdvancedMeans.DEVICE);
        Caller wanted = changed(body, blank);
        body.refuseOthers();
        answer(ctx, 201, callers.create(wanted, by(ctx)));
    }

    void change(Context ctx) {
        Body body = reader.body(ctx);
        CallerView known =
                callers.get(ctx.pathParam("id")).orElseThrow(CallerAdminEndpoint::unknown);
        Caller wanted = changed(body, known.caller()); // to find what is wrong before writing
        body.refuseOthers();
        if (known.byEnvironment() && !isEnvironmentKept(known.caller(), wanted)) {
            throw ProblemException.of(
                    ProblemCode.INVALID_FIELD,
                    "name, kit, signals, floor and lease of this caller are set by the environment at every start; change them there");
        }
        answer(
                ctx,
                200,
                callers.change(known.caller().id(), before -> changed(body, before), by(ctx)));
    }

    private static boolean isEnvironmentKept(Caller before, Caller after) {
        return before.name().equals(after.name())
                && before.kit() == after.kit()
                && before.signals() == after.signals()
                && before.floor() == after.floor()
                && before.lease().equals(after.lease());
    }

    void delete(Context ctx) {
        answer(ctx, 200, callers.delete(ctx.pathParam("id"), by(ctx)));
    }

    void rotate(Context ctx) {
        Body body = reader.body(ctx);
        Duration overlap = body.duration("overlap", Duration.ZERO, LONGEST_OVERLAP).orElse(OVERLAP);
        body.refuseOthers();
        answer(ctx, 200, callers.rotate(ctx.pathParam("id"), overlap, by(ctx)));
    }

    void plan(Context ctx) {
        Body body = reader.body(ctx);
        Duration every = body.duration("every", SHORTEST_PLAN, LONGEST_PLAN).orElse(null);
        Duration overlap = body.duration("overlap", Duration.ZERO, LONGEST_OVERLAP).orElse(OVERLAP);
        body.refuseOthers();
        answer(ctx, 200, callers.schedule(ctx.pathParam("id"), every, overlap, by(ctx)));
    }

    void retire(Context ctx) {
        reader.body(ctx).refuseOthers();
        int version = version(ctx);
        ended(ctx, version, callers.retire(ctx.pathParam("id"), version, by(ctx)));
    }

    void burn(Context ctx) {
        reader.body(ctx).refuseOthers();
        int version = version(ctx);
        ended(ctx, version, callers.burn(ctx.pathParam("id"), version, by(ctx)));
    }

    void burnAll(Context ctx) {
        reader.body(ctx).refuseOthers();
        answer(ctx, 200, callers.burnAll(ctx.pathParam("id"), by(ctx)));
    }

    void burnEverything(Context ctx) {
        Body body = reader.body(ctx);
        TenantId tenant = body.text(64, "tenant").map(text -> tenant("tenant", text)).orElse(null);
        body.refuseOthers();
        Callers.Burned burned = callers.burnEverything(tenant, by(ctx));
        ObjectNode answer = Json.object();
        answer.put("callers", burned.callers());
        answer.put("secrets", burned.secrets());
        answer.put("number", burned.number());
        Answers.json(ctx, 200, answer);
    }

    private static int version(Context ctx) {
        String text = ctx.pathParam("version");
        if (!text.matches("[1-9][0-9]{0,8}")) {
            throw unknown();
        }
        return Integer.parseInt(text);
    }

    private void answer(Context ctx, int status, Outcome outcome) {
        switch (outcome) {
            case Outcome.Done(CallerView caller, long number) -> {
                ObjectNode answer = Json.object();
                answer.set("caller", CallerJson.of(caller));
                answer.put("number", number);
                Answers.json(ctx, status, answer);
            }
            case Outcome.NewSecret(CallerView caller, int version, var secret) -> {
                ObjectNode answer = Json.object();
                answer.set("caller", CallerJson.of(caller));
                answer.put("version", version);
                try (secret) {
                    String text = secret.use(bytes -> new String(bytes, StandardCharsets.US_ASCII));
                    answer.put("secret", text);
                }
                answer.put("note", "the secret is shown this once and kept nowhere");
                Answers.json(ctx, status, answer);
            }
            case Outcome.Unknown _ -> throw unknown();
            case Outcome.NameTaken _ ->
                    throw new ProblemException(
                            ProblemCode.DUPLICATE_NAME,
                            "name: another caller of the tenant has it, or it is kept for the environment's caller",
                            "name",
                            0);
            case Outcome.LastSecret _ ->
                    throw ProblemException.of(
                            ProblemCode.LAST_SECRET,
                            "it is the only secret this caller has; rotate first, or burn it if it has leaked");
        }
    }

    private void ended(Context ctx, int version, Outcome outcome) {
        if (outcome instanceof Outcome.Done(CallerView caller, long number)) {
            ObjectNode answer = Json.object();
            answer.set("caller", CallerJson.of(caller));
            answer.put("number", number);
            for (SecretVersion secret : caller.secrets()) {
                if (secret.version() == version) {
                    answer.set("ended", CallerJson.of(secret));
                }
            }
            Answers.json(ctx, 200, answer);
            return;
        }
        answer(ctx, 200, outcome);
    }

    private By by(Context ctx) {
        return By.admin(reader.requestId(ctx));
    }

    private static ProblemException unknown() {
        return ProblemException.of(ProblemCode.UNKNOWN_ID, "there is nothing with this id");
    }

    // ---- reading ----

    /** The caller with what the body names; asking for a field makes it known. */
    static Caller changed(Body body, Caller before) {
        return new Caller(
                before.id(),
                name(body).orElse(before.name()),
                before.tenant(),
                word(body, "kit", CallerKit::parse, "drawbridge or flowfull").orElse(before.kit()),
                word(body, "signals", CallerSignals::parse, "required or when-sent")
                        .orElse(before.signals()),
                word(body, "floor", ValidationMode::parse, "STANDARD, ADVANCED or STRICT")
                        .orElse(before.floor()),
                body.duration("lease", Duration.ZERO, LONGEST_LEASE).orElse(before.lease()),
                body.duration("remember", Duration.ZERO, LONGEST_MEMORY).orElse(before.remember()),
                scopes(body).orElse(before.scopes()),
                networks(body).orElse(before.networks()),
                word(body, "advancedMeans", AdvancedMeans::parse, "device or agent")
                        .orElse(before.advancedMeans()));
    }

    private static Optional<String> name(Body body) {
        return body.text(64, "name")
                .map(text -> {
                    if (!text.matches("[A-Za-z0-9]([A-Za-z0-9._-]{0,62}[A-Za-z0-9])?")) {
                        throw body.wrong(
                                "name",
                                "must be letters and digits, with dots, hyphens and underscores within");
                    }
                    return text;
                });
    }

    private static Optional<Set<Scope>> scopes(Body body) {
        return body.texts("scopes", Scope.values().length, 32)
                .map(words -> {
                    Set<Scope> scopes = EnumSet.noneOf(Scope.class);
                    for (String word : words) {
                        scopes.add(
                                Scope.parse(word)
                                        .orElseThrow(() ->
                                                body.wrong(
                                                        "scopes",
                                                        "there are validate, revoke-own and issue-token")));
                    }
                    return scopes;
                });
    }

    private static Optional<List<IpNetwork>> networks(Body body) {
        return body.texts("networks", MOST_NETWORKS, 64)
                .map(texts -> {
                    List<IpNetwork> networks = new ArrayList<>();
                    for (String text : texts) {
                        networks.add(
                                IpNetwork.parse(text)
                                        .orElseThrow(() ->
                                                body.wrong(
                                                        "networks",
                                                        "must be networks such as 10.0.0.0/8 or 2001:db8::/32")));
                    }
                    return networks;
                });
    }

    private static <T> Optional<T> word(
            Body body, String name, Function<String, Optional<T>> parse, String words) {
        return body.text(32, name)
                .map(text ->
                        parse.apply(text).orElseThrow(() -> body.wrong(name, "must be " + words)));
    }

    /** A tenant's id, whether or not there is such a tenant. */
    static TenantId tenant(String field, String text) {
        try {
            return new TenantId(text);
        } catch (IllegalArgumentException e) {
            throw ProblemException.inField(field, "is no tenant id");
        }
    }

    /** The tenant that the query names; the default one when it names none. */
    static TenantId tenant(Context ctx) {
        @Nullable String text = ctx.queryParam("tenant");
        return text == null ? TenantId.DEFAULT : tenant("tenant", text);
    }
}
