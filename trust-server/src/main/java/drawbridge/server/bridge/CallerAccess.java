package drawbridge.server.bridge;

import drawbridge.model.IpAddress;
import drawbridge.server.bridge.CallerRegistry.Presented;

import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/**
 * Says who a bridge call comes from and what it may do, and counts what is used. Safe for many
 * threads.
 */
public final class CallerAccess {
    /** Who presents a secret. */
    public sealed interface Admission {
        /** This caller, by this version of its secret. */
        record Granted(Caller caller, int version) implements Admission {}

        /** Nobody: it is unknown, retired, burned or past its announced end. */
        record Unknown() implements Admission {}

        /** Somebody who has this caller's secret, from where it may not be used. */
        record WrongNetwork(Caller caller) implements Admission {}
    }

    private final CallerRegistry registry;
    private final CallerUse use;
    private final Clock clock;

    public CallerAccess(CallerRegistry registry, CallerUse use, Clock clock) {
        this.registry = registry;
        this.use = use;
        this.clock = clock;
    }

    /** Whether the secret is accepted now, wherever it comes from; counts nothing. */
    public boolean isAccepted(byte[] secret) {
        return registry.authenticate(secret, clock.instant()).isPresent();
    }

    /** Looks at a secret and where it comes from; counts nothing. */
    public Admission admit(byte[] secret, IpAddress from, Instant now) {
        Optional<Presented> presented = registry.authenticate(secret, now);
        if (presented.isEmpty()) {
            return new Admission.Unknown();
        }
        Caller caller = presented.get().caller();
        if (!caller.mayCallFrom(from)) {
            return new Admission.WrongNetwork(caller);
        }
        return new Admission.Granted(caller, presented.get().version());
    }

    /** Counts that somebody who presented that version of the caller's secret was let in. */
    public void usesVersion(Caller caller, int version, Instant now) {
        use.version(caller, version, now);
    }

    /**
     * The caller as it is now, if that version of its secret would still be admitted from there;
     * counts nothing.
     */
    public Optional<Caller> admitted(String callerId, int version, IpAddress from) {
        return registry.accepted(callerId, version, clock.instant())
                .filter(caller -> caller.mayCallFrom(from));
    }

    /** Whether the caller has that right; if so, that it uses it now is counted. */
    public boolean uses(Caller caller, Scope scope, Instant now) {
        if (!caller.scopes().contains(scope)) {
            return false;
        }
        use.scope(caller, scope, now);
        return true;
    }
}
