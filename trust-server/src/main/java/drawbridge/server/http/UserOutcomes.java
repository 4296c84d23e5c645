package drawbridge.server.http;

import drawbridge.model.ProblemCode;
import drawbridge.server.account.UserField;
import drawbridge.server.account.Users.Outcome;
import drawbridge.server.session.UserFacts;
import drawbridge.server.tenant.Quotas.Room;

import java.time.Duration;
import java.util.Locale;

/** What the outcomes of changing accounts are on the wire. */
final class UserOutcomes {
    private UserOutcomes() {}

    /**
     * The account as it is now.
     *
     * @throws ProblemException when it was not changed
     */
    static UserFacts done(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Done(UserFacts user) -> user;
            case Outcome.Unknown _ -> throw unknown();
            case Outcome.Taken(UserField field) -> throw taken(field);
            case Outcome.Weak(String why) -> throw weak(why);
            case Outcome.PasswordNeeded _ ->
                    throw ProblemException.inField(
                            "current_password",
                            "is missing; another address needs the current password");
            case Outcome.WrongPassword _ ->
                    throw new ProblemException(
                            ProblemCode.WRONG_PASSWORD,
                            "current_password: this is not the current password",
                            "current_password",
                            0);
            case Outcome.NoRoom(Room why) -> throw noRoom(why);
            case Outcome.Busy(Duration retryAfter) -> throw busy(retryAfter);
            case Outcome.TooSoon(Duration retryAfter) -> throw LimitGate.tooMany(retryAfter);
        };
    }

    /** The same answer for what is not there and for what is somebody else's. */
    static ProblemException unknown() {
        return ProblemException.of(ProblemCode.UNKNOWN_ID, "there is nothing with this id");
    }

    static ProblemException taken(UserField field) {
        String name = field.name().toLowerCase(Locale.ROOT);
        String what = field == UserField.EMAIL ? "this address" : "this name";
        return new ProblemException(
                ProblemCode.DUPLICATE_ACCOUNT,
                "%s: %s is registered already".formatted(name, what),
                name,
                0);
    }

    static ProblemException weak(String why) {
        return new ProblemException(ProblemCode.WEAK_PASSWORD, "password: " + why, "password", 0);
    }

    /** The tenant is full, or suspended. */
    static ProblemException noRoom(Room why) {
        return why == Room.FULL
                ? ProblemException.of(
                        ProblemCode.QUOTA_REACHED, "there may be no more users or sessions here")
                : ProblemException.of(ProblemCode.TENANT_SUSPENDED, "this tenant is suspended");
    }

    static ProblemException busy(Duration retryAfter) {
        return ProblemException.later(
                ProblemCode.HASHING_BUSY,
                "too many logins at once; try again in a moment",
                (int) Math.max(1, retryAfter.toSeconds()));
    }
}
