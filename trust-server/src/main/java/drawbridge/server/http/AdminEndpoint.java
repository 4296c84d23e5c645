package drawbridge.server.http;

import drawbridge.model.ProblemCode;
import drawbridge.model.SessionRef;
import drawbridge.model.TenantId;
import drawbridge.model.UserId;
import drawbridge.model.view.NodeRow;
import drawbridge.model.view.Page;
import drawbridge.model.view.Receipt;
import drawbridge.model.view.SessionRow;
import drawbridge.server.admin.Supervision;
import drawbridge.server.metrics.DayOfMinutes;
import drawbridge.server.session.Sessions;
import drawbridge.server.session.Sessions.By;
import drawbridge.server.session.Sessions.Restored;

import io.javalin.http.Context;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** What the console and scripts of an administrator call. */
final class AdminEndpoint {
    private static final int MOST_REASON = 500;
    private static final int MOST_LISTED = 5_000;
    private static final int LISTED = 100;
    private static final int MINUTES = 60;

    private final RequestReader reader;
    private final Supervision supervision;
    private final Sessions sessions;
    private final Supplier<List<NodeRow>> nodes;
    private final Runnable stop;

    /**
     * @param nodes every server of this database
     * @param stop asks the server to end; returns at once
     */
    AdminEndpoint(
            RequestReader reader,
            Supervision supervision,
            Sessions sessions,
            Supplier<List<NodeRow>> nodes,
            Runnable stop) {
        this.nodes = nodes;
        this.reader = reader;
        this.supervision = supervision;
        this.sessions = sessions;
        this.stop = stop;
    }

    void snapshot(Context ctx) {
        Answers.json(ctx, 200, supervision.snapshot());
    }

    void tiers(Context ctx) {
        Answers.json(ctx, 200, supervision.tiers());
    }

    void history(Context ctx) {
        int minutes =
                number(ctx.queryParam("minutes"), "minutes", MINUTES, DayOfMinutes.MOST_MINUTES);
        Answers.json(ctx, 200, supervision.history(Duration.ofMinutes(minutes)));
    }

    void configuration(Context ctx) {
        Answers.json(ctx, 200, supervision.configuration());
    }

    void metrics(Context ctx) {
        ctx.contentType("text/plain; version=0.0.4; charset=utf-8");
        ctx.header("Cache-Control", "no-store");
        ctx.result(supervision.prometheus());
    }

    void list(Context ctx) {
        String line = Optional.ofNullable(ctx.queryParam("filter")).orElse("");
        Page<SessionRow> page =
                supervision
                        .sessions(
                                RevocationEndpoint.filter(line),
                                number(ctx.queryParam("limit"), "limit", LISTED, MOST_LISTED),
                                ctx.queryParam("after"))
                        .orElseThrow(() ->
                                ProblemException.inField(
                                        "after", "is no cursor that this server gave"));
        Answers.json(ctx, 200, page);
    }

    private static int number(@Nullable String text, String field, int usual, int most) {
        if (text == null) {
            return usual;
        }
        if (!text.matches("[1-9][0-9]{0,3}") || Integer.parseInt(text) > most) {
            throw ProblemException.inField(field, "must be a number from 1 to " + most);
        }
        return Integer.parseInt(text);
    }

    void show(Context ctx) {
        Answers.json(ctx, 200, supervision.session(ref(ctx)).orElseThrow(AdminEndpoint::unknown));
    }

    void revoke(Context ctx) {
        Body body = reader.body(ctx);
        String reason = body.text(MOST_REASON, "reason").orElse("");
        boolean isFinal = body.flag("final", false);
        body.refuseOthers();
        SessionRef ref = ref(ctx);
        Receipt receipt =
                sessions.revoke(ref, reason, isFinal, By.admin(reader.requestId(ctx)))
                        .orElseThrow(AdminEndpoint::unknown);
        Answers.json(ctx, 200, receipt);
    }

    void restore(Context ctx) {
        reader.body(ctx).refuseOthers();
        switch (sessions.restore(ref(ctx), By.admin(reader.requestId(ctx)))) {
            case Restored.Done(Receipt receipt) -> Answers.json(ctx, 200, receipt);
            case Restored.Unknown _ -> throw unknown();
            case Restored.TooLate(var state) ->
                    throw ProblemException.of(
                            ProblemCode.NOT_RESTORABLE,
                            "the session is %s; only one that is held can be restored"
                                    .formatted(state.wireName()));
        }
    }

    void revokeUser(Context ctx) {
        Body body = reader.body(ctx);
        String reason = body.text(MOST_REASON, "reason").orElse("");
        body.refuseOthers();
        String id = ctx.pathParam("id");
        if (id.length() > 64 || id.isBlank()) {
            throw unknown();
        }
        Answers.json(
                ctx,
                200,
                sessions.revokeAllOf(new UserId(id), reason, By.admin(reader.requestId(ctx)))
                        .orElseThrow(AdminEndpoint::unknown));
    }

    void revokeTenant(Context ctx) {
        Body body = reader.body(ctx);
        String reason = body.text(MOST_REASON, "reason").orElse("");
        body.refuseOthers();
        TenantId tenant =
                TenantAdminEndpoint.parse(ctx.pathParam("id")).orElseThrow(AdminEndpoint::unknown);
        Answers.json(
                ctx,
                200,
                sessions.revokeAllOf(tenant, reason, By.admin(reader.requestId(ctx)))
                        .orElseThrow(AdminEndpoint::unknown));
    }

    void revokeEverything(Context ctx) {
        Body body = reader.body(ctx);
        String reason = body.text(MOST_REASON, "reason").orElse("");
        body.refuseOthers();
        Answers.json(ctx, 200, sessions.revokeEverything(reason, By.admin(reader.requestId(ctx))));
    }

    void nodes(Context ctx) {
        Answers.json(ctx, 200, Map.of("items", nodes.get()));
    }

    void stop(Context ctx) {
        reader.body(ctx).refuseOthers();
        ObjectNode answer = Json.object();
        answer.put("stopping", true);
        Answers.json(ctx, 202, answer);
        stop.run();
    }

    private static SessionRef ref(Context ctx) {
        return SessionRef.parse(ctx.pathParam("ref")).orElseThrow(AdminEndpoint::unknown);
    }

    private static ProblemException unknown() {
        return ProblemException.of(ProblemCode.UNKNOWN_ID, "there is nothing with this id");
    }
}
