package drawbridge.server.drill;

import drawbridge.model.Threat;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Guesses passwords: many for one account, each from another place, then one for many accounts from
 * one place. The owner must get in all the while, and nobody may learn which accounts there are.
 */
final class BruteForce implements Attack {
    private static final int FOCUSED = 14;
    private static final Pattern HASH =
            Pattern.compile("\\$argon2id\\$v=19\\$m=(\\d+),t=(\\d+),p=(\\d+)\\$.*");
    private static final int LEAST_MEMORY = 19_456;
    private static final int LEAST_PASSES = 2;

    @Override
    public Threat threat() {
        return Threat.BRUTE_FORCE;
    }

    @Override
    public String holds() {
        return "guesses were turned away before their password was compared, from one place and from many, and the owner got in";
    }

    @Override
    public void play(Stage stage) {
        Target target = Target.logIn(stage, "owner");
        hashes(stage);
        focus(stage, target);
        alike(stage);
        spray(stage);
        DrillSettings.Passwords passwords = stage.sandbox().settings().passwords();
        stage.check(
                "how short a password may be",
                "%d characters at least".formatted(Controls.SHORTEST_PASSWORD),
                passwords.minLength() >= Controls.SHORTEST_PASSWORD,
                passwords.minLength() + " characters",
                List.of(Controls.passwordsShort(stage.sandbox().settings())));
    }

    private static void hashes(Stage stage) {
        boolean good = true;
        String seen = "";
        for (String stored : stage.sandbox().passwordHashes()) {
            Matcher hash = HASH.matcher(stored);
            boolean isArgon = hash.matches();
            int memory = isArgon ? Integer.parseInt(hash.group(1)) : 0;
            int passes = isArgon ? Integer.parseInt(hash.group(2)) : 0;
            good &= memory >= LEAST_MEMORY && passes >= LEAST_PASSES;
            seen =
                    isArgon
                            ? "Argon2id, %d KiB, %d passes, %s lanes"
                                    .formatted(memory, passes, hash.group(3))
                            : "no Argon2id";
        }
        stage.figure("password hashes", seen);
        stage.check(
                "how passwords are stored",
                "Argon2id with %d KiB and %d passes at least".formatted(LEAST_MEMORY, LEAST_PASSES),
                good,
                seen,
                List.of(
                        Reasons.ofSetting(
                                "hash_cheap",
                                "argon2.memory",
                                "a stolen password hash is cheap to guess: " + seen)));
    }

    private static void focus(Stage stage, Target target) {
        Sandbox sandbox = stage.sandbox();
        Person owner = target.owner();
        int compared = 0;
        Exchange answer = Exchange.none(0);
        for (int i = 0; i < FOCUSED; i++) {
            Person thief =
                    new Person(
                            owner.email(),
                            "",
                            sandbox.newAddress(),
                            "device-of-thief-" + i,
                            "curl/8.0",
                            "",
                            null);
            answer = sandbox.logIn(thief, "a wrong password " + i);
            if (answer.status() != 401) {
                break;
            }
            compared++;
        }
        stage.figure(
                "guesses for one account until it was closed to them", Integer.toString(compared));
        stage.judge(
                "focus: wrong passwords for one account, each from another address",
                "turned away before %d were compared".formatted(FOCUSED),
                answer,
                compared + 1,
                answer.status() == 429,
                compared + " were compared, then " + answer.brief(),
                List.of(
                        Reasons.ofServer(
                                "guesses_not_slowed",
                                "%d wrong passwords in a row were compared for one account"
                                        .formatted(compared))));
        Exchange own = sandbox.logIn(owner, owner.password());
        stage.judge(
                "the owner logs in from the known device while the account is guessed at",
                "let in",
                own,
                own.isGood(),
                List.of(
                        Reasons.ofServer(
                                "owner_locked_out",
                                "whoever guesses keeps the owner out: " + own.brief())));
    }

    private static void alike(Stage stage) {
        Sandbox sandbox = stage.sandbox();
        Person known = sandbox.person("linked");
        Exchange wrong = sandbox.logIn(known, "a wrong password");
        Exchange unknown = sandbox.logIn(stranger(sandbox.newAddress(), "nobody"), "any password");
        boolean same =
                wrong.status() == unknown.status()
                        && wrong.code().equals(unknown.code())
                        && wrong.text("message").equals(unknown.text("message"));
        stage.judge(
                "a wrong password for an account there is, then any password for one there is not",
                "the same answer: %s".formatted(wrong.brief()),
                unknown,
                2,
                same,
                null,
                List.of(
                        Reasons.ofServer(
                                "accounts_told", "the answer tells whether there is an account")));
    }

    private static Person stranger(String ip, String name) {
        return new Person(
                name + "@drill.invalid", "", ip, "device-of-a-thief", "curl/8.0", "", null);
    }

    private static void spray(Stage stage) {
        Sandbox sandbox = stage.sandbox();
        String place = sandbox.newAddress();
        int compared = 0;
        Exchange answer = Exchange.none(0);
        for (int i = 0; i <= Controls.MOST_LOGINS; i++) {
            answer = sandbox.logIn(stranger(place, "sprayed-" + i), "violet harbour lantern 42");
            if (answer.status() == 429) {
                break;
            }
            compared++;
            stage.requireGoingOn();
        }
        stage.figure("guesses from one place until it was turned away", Integer.toString(compared));
        stage.judge(
                "spray: one password for many accounts, from one address",
                "turned away after %d in a minute at most".formatted(Controls.MOST_LOGINS),
                answer,
                compared + 1,
                answer.status() == 429,
                compared + " were answered, then " + answer.brief(),
                List.of(Controls.loginsNotLimited(sandbox.settings())));
    }
}
