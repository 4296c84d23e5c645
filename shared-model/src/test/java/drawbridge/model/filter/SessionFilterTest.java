package drawbridge.model.filter;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.model.SessionState;
import drawbridge.model.view.SessionRow;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.util.List;

final class SessionFilterTest {
    private static final Instant AT = Instant.parse("2026-01-05T08:00:00Z");

    private static final Instant NOW = AT.plusSeconds(3_600);

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
        assertThat(filter(line).matches(ADA, NOW)).isTrue();
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
        assertThat(filter(line).matches(ADA, NOW)).isFalse();
    }

    /** Whatever the rows asked before were. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ada",
                "firefox",
                "USR_",
                "-ref-a1b2",
                "agent:firefox -agent:x",
                "198.51",
                "x"
            })
    void aSieveFindsWhatTheFilterFinds(String line) {
        SessionFilter filter = filter(line);
        SessionFilter.Sieve sieve = filter.sieve();

        for (SessionRow row : List.of(ADA, BARE, SIX, ADA, BARE)) {
            assertThat(sieve.matches(row, SessionFilter.searched(row), SessionState.LIVE, NOW))
                    .isEqualTo(filter.matches(row, SessionState.LIVE, NOW));
        }
    }

    @Test
    void aWordIsInOneTextNotInTwo() {
        assertThat(filter("testusr_").matches(ADA, NOW)).isFalse();
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
        assertThat(filter(line).matches(BARE, NOW)).isEqualTo(matches);
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
        assertThat(filter(line).matches(SIX, NOW)).isTrue();
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
                "ada state:dead | 10 | 4 | \"dead\" is no state. Use live, held, revoked or expired.",
                "state:live,dead | 11 | 4 | \"dead\" is no state. Use live, held, revoked or expired.",
                "state:live, | 0 | 11 | \"\" is no state. Use live, held, revoked or expired.",
                "ada user: | 4 | 5 | \"user:\" needs a value behind the colon.",
                "-user: | 0 | 6 | \"-user:\" needs a value behind the colon.",
                "ip:10.0.0.0/99 | 3 | 11 | \"10.0.0.0/99\" is no network. Write it like 10.0.0.0/8 or 2001:db8::/32.",
                "x  mail:ada | 3 | 4 | There is no \"mail\". Use user, ip, device, agent, ref, tenant, state, mode or risk with a colon, or idle, age or left with > or <.",
                "x -usr:moz | 3 | 3 | There is no \"usr\". Did you mean user:?",
                "idel>30m | 0 | 4 | There is no \"idel\". Did you mean idle>?",
                "mode:strict,lax | 12 | 3 | \"lax\" is no mode. Use standard, advanced, strict or none.",
                "risk:high | 5 | 4 | \"high\" is no risk. Use any, no-device, no-agent or no-ip.",
                "user>ana | 0 | 8 | \"user\" takes a colon: user:…",
                "idle:30m | 0 | 8 | \"idle\" takes > or < and a time: idle>30m",
                "ada -idle>soon | 10 | 4 | \"soon\" is no time. Write it like 90s, 30m, 12h or 7d.",
                "age< | 0 | 4 | \"\" is no time. Write it like 90s, 30m, 12h or 7d."
            })
    void saysWhereAndWhatIsWrong(String line, int position, int length, String message) {
        FilterProblem problem = SessionFilter.parse(line).problem().orElseThrow();

        assertThat(problem.position()).isEqualTo(position);
        assertThat(problem.length()).isEqualTo(length);
        assertThat(problem.message()).isEqualTo(message);
        assertThat(SessionFilter.parse(line).filter()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "state:|true",
                "State:Li|true",
                "ada -state:live,|true",
                "state:live,he|true",
                "mode:st|true",
                "risk:no-|true",
                "-user:|true",
                "idle>|true",
                "ada -idle>30|true",
                "ip:10.0.0.0/|true",
                "state: |false",
                "state:li ada|false",
                "state:lix|false",
                "state:dead,li|false",
                "mode:standardx|false",
                "idle:|false",
                "idle>3x|false",
                "idle>123456|false",
                "user>|false",
                "mail:|false",
                "ip:10.0.0/|false",
                "ip:10.0.0.0/99|false"
            })
    void saysWhetherAWrongWordMayYetBecomeRight(String line, boolean isBegun) {
        assertThat(SessionFilter.parse(line).problem().orElseThrow().isBegun()).isEqualTo(isBegun);
    }

    @Test
    void looksAtTheStateItIsGivenAndNotAtTheRows() {
        assertThat(filter("state:held").matches(ADA, SessionState.HELD, NOW)).isTrue();
        assertThat(filter("state:live,held").matches(ADA, SessionState.HELD, NOW)).isTrue();
        assertThat(filter("state:live,revoked").matches(ADA, SessionState.HELD, NOW)).isFalse();
        assertThat(filter("user:ada -state:expired").matches(ADA, SessionState.EXPIRED, NOW))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "idle>59m, true",
        "idle>60m, false",
        "-idle>60m, true",
        "idle<2h, true",
        "age>1d, false",
        "left<1s, true",
        "mode:none, true",
        "mode:strict, false",
        "risk:any, false",
        "device:known, true",
        "user:ada ip:198.51.0.0/16 idle>30m mode:none -risk:any device:known, true"
    })
    void readsTimesModesAndRisks(String line, boolean matches) {
        assertThat(filter(line).matches(ADA, NOW)).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource({"risk:any, true", "risk:no-device, true", "-device:known, true"})
    void tellsWhatWasNeverRecorded(String line, boolean matches) {
        assertThat(filter(line).matches(BARE, NOW)).isEqualTo(matches);
    }

    @Test
    void takesABareHyphenAsText() {
        assertThat(filter("-").matches(ADA, NOW)).isTrue();
        assertThat(filter("-").matches(BARE, NOW)).as("its ref has one too").isTrue();
    }

    @Test
    void takesATabForASpace() {
        assertThat(filter("user:ada\tstate:live").matches(ADA, NOW)).isTrue();
    }

    private static SessionFilter filter(String line) {
        return SessionFilter.parse(line).filter().orElseThrow();
    }
}
