package drawbridge.server.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.model.IpAddress;
import drawbridge.server.session.DeviceHash;
import drawbridge.server.session.Signals;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LastShownTest {
    private final LastShown last = new LastShown();

    private static Signals signals(
            @Nullable String ip, @Nullable Integer device, @Nullable String agent) {
        return new Signals(
                ip == null ? null : IpAddress.parse(ip).orElseThrow(),
                device == null ? null : new DeviceHash(new byte[] {device.byteValue(), 0, 0, 0}),
                agent);
    }

    @Test
    void aCallThatShowsWhatTheOneBeforeItShowedIsAgain() {
        Signals home = signals("198.51.100.4", 1, "Browser/1.0");

        assertThat(last.isAgain("ses-1", home)).isFalse();
        assertThat(last.isAgain("ses-1", signals("198.51.100.4", 1, "Browser/1.0"))).isTrue();
        assertThat(last.isAgain("ses-2", home)).isFalse();
        assertThat(last.isAgain("ses-1", home)).isTrue();
    }

    @Test
    void oneThatShowsAnythingElseIsNot() {
        last.isAgain("ses-1", signals("10.0.0.40", 1, "Browser/1.0"));

        // Addresses whose usual hash code is the same, too.
        assertThat(last.isAgain("ses-1", signals("10.0.1.9", 1, "Browser/1.0"))).isFalse();
        assertThat(last.isAgain("ses-1", signals("10.0.1.9", 2, "Browser/1.0"))).isFalse();
        assertThat(last.isAgain("ses-1", signals("10.0.1.9", 2, "Browser/2.0"))).isFalse();
        assertThat(last.isAgain("ses-1", signals("10.0.1.9", 2, null))).isFalse();
        assertThat(last.isAgain("ses-1", signals("10.0.1.9", null, null))).isFalse();
        assertThat(last.isAgain("ses-1", signals(null, null, null))).isFalse();
        assertThat(last.isAgain("ses-1", signals(null, null, null))).isTrue();
        assertThat(last.isAgain("ses-1", signals("10.0.0.40", 1, "Browser/1.0"))).isFalse();
    }

    @Test
    void remembersThousandsOfSessions() {
        Signals same = signals("198.51.100.4", 1, "Browser/1.0");
        for (int i = 0; i < 10_000; i++) {
            last.isAgain("ses-" + i, same);
        }

        int again = 0;
        for (int i = 0; i < 10_000; i++) {
            again += last.isAgain("ses-" + i, same) ? 1 : 0;
        }

        assertThat(again).isGreaterThan(9_900);
    }
}
