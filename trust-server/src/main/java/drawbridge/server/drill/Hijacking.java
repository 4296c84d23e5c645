package drawbridge.server.drill;

import drawbridge.model.Signal;
import drawbridge.model.Threat;
import drawbridge.model.ValidationMode;
import drawbridge.server.bridge.AdvancedMeans;
import drawbridge.server.drill.Sandbox.Reference;
import drawbridge.server.drill.Sandbox.Seen;
import drawbridge.server.judge.IpMatch;

import java.util.List;

/**
 * Goes on with somebody's session while one signal at a time is another one, or missing: in each
 * mode, through each kind of caller, on each kind of route.
 */
final class Hijacking implements Attack {
    @Override
    public Threat threat() {
        return Threat.HIJACKING;
    }

    @Override
    public String holds() {
        return "every call with a signal that its mode compares and that was another one, or missing, was refused";
    }

    @Override
    public void play(Stage stage) {
        Sandbox sandbox = stage.sandbox();
        Target target = Target.logIn(stage, "other");
        for (ValidationMode mode : ValidationMode.values()) {
            Reference route =
                    switch (mode) {
                        case STANDARD -> Reference.STANDARD;
                        case ADVANCED -> Reference.ADVANCED;
                        case STRICT -> Reference.STRICT;
                    };
            target.requireTrusted(sandbox.own(), "GET", route.path(), null);
            for (Signal signal : Signal.values()) {
                change(stage, target, mode, route, signal);
            }
        }
        for (CopiedCaller caller : sandbox.callers()) {
            through(stage, target, caller);
        }
        for (CopiedRule rule : sandbox.rules()) {
            on(stage, target, rule);
        }
        stage.figure("modes", "3, each with every signal changed and missing");
        stage.figure("kinds of callers", Integer.toString(sandbox.callers().size()));
        stage.figure("kinds of routes", Integer.toString(sandbox.rules().size()));
    }

    private static void change(
            Stage stage, Target target, ValidationMode mode, Reference route, Signal signal) {
        for (boolean isMissing : new boolean[] {false, true}) {
            Seen seen = target.without(signal, isMissing);
            Exchange answer = target.ask(stage.sandbox().own(), seen, "GET", route.path(), null);
            boolean mustRefuse = compares(mode, signal);
            String tries =
                    "%s: the owner's session, %s %s"
                            .formatted(mode, isMissing ? "without" : "with another", name(signal));
            boolean held = mustRefuse == !answer.isGood();
            stage.judge(
                    tries,
                    mustRefuse
                            ? "refused: %s compares the %s".formatted(mode, name(signal))
                            : "trusted: %s does not compare the %s".formatted(mode, name(signal)),
                    answer,
                    held,
                    List.of(
                            Reasons.ofServer(
                                    "signal_not_compared",
                                    "%s %s the session although the %s was %s"
                                            .formatted(
                                                    mode,
                                                    mustRefuse ? "trusted" : "refused",
                                                    name(signal),
                                                    isMissing ? "missing" : "another one"))));
        }
    }

    private static boolean compares(ValidationMode mode, Signal signal) {
        return switch (signal) {
            case IP -> true;
            case DEVICE -> mode != ValidationMode.STANDARD;
            case AGENT -> mode == ValidationMode.STRICT;
        };
    }

    static String name(Signal signal) {
        return switch (signal) {
            case IP -> "address";
            case DEVICE -> "device";
            case AGENT -> "user agent";
        };
    }

    /** Everything is another one, and what may be left out is left out. */
    private static void through(Stage stage, Target target, CopiedCaller caller) {
        Exchange silent = target.ask(caller, Seen.nothing(), "GET", Reference.STRICT.path(), null);
        stage.judge(
                "through %s: the owner's session on a STRICT route, no signal reported at all"
                        .formatted(caller.names()),
                "refused: a missing signal is a refusal",
                silent,
                !silent.isGood(),
                caller.mayLackSignals()
                        ? caller.originals().stream().map(Controls::signalsWhenSent).toList()
                        : List.of(
                                Reasons.ofServer(
                                        "signal_not_compared",
                                        "%s was believed although it reported no signal"
                                                .formatted(caller.names()))));
        Seen elsewhere = target.without(Signal.IP, false);
        Exchange moved = target.ask(caller, elsewhere, "GET", Reference.STANDARD.path(), null);
        stage.judge(
                "through %s: the owner's session, from another address".formatted(caller.names()),
                "refused: every mode compares the address",
                moved,
                !moved.isGood(),
                List.of(
                        Reasons.ofServer(
                                "signal_not_compared",
                                "%s was believed although the address was another one"
                                        .formatted(caller.names()))));
        Exchange device =
                target.ask(
                        caller,
                        target.without(Signal.DEVICE, false),
                        "GET",
                        Reference.ADVANCED.path(),
                        null);
        boolean isAgent = caller.copy().advancedMeans() == AdvancedMeans.AGENT;
        stage.judge(
                "through %s: the owner's session on an ADVANCED route, from another device"
                        .formatted(caller.names()),
                "refused: ADVANCED compares the device",
                device,
                !device.isGood(),
                isAgent
                        ? caller.originals().stream().map(Controls::advancedMeansAgent).toList()
                        : List.of(
                                Reasons.ofServer(
                                        "signal_not_compared",
                                        "%s was believed although the device was another one"
                                                .formatted(caller.names()))));
    }

    private static void on(Stage stage, Target target, CopiedRule rule) {
        CopiedCaller own = stage.sandbox().own();
        Exchange neighbour =
                target.ask(
                        own,
                        Seen.of(target.owner()).withIp(Addresses.neighbour(target.owner().ip())),
                        rule.method(),
                        rule.path(),
                        null);
        stage.judge(
                "on %s: the owner's session, from another address of the same /24"
                        .formatted(rule.routes()),
                "refused: addresses are compared whole",
                neighbour,
                !neighbour.isGood(),
                rule.rule().ipMatch() == IpMatch.PREFIX
                        ? rule.alike().stream().map(Controls::addressByNetwork).toList()
                        : List.of(
                                Reasons.ofServer(
                                        "signal_not_compared",
                                        rule.routes()
                                                + " trusted the session although the address was another one")));
        for (Signal signal : Signal.values()) {
            if (!compares(rule.rule().mode(), signal)) {
                continue;
            }
            Exchange answer =
                    target.ask(
                            own, target.without(signal, false), rule.method(), rule.path(), null);
            stage.judge(
                    "on %s: the owner's session, with another %s"
                            .formatted(rule.routes(), name(signal)),
                    "refused: %s compares the %s".formatted(rule.rule().mode(), name(signal)),
                    answer,
                    !answer.isGood(),
                    List.of(
                            Reasons.ofServer(
                                    "signal_not_compared",
                                    "%s trusted the session although the %s was another one"
                                            .formatted(rule.routes(), name(signal)))));
        }
    }
}
