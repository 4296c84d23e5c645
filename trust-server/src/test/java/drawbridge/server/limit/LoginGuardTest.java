package drawbridge.server.limit;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.model.TenantId;
import drawbridge.model.UserId;
import drawbridge.server.audit.DatabaseAuditLog;
import drawbridge.server.crypto.Keys;
import drawbridge.server.limit.LoginGuard.Admission;
import drawbridge.server.limit.LoginGuard.Who;
import drawbridge.server.session.DeviceHash;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.ServerState;
import drawbridge.server.support.DatabaseContract;
import drawbridge.server.support.MutableClock;
import drawbridge.server.support.TestDatabase;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

@DatabaseContract
final class LoginGuardTest {
    private static final String ANA = "ana@example.test";
    private static final Who NOBODY = new Who("nobody@example.test", "nobody@example.test", null);
    private static final UserId USER = new UserId("usr_ana");
    private static final Keys KEYS = new Keys(new byte[32]);

    private final MutableClock clock = new MutableClock(Instant.parse("2026-03-01T12:00:00Z"));

    @TempDir Path folder;
    private Database database;
    private LoginGuard guard;

    @BeforeEach
    void open() {
        database = TestDatabase.open(folder);
        ServerState.prepare(database, clock.instant());
        guard = guard();
    }

    private LoginGuard guard() {
        return new LoginGuard(database, new DatabaseAuditLog(database, KEYS), KEYS, 50, clock);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static DeviceHash device(int number) {
        byte[] bytes = new byte[32];
        bytes[0] = (byte) number;
        return new DeviceHash(bytes);
    }

    private Admission admit(@Nullable DeviceHash device) {
        return guard.admit(
                TenantId.DEFAULT,
                new Who(ANA, ANA, USER),
                device == null ? List.of() : List.of(device),
                Optional.empty());
    }

    /** Fails as often as it is let, waiting as long as it is told, and answers how often. */
    private int failuresUntilLocked(@Nullable DeviceHash device) {
        int failures = 0;
        while (failures < 1000) {
            switch (admit(device)) {
                case Admission.Admitted _ -> failures++;
                case Admission.Locked _ -> {
                    return failures;
                }
                case Admission.TooSoon(Duration wait) -> clock.advance(wait);
            }
        }
        return failures;
    }

    private void logIn(@Nullable DeviceHash device) {
        if (admit(device) instanceof Admission.Admitted(var attempt)) {
            database.write(
                    DataScope.of(TenantId.DEFAULT),
                    "logging in",
                    handle -> {
                        guard.succeeded(handle, attempt, USER, clock.instant());
                        return true;
                    });
        } else {
            throw new AssertionError("not admitted");
        }
    }

    @Test
    void waitsLongerAfterEachFailureButNotForThoseWhoMistype() {
        for (int i = 0; i < 5; i++) {
            assertThat(admit(null)).isInstanceOf(Admission.Admitted.class);
        }

        assertThat(admit(null)).isEqualTo(new Admission.TooSoon(Duration.ofSeconds(1)));
        clock.advance(Duration.ofSeconds(1));
        assertThat(admit(null)).isInstanceOf(Admission.Admitted.class);
        assertThat(admit(null)).isEqualTo(new Admission.TooSoon(Duration.ofSeconds(2)));
    }

    @Test
    void locksAtFiftyAndStaysLockedOverARestart() {
        assertThat(failuresUntilLocked(null)).isEqualTo(50);

        guard = guard();
        clock.advance(Duration.ofDays(365));

        assertThat(admit(null)).isInstanceOf(Admission.Locked.class);
        assertThat(admit(device(9))).isInstanceOf(Admission.TooSoon.class);
    }

    @Test
    void letsAKnownDeviceInWhileItIsLockedForStrangers() {
        logIn(device(1));
        assertThat(failuresUntilLocked(device(2))).isEqualTo(50);

        assertThat(admit(device(1))).isInstanceOf(Admission.Admitted.class);
    }

    @Test
    void neverAllowsMoreThanAHundredFailuresInARow() {
        for (int i = 1; i <= 8; i++) { // five of them are kept
            logIn(device(i));
            clock.advance(Duration.ofMinutes(1));
        }

        int failures = 0;
        for (int i = 1; i <= 8; i++) {
            failures += failuresUntilLocked(device(i));
        }

        assertThat(failures).isEqualTo(100);
    }

    @Test
    void beginsAnewAfterASuccess() {
        logIn(device(1));
        failuresUntilLocked(null);

        logIn(device(1));

        assertThat(admit(null)).isInstanceOf(Admission.Admitted.class);
    }

    @Test
    void countsAccountsThatNobodyHasAlike() {
        int failures = 0;
        boolean locked = false;
        while (!locked) {
            switch (guard.admit(TenantId.DEFAULT, NOBODY, List.of(), Optional.empty())) {
                case Admission.Admitted _ -> failures++;
                case Admission.Locked _ -> locked = true;
                case Admission.TooSoon(Duration wait) -> clock.advance(wait);
            }
        }

        assertThat(failures).isEqualTo(50);
        clock.advance(Duration.ofDays(31));
        assertThat(guard.purge(500)).isEqualTo(1);
        assertThat(guard.purge(500)).isZero();
        assertThat(guard.admit(TenantId.DEFAULT, NOBODY, List.of(), Optional.empty()))
                .isInstanceOf(Admission.Admitted.class);
    }

    @Test
    void takesBackWhatWasNotCompared() {
        for (int i = 0; i < 200; i++) {
            if (admit(null) instanceof Admission.Admitted(var attempt)) {
                guard.giveBack(attempt);
            } else {
                throw new AssertionError("not admitted");
            }
        }
    }
}
