package drawbridge.server.drill;

import drawbridge.model.CallerSignals;
import drawbridge.model.Threat;
import drawbridge.model.ValidationMode;
import drawbridge.model.view.ThreatReason;
import drawbridge.server.drill.Sandbox.Reference;
import drawbridge.server.drill.Sandbox.Seen;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A script on the owner's page reads all it can, which is the session id, the device id in the
 * browser's storage and the user agent, and a thief replays it from a machine of his own: from
 * elsewhere, and from the owner's own network. What a script cannot read he has not: the device
 * cookie.
 */
final class TokenTheft implements Attack {
    @Override
    public Threat threat() {
        return Threat.TOKEN_THEFT;
    }

    @Override
    public String holds() {
        return "whoever had all that a script could read was refused: everywhere from elsewhere, and from the owner's network wherever the device is asked for";
    }

    @Override
    public void play(Stage stage) {
        Sandbox sandbox = stage.sandbox();
        Target target = Target.logIn(stage, "owner");
        Theft theft = new Theft(stage, target);
        target.requireTrusted(sandbox.own(), "GET", Reference.STANDARD.path(), null);
        theft.elsewhere(sandbox.own(), "GET", Reference.STANDARD.path(), "any route");
        theft.otherDevice();
        theft.cookie();
        sandbox.callers().forEach(theft::through);
        for (CopiedRule rule : sandbox.rules()) {
            theft.elsewhere(sandbox.own(), rule.method(), rule.path(), rule.routes());
            if (rule.rule().mode() != ValidationMode.STANDARD) {
                theft.on(rule);
            }
        }
        stage.figure("what the thief has", "session id, device id told by scripts, user agent");
        stage.figure("what the thief has not", "the HttpOnly device cookie");
    }

    private record Theft(Stage stage, Target target) {
        /** What a thief's call shows from a place of his own. */
        private Seen copied(@Nullable String ip) {
            return Seen.of(target.owner()).withoutCookie().withIp(ip);
        }

        private static List<ThreatReason> believed(String what) {
            return List.of(Reasons.ofServer("thief_trusted", what + " trusted a thief's call"));
        }

        void elsewhere(CopiedCaller caller, String method, String path, String routes) {
            Seen seen = copied(stage.sandbox().newAddress());
            Exchange answer = target.ask(caller, seen, method, path, null);
            stage.judge(
                    "on %s: the stolen id with a copy of the browser's storage, from elsewhere"
                            .formatted(routes),
                    "refused: the address is another one",
                    answer,
                    !answer.isGood(),
                    believed(routes));
        }

        void otherDevice() {
            Seen seen = Seen.of(target.owner()).withDevice("device-of-a-thief");
            Exchange answer =
                    target.ask(stage.sandbox().own(), seen, "GET", Reference.ADVANCED.path(), null);
            stage.judge(
                    "on an ADVANCED route: the stolen id from the owner's own network, on another device",
                    "refused: ADVANCED compares the device",
                    answer,
                    !answer.isGood(),
                    believed("an ADVANCED route"));
        }

        /** The strongest evidence there is, which no script can read. */
        void cookie() {
            Person owner = target.owner();
            if (owner.cookie() == null) {
                stage.figure("device cookie", "none: session.cookie is off");
                return;
            }
            boolean isHidden =
                    target.login().cookies().stream()
                            .allMatch(cookie -> cookie.contains("HttpOnly"));
            stage.judge(
                    "the cookies that the login sets",
                    "each is HttpOnly: no script reads it",
                    target.login(),
                    isHidden,
                    List.of(
                            Reasons.ofServer(
                                    "cookie_readable", "a script can read a cookie of the login")));
            target.requireTrusted(stage.sandbox().own(), "GET", Reference.COOKIE.path(), null);
            Exchange answer =
                    target.ask(
                            stage.sandbox().own(),
                            copied(owner.ip()),
                            "GET",
                            Reference.COOKIE.path(),
                            null);
            stage.judge(
                    "on a route that asks for the device cookie: the stolen id with a copy of the browser's storage, from the owner's own network",
                    "refused: the cookie is not in what scripts can read",
                    answer,
                    !answer.isGood(),
                    believed("a route that asks for the device cookie"));
        }

        void through(CopiedCaller caller) {
            boolean isSilent = caller.copy().signals() == CallerSignals.WHEN_SENT;
            Seen seen = isSilent ? Seen.nothing() : copied(stage.sandbox().newAddress());
            Exchange answer = target.ask(caller, seen, "GET", Reference.STANDARD.path(), null);
            stage.judge(
                    "through %s: the stolen id from elsewhere%s"
                            .formatted(
                                    caller.names(), isSilent ? ", and no signal is reported" : ""),
                    "refused",
                    answer,
                    !answer.isGood(),
                    isSilent
                            ? caller.originals().stream().map(Controls::signalsWhenSent).toList()
                            : believed(caller.names()));
            if (Controls.isDeviceTold(caller.copy())) {
                Exchange near =
                        target.ask(
                                caller, copied(target.owner().ip()), "GET", Controls.UNRULED, null);
                stage.judge(
                        "through %s, on a route without a rule: the stolen id with a copy of the browser's storage, from the owner's own network"
                                .formatted(caller.names()),
                        "refused: its floor asks for the device",
                        near,
                        !near.isGood(),
                        caller.originals().stream().map(Controls::deviceTold).toList());
            }
        }

        void on(CopiedRule rule) {
            Exchange answer =
                    target.ask(
                            stage.sandbox().own(),
                            copied(target.owner().ip()),
                            rule.method(),
                            rule.path(),
                            null);
            stage.judge(
                    "on %s: the stolen id with a copy of the browser's storage, from the owner's own network"
                            .formatted(rule.routes()),
                    "refused: %s asks for the device".formatted(rule.rule().mode()),
                    answer,
                    !answer.isGood(),
                    Controls.isDeviceTold(rule.rule())
                            ? rule.alike().stream().map(Controls::deviceTold).toList()
                            : believed(rule.routes()));
        }
    }
}
