package drawbridge.console.screen.audit;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.console.client.AuditCalls.Wanted;
import drawbridge.console.ui.Words;
import drawbridge.model.filter.FilterProblem;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Instant;
import java.util.Locale;

class AuditQueryTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private static AuditQuery of(String line) {
        return AuditQuery.of(line, NOW, Words.in(Locale.ENGLISH));
    }

    @Test
    void readsEveryWord() {
        AuditQuery query =
                of(
                        "session.revoked actor:admin user:usr_1 ref:ref_2 tenant:acme since:90m until:1h");

        assertThat(query.problem()).isEmpty();
        assertThat(query.wanted())
                .isEqualTo(
                        new Wanted(
                                "acme",
                                "session.revoked",
                                "admin",
                                "usr_1",
                                "ref_2",
                                NOW.minusSeconds(5_400),
                                NOW.minusSeconds(3_600)));
    }

    @Test
    void anEmptyLineAsksForEverything() {
        assertThat(of("  ").wanted()).isEqualTo(Wanted.ALL);
    }

    @Test
    void readsInstantsWithAndWithoutSeconds() {
        assertThat(of("since:2026-02-03T04:05Z").wanted().from())
                .isEqualTo(Instant.parse("2026-02-03T04:05:00Z"));
        assertThat(of("since:2026-02-03T04:05:06Z").wanted().from())
                .isEqualTo(Instant.parse("2026-02-03T04:05:06Z"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "actor:admin who:x     | 12 | 5 | There is no who:",
                "since:yesterday       | 0  | 15 | Give a time",
                "kind:a actor:         | 7  | 6 | Give something behind actor:"
            })
    void marksTheWrongWord(String line, int position, int length, String message) {
        FilterProblem problem = of(line).problem().orElseThrow();

        assertThat(problem.position()).isEqualTo(position);
        assertThat(problem.length()).isEqualTo(length);
        assertThat(problem.message()).startsWith(message);
    }

    @ParameterizedTest
    @CsvSource({
        "kind:, true",
        "actor:admin since:, true",
        "since:3, true",
        "since:2026-02-0, true",
        "since:y, false",
        "who:, false",
        "kind: actor:admin, false"
    })
    void saysWhetherAWrongWordMayYetBecomeRight(String line, boolean isBegun) {
        assertThat(of(line).problem().orElseThrow().isBegun()).isEqualTo(isBegun);
    }
}
