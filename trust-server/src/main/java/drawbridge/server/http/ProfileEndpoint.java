package drawbridge.server.http;

import drawbridge.model.TenantId;
import drawbridge.model.UserId;
import drawbridge.server.account.UserChange;
import drawbridge.server.account.Users;
import drawbridge.server.session.Session;
import drawbridge.server.session.Sessions.By;
import drawbridge.server.session.UserFacts;

import io.javalin.http.Context;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/**
 * What users read and change of themselves, and the administrators among them of the others of
 * their tenant.
 */
final class ProfileEndpoint {
    private static final int MOST_LISTED = 100;
    private static final int LISTED = 20;
    private static final int MOST_PAGES = 1_000_000;

    private final RequestReader reader;
    private final Users users;
    private final UserIds ids;

    /** Draws ids for accounts. */
    interface UserIds {
        /** A new one. */
        UserId draw();
    }

    ProfileEndpoint(RequestReader reader, Users users, UserIds ids) {
        this.reader = reader;
        this.users = users;
        this.ids = ids;
    }

    void own(Context ctx) {
        Session session = ClientGate.session(ctx).session();
        UserFacts user =
                users.find(session.tenant(), session.user().id())
                        .orElseThrow(UserOutcomes::unknown);
        answer(ctx, 200, user, true);
    }

    void changeOwn(Context ctx) {
        Session session = ClientGate.session(ctx).session();
        UserBody body = UserBody.ofClient(reader.body(ctx));
        UserChange change = body.ownChange(session.user().userType());
        UserFacts user =
                UserOutcomes.done(
                        users.changeOwn(
                                session,
                                change,
                                body.optionalPassword("current_password", "currentPassword"),
                                By.user(reader.requestId(ctx))));
        answer(ctx, 200, user, true);
    }

    void changePassword(Context ctx) {
        UserBody body = UserBody.ofClient(reader.body(ctx));
        char[] current = body.password("current_password", "currentPassword");
        char[] fresh = body.password("new_password", "newPassword");
        UserOutcomes.done(
                users.changePassword(
                        ClientGate.session(ctx).session(),
                        current,
                        fresh,
                        By.user(reader.requestId(ctx))));
        success(ctx, "password changed; all other sessions were ended");
    }

    /** By an administrator of the tenant. */
    void setPassword(Context ctx) {
        Body read = reader.body(ctx);
        String user = read.needed(64, "user_id", "userId");
        char[] fresh = UserBody.ofClient(read).password("new_password", "newPassword");
        UserOutcomes.done(users.setPassword(tenant(ctx), new UserId(user), fresh, byAdmin(ctx)));
        success(ctx, "password set; all sessions of the user were ended");
    }

    void list(Context ctx) {
        int page = number(ctx, "page", 1, MOST_PAGES);
        int limit = number(ctx, "limit", LISTED, MOST_LISTED);
        Users.Numbered found = users.page(tenant(ctx), page, limit);
        ObjectNode answer = Json.object();
        answer.put("success", true);
        answer.set("data", list(found.users()));
        // In one spelling only: a strict decoder takes the other one for a second field of it.
        for (String name : new String[] {"pagination", "meta"}) {
            ObjectNode meta = answer.putObject(name);
            meta.put("page", page);
            meta.put("limit", limit);
            meta.put("total", found.total());
            meta.put("totalPages", (found.total() + limit - 1) / limit);
        }
        Answers.json(ctx, 200, answer);
    }

    private static tools.jackson.databind.node.ArrayNode list(List<UserFacts> users) {
        var list = Json.array();
        users.forEach(user -> list.add(Answers.user(user)));
        return list;
    }

    private static int number(Context ctx, String name, int otherwise, int most) {
        String text = ctx.queryParam(name);
        if (text == null || text.isBlank()) {
            return otherwise;
        }
        if (!text.matches("[1-9][0-9]{0,6}") || Integer.parseInt(text) > most) {
            throw ProblemException.inField(name, "must be a number from 1 to " + most);
        }
        return Integer.parseInt(text);
    }

    void create(Context ctx) {
        UserBody body = UserBody.ofClient(reader.body(ctx));
        UserFacts user =
                UserOutcomes.done(
                        users.create(
                                tenant(ctx),
                                body.account(ids.draw(), true),
                                body.password("password"),
                                byAdmin(ctx)));
        answer(ctx, 201, user, false);
    }

    void change(Context ctx) {
        UserBody body = UserBody.ofClient(reader.body(ctx));
        UserFacts user =
                UserOutcomes.done(users.change(tenant(ctx), id(ctx), body.change(), byAdmin(ctx)));
        answer(ctx, 200, user, false);
    }

    void delete(Context ctx) {
        UserOutcomes.done(users.delete(tenant(ctx), id(ctx), byAdmin(ctx)));
        success(ctx, "user deleted");
    }

    static UserId id(Context ctx) {
        String id = ctx.pathParam("id");
        if (id.isBlank() || id.length() > 64) {
            throw UserOutcomes.unknown();
        }
        return new UserId(id);
    }

    private static TenantId tenant(Context ctx) {
        return ClientGate.session(ctx).session().tenant();
    }

    private By byAdmin(Context ctx) {
        String admin = ClientGate.session(ctx).session().user().id().value();
        return new By("user:" + admin, reader.requestId(ctx));
    }

    /** The one shape that every client reads: the user itself, and again under {@code user}. */
    private static void answer(Context ctx, int status, UserFacts user, boolean isOwn) {
        ObjectNode data = isOwn ? Answers.ownUser(user) : Answers.user(user);
        data.set("user", isOwn ? Answers.ownUser(user) : Answers.user(user));
        ObjectNode answer = Json.object();
        answer.put("success", true);
        answer.set("data", data);
        Answers.json(ctx, status, answer);
    }

    private static void success(Context ctx, String message) {
        ObjectNode answer = Json.object();
        answer.put("success", true);
        answer.put("message", message);
        Answers.json(ctx, 200, answer);
    }
}
