package drawbridge.server.judge;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.model.DeviceEvidence;
import drawbridge.model.SessionSource;
import drawbridge.model.ValidationMode;
import drawbridge.server.judge.Verdict.Refused;
import drawbridge.server.judge.Verdict.Trusted;
import drawbridge.server.session.DeviceHash;
import drawbridge.server.session.Found;
import drawbridge.server.session.Session;
import drawbridge.server.session.Signals;
import drawbridge.server.support.Given;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Locale;

/** Three modes, each signal changed or missing on either side, both rules for missing ones. */
final class RequirementTest {
    private static final String IP = "198.51.100.7";

    private static Verdict judge(Signals recorded, Signals seen, Requirement required) {
        Session session = Given.session(recorded, true, null);
        return Judge.judge(
                new Found(session, SessionSource.MEMORY, session.lastSeenAt()),
                seen,
                required,
                Given.OPENED);
    }

    private static String said(Verdict verdict) {
        return switch (verdict) {
            case Trusted(var found, var mode, var notCompared) ->
                    notCompared.isEmpty() ? "trusted" : "trusted without " + notCompared;
            case Refused(var reason, var signal, var found, var mode) ->
                    (reason + (signal == null ? "" : " " + signal)).toLowerCase(Locale.ROOT);
            case Verdict.Undecided _ -> "undecided";
            case Verdict.Limited _ -> "limited";
        };
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "STANDARD | ip     | changed  | signal_differs ip     | signal_differs ip",
                "STANDARD | ip     | unsent   | signal_missing ip     | trusted without [IP]",
                "STANDARD | ip     | unknown  | signal_missing ip     | trusted without [IP]",
                "STANDARD | device | changed  | trusted               | trusted",
                "STANDARD | device | unsent   | trusted               | trusted",
                "STANDARD | device | unknown  | trusted               | trusted",
                "STANDARD | agent  | changed  | trusted               | trusted",
                "STANDARD | agent  | unsent   | trusted               | trusted",
                "STANDARD | agent  | unknown  | trusted               | trusted",
                "ADVANCED | ip     | changed  | signal_differs ip     | signal_differs ip",
                "ADVANCED | ip     | unsent   | signal_missing ip     | trusted without [IP]",
                "ADVANCED | ip     | unknown  | signal_missing ip     | trusted without [IP]",
                "ADVANCED | device | changed  | signal_differs device | signal_differs device",
                "ADVANCED | device | unsent   | signal_missing device | trusted without [DEVICE]",
                "ADVANCED | device | unknown  | signal_missing device | trusted without [DEVICE]",
                "ADVANCED | agent  | changed  | trusted               | trusted",
                "ADVANCED | agent  | unsent   | trusted               | trusted",
                "ADVANCED | agent  | unknown  | trusted               | trusted",
                "STRICT   | ip     | changed  | signal_differs ip     | signal_differs ip",
                "STRICT   | ip     | unsent   | signal_missing ip     | trusted without [IP]",
                "STRICT   | ip     | unknown  | signal_missing ip     | trusted without [IP]",
                "STRICT   | device | changed  | signal_differs device | signal_differs device",
                "STRICT   | device | unsent   | signal_missing device | trusted without [DEVICE]",
                "STRICT   | device | unknown  | signal_missing device | trusted without [DEVICE]",
                "STRICT   | agent  | changed  | signal_differs agent  | signal_differs agent",
                "STRICT   | agent  | unsent   | signal_missing agent  | trusted without [AGENT]",
                "STRICT   | agent  | unknown  | signal_missing agent  | trusted without [AGENT]",
            })
    void comparesExactlyTheSignalsOfTheMode(
            ValidationMode mode, String signal, String what, String required, String whenSent) {
        boolean isUnknown = what.equals("unknown");
        Signals other = with(signal, what.equals("changed"));
        Signals recorded = isUnknown ? other : Given.SIGNALS;
        Signals seen = isUnknown ? Given.SIGNALS : other;

        assertThat(said(judge(recorded, seen, Requirement.of(mode)))).isEqualTo(required);
        assertThat(said(judge(recorded, seen, Requirement.of(mode).whenSent())))
                .isEqualTo(whenSent);
    }

    /** The signals of the login but for one, which is another or missing. */
    private static Signals with(String signal, boolean isOther) {
        @Nullable String ip = IP;
        @Nullable Integer device = 1;
        @Nullable String agent = "Test/1";
        switch (signal) {
            case "ip" -> ip = isOther ? "203.0.113.9" : null;
            case "device" -> device = isOther ? 2 : null;
            default -> agent = isOther ? "Other/1" : null;
        }
        return Given.signals(ip, device, agent);
    }

    @ParameterizedTest
    @CsvSource({
        "198.51.100.7, 198.51.100.7, trusted, trusted",
        "198.51.100.7, 198.51.100.250, signal_differs ip, trusted",
        "198.51.100.7, 198.51.101.7, signal_differs ip, signal_differs ip",
        "2001:db8:0:1::7, 2001:db8:0:1:ffff::1, signal_differs ip, trusted",
        "2001:db8:0:1::7, 2001:db8:0:2::7, signal_differs ip, signal_differs ip",
        "198.51.100.7, 2001:db8::7, signal_differs ip, signal_differs ip",
        "198.51.100.7, ::ffff:198.51.100.9, signal_differs ip, trusted",
    })
    void comparesAddressesExactlyOrByTheirNetwork(
            String login, String call, String exact, String prefix) {
        Signals recorded = Given.signals(login, 1, "Test/1");
        Signals seen = Given.signals(call, 1, "Test/1");
        Requirement required = Requirement.of(ValidationMode.STANDARD);

        assertThat(said(judge(recorded, seen, required))).isEqualTo(exact);
        assertThat(said(judge(recorded, seen, required.withIp(IpMatch.PREFIX)))).isEqualTo(prefix);
    }

    @Test
    void asksForTheDeviceInEveryModeOnceTheRouteAsksForEvidence() {
        Signals told = Given.SIGNALS;
        Signals cookie =
                new Signals(told.ip(), told.device(), told.agent(), new DeviceHash(new byte[] {7}));
        Signals otherCookie =
                new Signals(told.ip(), told.device(), told.agent(), new DeviceHash(new byte[] {8}));
        Requirement required =
                Requirement.of(ValidationMode.STANDARD)
                        .whenSent()
                        .withEvidence(DeviceEvidence.COOKIE);

        assertThat(said(judge(cookie, cookie, required))).isEqualTo("trusted");
        assertThat(said(judge(cookie, otherCookie, required))).isEqualTo("signal_differs device");
        assertThat(said(judge(cookie, told, required))).isEqualTo("signal_too_weak device");
        assertThat(said(judge(told, told, required))).isEqualTo("signal_too_weak device");
        assertThat(said(judge(cookie, Given.signals(IP, 2, "Test/1"), required)))
                .isEqualTo("signal_differs device");
        assertThat(said(judge(cookie, Given.signals(IP, null, "Test/1"), required)))
                .isEqualTo("signal_missing device");
        assertThat(said(judge(Given.signals(IP, null, "Test/1"), told, required)))
                .isEqualTo("signal_missing device");
    }

    @Test
    void readsAdvancedAsAddressAndAgentForKitsThatMeanItSo() {
        Requirement advanced = Requirement.of(ValidationMode.ADVANCED).advancedIsAgent();
        Requirement strict = Requirement.of(ValidationMode.STRICT).advancedIsAgent();

        assertThat(said(judge(Given.SIGNALS, Given.signals(IP, 2, "Test/1"), advanced)))
                .isEqualTo("trusted");
        assertThat(said(judge(Given.SIGNALS, Given.signals(IP, 1, "Other/1"), advanced)))
                .isEqualTo("signal_differs agent");
        assertThat(said(judge(Given.SIGNALS, Given.signals(IP, 2, "Test/1"), strict)))
                .isEqualTo("signal_differs device");
    }
}
