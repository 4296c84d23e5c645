package drawbridge.server.http;

import drawbridge.model.ProblemCode;

import io.javalin.http.Context;

import tools.jackson.databind.node.ObjectNode;

/**
 * The truth about what this server does not do: second factors, social logins, stored pictures.
 * Clients ask all the same, and read lists of none.
 */
final class UnconfiguredEndpoint {
    private final RequestReader reader;

    UnconfiguredEndpoint(RequestReader reader) {
        this.reader = reader;
    }

    void twoFactorSystem(Context ctx) {
        ObjectNode answer = success();
        answer.put("global_two_factor_enabled", false);
        answer.putArray("available_methods");
        Answers.json(ctx, 200, answer);
    }

    void twoFactorMethods(Context ctx) {
        ObjectNode answer = success();
        answer.putArray("methods");
        Answers.json(ctx, 200, answer);
    }

    void noTwoFactor(Context ctx) {
        answer(ctx, ProblemCode.TWO_FACTOR_NOT_CONFIGURED, "this server has no second factors");
    }

    /** Turning it off is what it is already. */
    void toggleTwoFactor(Context ctx) {
        boolean wanted =
                reader.body(ctx)
                        .truth("two_factor_enabled", "twoFactorEnabled")
                        .orElseThrow(() ->
                                ProblemException.inField(
                                        "two_factor_enabled", "is missing; give true or false"));
        if (wanted) {
            noTwoFactor(ctx);
            return;
        }
        ObjectNode answer = success();
        answer.put("two_factor_enabled", false);
        answer.putArray("active_methods");
        Answers.json(ctx, 200, answer);
    }

    void removeTwoFactor(Context ctx) {
        answer(ctx, ProblemCode.UNKNOWN_ID, "there is no second factor with this id");
    }

    void socialProviders(Context ctx) {
        ObjectNode answer = success();
        answer.putArray("providers");
        answer.putArray("allProviders");
        Answers.json(ctx, 200, answer);
    }

    void noSocial(Context ctx) {
        answer(ctx, ProblemCode.SOCIAL_NOT_CONFIGURED, "this server has no social logins");
    }

    void socialAccounts(Context ctx) {
        ObjectNode answer = success();
        answer.putArray("accounts");
        Answers.json(ctx, 200, answer);
    }

    void removeSocialAccount(Context ctx) {
        answer(ctx, ProblemCode.UNKNOWN_ID, "this account is linked to no social login");
    }

    void noPictures(Context ctx) {
        answer(
                ctx,
                ProblemCode.PICTURES_NOT_CONFIGURED,
                "this server stores no pictures; set the field picture to an address instead");
    }

    private void answer(Context ctx, ProblemCode code, String message) {
        Answers.problem(ctx, code, message, null, reader.requestId(ctx));
    }

    private static ObjectNode success() {
        ObjectNode answer = Json.object();
        answer.put("success", true);
        return answer;
    }
}
