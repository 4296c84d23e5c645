package drawbridge.server.judge;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.model.SessionSource;
import drawbridge.model.Signal;
import drawbridge.model.ValidationMode;
import drawbridge.server.judge.Verdict.Reason;
import drawbridge.server.judge.Verdict.Refused;
import drawbridge.server.judge.Verdict.Trusted;
import drawbridge.server.session.Found;
import drawbridge.server.session.Session;
import drawbridge.server.session.Session.Ended;
import drawbridge.server.session.Signals;
import drawbridge.server.support.Given;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

class JudgeTest {
    private static final List<@Nullable String> IPS = listOf("198.51.100.7", "198.51.100.8", null);
    private static final List<@Nullable Integer> DEVICES = listOf(1, 2, null);
    private static final List<@Nullable String> AGENTS = listOf("Test/1", "Other/1", null);

    @SafeVarargs
    private static <T> List<@Nullable T> listOf(@Nullable T... values) {
        List<@Nullable T> list = new ArrayList<>();
        for (T value : values) {
            list.add(value);
        }
        return list;
    }

    /** Every combination of same, other and missing, for three signals. */
    private static List<Signals> allSignals() {
        List<Signals> all = new ArrayList<>();
        for (String ip : IPS) {
            for (Integer device : DEVICES) {
                for (String agent : AGENTS) {
                    all.add(Given.signals(ip, device, agent));
                }
            }
        }
        return all;
    }

    private static Found found(Session session) {
        return new Found(session, SessionSource.MEMORY, session.lastSeenAt());
    }

    private static Verdict judge(Signals recorded, Signals seen, Requirement required) {
        return Judge.judge(
                found(Given.session(recorded, true, null)), seen, required, Given.OPENED);
    }

    @Test
    void neverTrustsUnderStricterModeWhatLaxerOneRefused() {
        for (Signals recorded : allSignals()) {
            for (Signals seen : allSignals()) {
                boolean trustedByLaxer = true;
                for (ValidationMode mode : ValidationMode.values()) {
                    boolean trusted =
                            judge(recorded, seen, Requirement.of(mode)) instanceof Trusted;

                    assertThat(trusted && !trustedByLaxer)
                            .as("%s: recorded %s, seen %s", mode, recorded, seen)
                            .isFalse();
                    trustedByLaxer = trusted;
                }
            }
        }
    }

    @Test
    void trustsOnlyWhatMatchesInEverySignalOfTheMode() {
        for (Signals seen : allSignals()) {
            for (ValidationMode mode : ValidationMode.values()) {
                boolean all =
                        (!mode.signals().contains(Signal.IP)
                                        || "198.51.100.7".equals(String.valueOf(seen.ip())))
                                && (!mode.signals().contains(Signal.DEVICE)
                                        || Objects.equals(Given.SIGNALS.device(), seen.device()))
                                && (!mode.signals().contains(Signal.AGENT)
                                        || "Test/1".equals(seen.agent()));

                Verdict verdict = judge(Given.SIGNALS, seen, Requirement.of(mode));

                assertThat(verdict instanceof Trusted).as("%s %s", mode, seen).isEqualTo(all);
            }
        }
    }

    @Test
    void comparesWhenSentOnlyWhatIsThereOnBothSides() {
        Requirement lenient = Requirement.of(ValidationMode.STRICT).whenSent();

        Verdict nothingSent = judge(Given.SIGNALS, Signals.NONE, lenient);
        Verdict otherAgent = judge(Given.SIGNALS, Given.signals(null, null, "Other/1"), lenient);

        assertThat(nothingSent)
                .isInstanceOfSatisfying(
                        Trusted.class,
                        trusted ->
                                assertThat(trusted.notCompared())
                                        .containsExactlyInAnyOrder(Signal.values()));
        assertThat(otherAgent)
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> {
                            assertThat(refused.reason()).isEqualTo(Reason.SIGNAL_DIFFERS);
                            assertThat(refused.signal()).isEqualTo(Signal.AGENT);
                        });
    }

    @Test
    void endsAtTheInstantOfTheIdleAndOfTheAbsoluteLifetime() {
        Session session = Given.session();
        Instant idleEnd = Given.OPENED.plus(Duration.ofMinutes(30));
        Instant absoluteEnd = Given.OPENED.plus(Duration.ofDays(7));
        Found usedJustBefore =
                new Found(session, SessionSource.MEMORY, absoluteEnd.minusSeconds(1));
        Requirement required = Requirement.of(ValidationMode.STANDARD);

        assertThat(Judge.judge(found(session), Given.SIGNALS, required, idleEnd.minusNanos(1)))
                .isInstanceOf(Trusted.class);
        assertThat(Judge.judge(found(session), Given.SIGNALS, required, idleEnd))
                .extracting(v -> ((Refused) v).reason())
                .isEqualTo(Reason.IDLE_EXPIRED);
        assertThat(Judge.judge(usedJustBefore, Given.SIGNALS, required, absoluteEnd.minusNanos(1)))
                .isInstanceOf(Trusted.class);
        assertThat(Judge.judge(usedJustBefore, Given.SIGNALS, required, absoluteEnd))
                .extracting(v -> ((Refused) v).reason())
                .isEqualTo(Reason.ABSOLUTE_EXPIRED);
    }

    @Test
    void refusesEndedAndHalfLoggedInSessionsWhateverTheSignals() {
        Session ended =
                Given.session(Given.SIGNALS, true, new Ended(Given.OPENED, 1, "", "admin", null));
        Session pending = Given.session(Given.SIGNALS, false, null);
        Requirement required = Requirement.of(ValidationMode.STANDARD).whenSent();

        assertThat(Judge.judge(found(ended), Given.SIGNALS, required, Given.OPENED))
                .extracting(v -> ((Refused) v).reason())
                .isEqualTo(Reason.REVOKED);
        assertThat(Judge.judge(found(pending), Given.SIGNALS, required, Given.OPENED))
                .extracting(v -> ((Refused) v).reason())
                .isEqualTo(Reason.NOT_FULLY_LOGGED_IN);
    }
}
