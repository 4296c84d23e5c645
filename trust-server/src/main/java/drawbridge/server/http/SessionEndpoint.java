package drawbridge.server.http;

import drawbridge.model.ProblemCode;
import drawbridge.model.SessionRef;
import drawbridge.model.view.SessionRow;
import drawbridge.server.session.Found;
import drawbridge.server.session.Renewals;
import drawbridge.server.session.Renewals.Renewed;
import drawbridge.server.session.Session;
import drawbridge.server.session.Sessions;
import drawbridge.server.session.Sessions.By;
import drawbridge.server.session.Sessions.Opened;

import io.javalin.http.Context;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** What users do with their own sessions: refresh, list, end. */
final class SessionEndpoint {
    private static final int MOST_LISTED = 200;

    private final RequestReader reader;
    private final Sessions sessions;
    private final Renewals renewals;
    private final BrowserCookie cookie;
    private final Clock clock;

    SessionEndpoint(
            RequestReader reader,
            Sessions sessions,
            Renewals renewals,
            BrowserCookie cookie,
            Clock clock) {
        this.reader = reader;
        this.sessions = sessions;
        this.renewals = renewals;
        this.cookie = cookie;
        this.clock = clock;
    }

    void refresh(Context ctx) {
        Renewed outcome =
                renewals.refresh(
                        ClientGate.session(ctx).session().key(),
                        ClientGate.token(ctx),
                        By.user(reader.requestId(ctx)));
        switch (outcome) {
            case Renewed.Done(Opened opened) -> {
                Session session = opened.session();
                Instant now = clock.instant();
                ObjectNode answer = success("refreshed");
                answer.set("user", Answers.user(session.user()));
                Answers.newSession(
                        answer, opened.token().reveal(), session.expiresAt(session.lastSeenAt()));
                cookie.set(
                        ctx, opened.token().reveal(), Duration.between(now, session.absoluteEnd()));
                Answers.json(ctx, 200, answer);
            }
            case Renewed.Refused _ -> {
                cookie.clear(ctx);
                throw ProblemException.of(ProblemCode.INVALID_SESSION, ClientGate.INVALID);
            }
        }
    }

    /** The session a browser is in, for pages that know it by cookie only. */
    void current(Context ctx) {
        Found found = ClientGate.session(ctx);
        ObjectNode answer = Json.object();
        answer.put("success", true);
        answer.put("requires_2fa", false);
        answer.set("user", Answers.user(found.session().user()));
        Answers.newSession(
                answer,
                ClientGate.token(ctx).reveal(),
                found.session().expiresAt(found.lastSeenAt()));
        Answers.json(ctx, 200, answer);
    }

    void list(Context ctx) {
        Session mine = ClientGate.session(ctx).session();
        Instant now = clock.instant();
        ArrayNode list = Json.array();
        for (Session session : sessions.liveOf(mine.tenant(), mine.user().id(), MOST_LISTED)) {
            SessionRow row = sessions.row(session, now);
            ObjectNode item = Answers.session(session, row.lastSeenAt(), row.expiresAt());
            item.put("ref", row.ref());
            item.put("device", row.device());
            item.put("current", session.ref().equals(mine.ref()));
            list.add(item);
        }
        ObjectNode answer = Json.object();
        answer.put("success", true);
        answer.set("sessions", list);
        Answers.json(ctx, 200, answer);
    }

    void endOne(Context ctx) {
        Session mine = ClientGate.session(ctx).session();
        SessionRef ref = SessionRef.parse(ctx.pathParam("ref")).orElseThrow(UserOutcomes::unknown);
        if (sessions.endOwn(mine.tenant(), mine.user().id(), ref, By.user(reader.requestId(ctx)))
                .isEmpty()) {
            throw UserOutcomes.unknown();
        }
        if (ref.equals(mine.ref())) {
            cookie.clear(ctx);
        }
        Answers.json(ctx, 200, success("session ended"));
    }

    void endOthers(Context ctx) {
        long ended =
                sessions.endOthers(
                        ClientGate.session(ctx).session(),
                        "ended by its user",
                        By.user(reader.requestId(ctx)));
        ObjectNode answer = success("all other sessions ended");
        answer.put("ended", ended);
        Answers.json(ctx, 200, answer);
    }

    void endAll(Context ctx) {
        Session mine = ClientGate.session(ctx).session();
        sessions.revokeAllOf(mine.user().id(), "ended by its user", By.user(reader.requestId(ctx)));
        cookie.clear(ctx);
        Answers.json(ctx, 200, success("all sessions ended"));
    }

    private static ObjectNode success(String message) {
        ObjectNode answer = Json.object();
        answer.put("success", true);
        answer.put("message", message);
        return answer;
    }
}
