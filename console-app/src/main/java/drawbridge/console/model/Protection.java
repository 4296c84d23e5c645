package drawbridge.console.model;

import drawbridge.console.client.ChangeGuard;

import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The lock of a protected profile: closed at first, open for a while once a person has unlocked it,
 * then closed again by itself. Locked and unlocked on the FX thread; {@link #refusal} is safe for
 * many threads, and asks the clock itself, so that it does not depend on a timer.
 */
public final class Protection implements ChangeGuard {
    /** How long a lock stays open. */
    public static final Duration OPEN_FOR = Duration.ofMinutes(10);

    private static final String LOCKED =
            "This profile is protected and locked, so the console did not ask the server. Unlock it"
                    + " in the frame, then try again.";

    private final boolean isProtected;
    private final Clock clock;
    private final ReadOnlyBooleanWrapper locked;
    private volatile Instant openUntil = Instant.MIN;

    private Protection(boolean isProtected, Clock clock) {
        this.isProtected = isProtected;
        this.clock = clock;
        this.locked = new ReadOnlyBooleanWrapper(this, "locked", isProtected);
    }

    /** Of a profile that is not protected: never locked. */
    public static Protection none() {
        return new Protection(false, Clock.systemUTC());
    }

    /** Of a protected profile: locked. */
    public static Protection locked(Clock clock) {
        return new Protection(true, clock);
    }

    /** Whether there is a lock at all. */
    public boolean isProtected() {
        return isProtected;
    }

    /** Whether it is locked. */
    public ReadOnlyBooleanProperty lockedProperty() {
        return locked.getReadOnlyProperty();
    }

    /** How long it stays open; zero while it is locked. */
    public Duration left() {
        Duration left = Duration.ZERO;
        if (isProtected && !isClosed()) {
            left = Duration.between(clock.instant(), openUntil);
        }
        return left;
    }

    /** Opens it for {@link #OPEN_FOR}. */
    public void unlock() {
        openUntil = clock.instant().plus(OPEN_FOR);
        tick();
    }

    /** Closes it now. */
    public void lock() {
        openUntil = Instant.MIN;
        tick();
    }

    /** Lets time pass. */
    void tick() {
        locked.set(isProtected && isClosed());
    }

    private boolean isClosed() {
        return !clock.instant().isBefore(openUntil);
    }

    @Override
    public Optional<String> refusal() {
        return isProtected && isClosed() ? Optional.of(LOCKED) : Optional.empty();
    }
}
