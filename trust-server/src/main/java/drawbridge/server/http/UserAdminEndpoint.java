package drawbridge.server.http;

import drawbridge.model.TenantId;
import drawbridge.model.UserId;
import drawbridge.server.account.UserChoice;
import drawbridge.server.account.Users;
import drawbridge.server.account.Users.Outcome;
import drawbridge.server.session.Sessions.By;
import drawbridge.server.session.UserFacts;

import io.javalin.http.Context;

import java.util.Optional;
import java.util.regex.Pattern;

/** What an operator does with the accounts of all tenants. */
final class UserAdminEndpoint {
    private static final int MOST_LISTED = 1_000;
    private static final int LISTED = 100;
    private static final int MOST_REASON = 500;
    private static final Pattern TENANT = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    private final RequestReader reader;
    private final Users users;
    private final ProfileEndpoint.UserIds ids;

    UserAdminEndpoint(RequestReader reader, Users users, ProfileEndpoint.UserIds ids) {
        this.reader = reader;
        this.users = users;
        this.ids = ids;
    }

    void list(Context ctx) {
        String filter = Optional.ofNullable(ctx.queryParam("filter")).orElse("").strip();
        int limit =
                Optional.ofNullable(ctx.queryParam("limit"))
                        .map(UserAdminEndpoint::limit)
                        .orElse(LISTED);
        UserChoice choice =
                new UserChoice(
                        Optional.ofNullable(ctx.queryParam("tenant"))
                                .map(UserAdminEndpoint::tenant)
                                .orElse(null),
                        Body.checked("filter", filter, 200),
                        Optional.ofNullable(ctx.queryParam("state"))
                                .map(UserAdminEndpoint::standing)
                                .orElse(null));
        Answers.json(
                ctx,
                200,
                users.list(choice, limit, ctx.queryParam("after"))
                        .orElseThrow(() ->
                                ProblemException.inField(
                                        "after", "is no cursor that this server gave")));
    }

    private static TenantId tenant(String id) {
        if (!TENANT.matcher(id).matches()) {
            throw ProblemException.inField("tenant", "is no tenant's id");
        }
        return new TenantId(id);
    }

    private static UserChoice.Standing standing(String text) {
        return switch (text) {
            case "active" -> UserChoice.Standing.ACTIVE;
            case "locked" -> UserChoice.Standing.LOCKED;
            case "unverified" -> UserChoice.Standing.UNVERIFIED;
            default ->
                    throw ProblemException.inField("state", "must be active, locked or unverified");
        };
    }

    private static int limit(String text) {
        if (!text.matches("[1-9][0-9]{0,3}") || Integer.parseInt(text) > MOST_LISTED) {
            throw ProblemException.inField("limit", "must be a number from 1 to " + MOST_LISTED);
        }
        return Integer.parseInt(text);
    }

    void show(Context ctx) {
        show(ctx, 200, ProfileEndpoint.id(ctx));
    }

    private void show(Context ctx, int status, UserId user) {
        Answers.json(ctx, status, users.row(user).orElseThrow(UserOutcomes::unknown));
    }

    void create(Context ctx) {
        Body read = reader.body(ctx);
        TenantId tenant =
                read.text(63, "tenant").map(UserAdminEndpoint::tenant).orElse(TenantId.DEFAULT);
        UserBody body = UserBody.ofOperator(read);
        var account = body.account(ids.draw(), true);
        char[] password = body.password("password");
        read.refuseOthers();
        Outcome outcome = users.create(tenant, account, password, by(ctx));
        UserFacts user = UserOutcomes.done(outcome);
        show(ctx, 201, user.id());
    }

    void change(Context ctx) {
        Body read = reader.body(ctx);
        var change = UserBody.ofOperator(read).change();
        read.refuseOthers();
        UserId user = ProfileEndpoint.id(ctx);
        UserOutcomes.done(users.change(tenant(user), user, change, by(ctx)));
        show(ctx, 200, user);
    }

    void disable(Context ctx) {
        Body read = reader.body(ctx);
        String reason = read.text(MOST_REASON, "reason").orElse("");
        read.refuseOthers();
        UserId user = ProfileEndpoint.id(ctx);
        UserOutcomes.done(users.disable(tenant(user), user, reason, by(ctx)));
        show(ctx, 200, user);
    }

    void enable(Context ctx) {
        reader.body(ctx).refuseOthers();
        UserId user = ProfileEndpoint.id(ctx);
        UserOutcomes.done(users.enable(tenant(user), user, by(ctx)));
        show(ctx, 200, user);
    }

    void setPassword(Context ctx) {
        Body read = reader.body(ctx);
        char[] password = UserBody.ofOperator(read).password("password");
        read.refuseOthers();
        UserId user = ProfileEndpoint.id(ctx);
        UserOutcomes.done(users.setPassword(tenant(user), user, password, by(ctx)));
        show(ctx, 200, user);
    }

    void delete(Context ctx) {
        reader.body(ctx).refuseOthers();
        UserId user = ProfileEndpoint.id(ctx);
        UserOutcomes.done(users.delete(tenant(user), user, by(ctx)));
        var answer = Json.object();
        answer.put("deleted", user.value());
        Answers.json(ctx, 200, answer);
    }

    private TenantId tenant(UserId user) {
        return users.tenantOf(user).orElseThrow(UserOutcomes::unknown);
    }

    private By by(Context ctx) {
        return By.admin(reader.requestId(ctx));
    }
}
