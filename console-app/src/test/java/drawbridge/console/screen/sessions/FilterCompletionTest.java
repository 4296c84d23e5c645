package drawbridge.console.screen.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.console.model.SessionEntry;
import drawbridge.model.view.SessionRow;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Instant;
import java.util.List;

final class FilterCompletionTest {
    private static final List<SessionEntry> SESSIONS =
            List.of(
                    entry("ref_a", "ana@example.test", "10.0.0.1"),
                    entry("ref_b", "ana@example.test", "10.0.0.2"),
                    entry("ref_c", "ben@example.test", "192.0.2.7"));

    private static SessionEntry entry(String ref, String email, String ip) {
        Instant at = Instant.EPOCH;
        return new SessionEntry(
                new SessionRow(
                        ref, "usr_1", email, "default", ip, "dev-1f", null, at, at, at, "live",
                        null, null, null, null, null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "us | user:",
                "an | user:ana@example.test",
                "user:an | ana@example.test",
                "user:example | ana@example.test,ben@example.test",
                "-ip:10. | 10.0.0.1,10.0.0.2",
                "x state:re | revoked",
                "state:live,h | held",
                "mode:st | standard,strict",
                "id | idle>",
                "idle>3 | 30m",
                "risk:no-d | no-device",
                "user:ana@example.test | -",
                "zz | -"
            })
    void offersHowTheWordMayGoOn(String line, String offers) {
        assertThat(
                        FilterCompletion.at(line, line.length(), SESSIONS).offers().stream()
                                .map(FilterCompletion.Offer::text))
                .containsExactly(offers == null ? new String[0] : offers.split(","));
    }

    @ParameterizedTest
    @CsvSource({"x -us, 3, 5", "'user:ana, state:l', 16, 17", "state:live.h, 6, 12"})
    void putsItInThePlaceOfWhatIsWritten(String line, int from, int to) {
        FilterCompletion found = FilterCompletion.at(line, line.length(), SESSIONS);

        assertThat(List.of(found.from(), found.to())).containsExactly(from, to);
    }
}
