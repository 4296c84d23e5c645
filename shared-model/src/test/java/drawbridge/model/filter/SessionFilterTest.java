package drawbridge.model.filter;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.model.SessionState;
import drawbridge.model.view.SessionRow;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;

final class SessionFilterTest {
    private static final Instant AT = Instant.parse("2026-01-05T08:00:00Z");

    private static final SessionRow ADA =
            new SessionRow(
                    "ref-A1b2",
                    "usr_7Q2mA9",
                    "Ada.Lovelace@Example.test",
                    "acme",
                    "198.51.100.4",
                    "dev-1f0c9a",
                    "Mozilla/5.0 (X11; Linux x86_64) Firefox/145.0",
                    AT,
                    AT,
                    AT,
                    "live",
                    null,
                    null,
                    null,
                    null,
                    null);

    private static final SessionRow BARE =
            new SessionRow(
                    "ref-Zz",
                    "usr_bare",
                    "bare@example.test",
                    "default",
                    null,
                    null,
                    null,
                    AT,
                    AT,
                    AT,
                    "revoked",
                    null,
                    null,
                    null,
                    null,
                    null);

    private static final SessionRow SIX =
            new SessionRow(
                    "ref-Six",
                    "usr_six",
                    "six@example.test",
                    "default",
                    "2001:db8::a",
                    null,
                    null,
                    AT,
                    AT,
                    AT,
                    "held",
                    null,
                    null,
                    null,
                    null,
                    null);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "ada",
                "LOVELACE",
                "firefox",
                "198.51",
                "dev-1f",
                "a1B2",
                "7q2m",
                "ada firefox",
                "user:ada",
                "USER:Lovelace@example",
                "user:usr_7q",
                "ip:198.51.100.4",
                "ip:198.51.",
                "ip:198.51.100.0/24",
                "device:1f0c",
                "agent:linux",
                "ref:ref-a1b2",
                "tenant:ACME",
                "state:live",
                "state:held,live",
                "-user:grace",
                "-state:revoked",
                "-ip:10.0.0.0/8",
                "user:ada -state:held,revoked ip:198.51.100.0/24"
            })
    void matchesAda(String line) {
        assertThat(filter(line).matches(ADA)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "grace",
                "ada grace",
                "user:grace",
                "user:firefox",
                "ip:51.100",
                "ip:198.51.100.40",
                "ip:198.51.100.1",
                "ip:10.0.0.0/8",
                "ip:2001:db8::/32",
                "device:ffff",
                "agent:safari",
                "ref:zz",
                "tenant:acm",
                "state:held",
                "-ada",
                "-state:live",
                "-tenant:acme"
            })
    void doesNotMatchAda(String line) {
        assertThat(filter(line).matches(ADA)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "ip:1, false",
        "-ip:1, true",
        "ip:0.0.0.0/0, false",
        "device:dev, false",
        "agent:moz, false",
        "state:revoked, true"
    })
    void aSignalThatWasNeverRecordedMatchesNothing(String line, boolean matches) {
        assertThat(filter(line).matches(BARE)).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2001:db8::a",
                "ip:2001:db8::a",
                "ip:2001:DB8:",
                "ip:2001:db8::",
                "ip:2001:db8::/32",
                "ip:2001:0db8:0::a",
                "-ip:2001:db9::/32"
            })
    void readsIpv6WithAndWithoutItsKey(String line) {
        assertThat(filter(line).matches(SIX)).isTrue();
    }

    @Test
    void keepsTheWordsInTheirOrder() {
        assertThat(filter("user:Ada -state:held x").terms())
                .containsExactly(
                        new SessionFilter.Term(false, SessionFilter.Key.USER, "ada", null),
                        new SessionFilter.Term(true, SessionFilter.Key.STATE, "held", null),
                        new SessionFilter.Term(false, SessionFilter.Key.TEXT, "x", null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ada state:dead | 4 | 10 | \"dead\" is no state. Use live, held, revoked or expired.",
                "state:live,dead | 0 | 15 | \"dead\" is no state. Use live, held, revoked or expired.",
                "state:live, | 0 | 11 | \"\" is no state. Use live, held, revoked or expired.",
                "ada user: | 4 | 5 | \"user:\" needs a value behind the colon.",
                "-user: | 0 | 6 | \"-user:\" needs a value behind the colon.",
                "ip:10.0.0.0/99 | 0 | 14 | \"10.0.0.0/99\" is no network. Write it like 10.0.0.0/8 or 2001:db8::/32.",
                "x  mail:ada | 3 | 8 | There is no \"mail:\". Use user, ip, device, agent, ref, tenant or state.",
                "x browser:moz | 2 | 11 | There is no \"browser:\". Use user, ip, device, agent, ref, tenant or state."
            })
    void saysWhereAndWhatIsWrong(String line, int position, int length, String message) {
        assertThat(SessionFilter.parse(line).problem())
                .contains(new FilterProblem(position, length, message));
        assertThat(SessionFilter.parse(line).filter()).isEmpty();
    }

    @Test
    void looksAtTheStateItIsGivenAndNotAtTheRows() {
        assertThat(filter("state:held").matches(ADA, SessionState.HELD)).isTrue();
        assertThat(filter("state:live,held").matches(ADA, SessionState.HELD)).isTrue();
        assertThat(filter("state:live,revoked").matches(ADA, SessionState.HELD)).isFalse();
        assertThat(filter("user:ada -state:expired").matches(ADA, SessionState.EXPIRED)).isFalse();
    }

    @Test
    void takesABareHyphenAsText() {
        assertThat(filter("-").matches(ADA)).isTrue();
        assertThat(filter("-").matches(BARE)).as("its ref has one too").isTrue();
    }

    @Test
    void takesATabForASpace() {
        assertThat(filter("user:ada\tstate:live").matches(ADA)).isTrue();
    }

    private static SessionFilter filter(String line) {
        return SessionFilter.parse(line).filter().orElseThrow();
    }
}
