package drawbridge.server.drill;

import drawbridge.model.Signal;
import drawbridge.server.drill.Sandbox.Seen;

import org.jspecify.annotations.Nullable;

/** The owner of a session that is attacked. For one thread. */
final class Target {
    private final Stage stage;
    private Person owner;
    private Exchange login;

    private Target(Stage stage, Person owner) {
        this.stage = stage;
        this.owner = owner;
        this.login = Exchange.none(0);
    }

    /** Logs that user of the sandbox in. */
    static Target logIn(Stage stage, String name) {
        Target target = new Target(stage, stage.sandbox().person(name));
        Exchange _ = target.logIn();
        return target;
    }

    /** Logs in again, as after the session was ended. */
    Exchange logIn() {
        Exchange answer = stage.sandbox().logIn(owner, owner.password());
        stage.prepared("the owner logs in", answer);
        owner = stage.sandbox().withSession(owner, answer);
        login = answer;
        return answer;
    }

    /** How the last login was answered. */
    Exchange login() {
        return login;
    }

    /** Where it is attacked. */
    Stage stage() {
        return stage;
    }

    /** As logged in now. */
    Person owner() {
        return owner;
    }

    /** What a back end sees when one signal is not the owner's. */
    Seen without(Signal signal, boolean isMissing) {
        Seen own = Seen.of(owner);
        return switch (signal) {
            case IP -> own.withIp(isMissing ? null : stage.sandbox().newAddress());
            case DEVICE -> own.withDevice(isMissing ? null : "device-of-a-thief");
            case AGENT -> own.withAgent(isMissing ? null : "curl/8.0");
        };
    }

    /** Asks about the owner's session. */
    Exchange ask(
            CopiedCaller caller, Seen seen, String method, String path, @Nullable String mode) {
        return stage.sandbox().validate(caller, owner.session(), seen, method, path, mode);
    }

    /** The owner's own call must work, or a refusal would show nothing. */
    void requireTrusted(CopiedCaller caller, String method, String path, @Nullable String mode) {
        Exchange answer = ask(caller, Seen.of(owner), method, path, mode);
        stage.prepared("the owner's own call to %s %s".formatted(method, path), answer);
    }
}
