package drawbridge.console.screen.sessions;

import static drawbridge.console.model.Sessions.START;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.console.model.SessionEntry;
import drawbridge.console.model.SessionRows;
import drawbridge.console.ui.AgentNames;
import drawbridge.model.view.SessionRow;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/** Beside the same order written as a comparator. */
class SessionSortTest {
    private static final List<String> AGENTS =
            Arrays.asList(
                    null,
                    "curl/8.17",
                    "Mozilla/5.0 (X11; Linux x86_64; rv:146.0) Gecko/20100101 Firefox/146.0",
                    "Mozilla/5.0 (Windows NT 10.0; rv:146.0) Gecko/20100101 Firefox/146.0");

    private static final List<String> MODES = Arrays.asList(null, "STANDARD", "ADVANCED", "STRICT");

    private static final List<Duration> SPREADS =
            List.of(Duration.ofNanos(40), Duration.ofHours(1), Duration.ofDays(90_000));

    private final AgentNames agents = new AgentNames();
    private final Random random = new Random(7);

    @ParameterizedTest
    @EnumSource
    void sortsByAColumnThenByOpeningThenByReference(SessionColumn column) {
        for (Duration spread : SPREADS) {
            List<SessionEntry> sessions = sessions(700, spread);
            for (boolean descending : List.of(false, true)) {
                assertThat(SessionSort.sorted(sessions, column, descending, agents, START))
                        .containsExactlyElementsOf(expected(sessions, column, descending));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void sortsFew(int count) {
        List<SessionEntry> sessions = sessions(count, Duration.ofHours(1));

        assertThat(SessionSort.sorted(sessions, SessionColumn.CREATED, false, agents, START))
                .containsExactlyElementsOf(expected(sessions, SessionColumn.CREATED, false));
    }

    @ParameterizedTest
    @CsvSource({"9.0.0.1, 10.0.0.1", "10.0.0.9, 10.0.0.10", "255.0.0.1, 2001:db8::1"})
    void sortsAddressesAsNumbers(String first, String second) {
        List<SessionEntry> sessions =
                List.of(
                        entry(0, null, START, START),
                        entry(1, second, START, START),
                        entry(2, first, START, START));

        assertThat(SessionSort.sorted(sessions, SessionColumn.IP, false, agents, START))
                .extracting(entry -> entry.row().ip())
                .containsExactly(first, second, null);
    }

    @Test
    void givesEachSessionOnceWhenAllAreEqual() {
        List<SessionEntry> sessions = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            sessions.add(entry(i * 7 % 300, "10.0.0.1", START, START));
        }

        assertThat(SessionSort.sorted(sessions, SessionColumn.CREATED, true, agents, START))
                .extracting(SessionEntry::ref)
                .isSorted()
                .hasSize(300)
                .doesNotHaveDuplicates();
    }

    private List<SessionEntry> sessions(int count, Duration spread) {
        List<SessionEntry> sessions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sessions.add(
                    entry(
                            i,
                            oneOf(Arrays.asList(null, "10.0.0." + i, "9.1.2." + i % 4, "::" + i)),
                            START.minusNanos(random.nextLong(spread.toMillis() * 1_000 + 9)),
                            START.minus(spread.dividedBy(2)).minusSeconds(random.nextInt(90))));
        }
        return sessions;
    }

    private <T extends @Nullable Object> T oneOf(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }

    private SessionEntry entry(int number, @Nullable String ip, Instant created, Instant seen) {
        return new SessionEntry(
                new SessionRow(
                        "ref_%04d".formatted(number),
                        "usr_" + number % 40,
                        (number % 3 == 0 ? "User%d@Example.com" : "user%d@example.com")
                                .formatted(number % 40),
                        "default",
                        ip,
                        number % 5 == 0 ? null : "dev-" + number % 9,
                        oneOf(AGENTS),
                        created,
                        seen,
                        START.plusSeconds(random.nextInt(60) - 20),
                        number % 11 == 0 ? "revoked" : "live",
                        oneOf(MODES),
                        null,
                        null,
                        null,
                        null));
    }

    private List<SessionEntry> expected(
            List<SessionEntry> sessions, SessionColumn column, boolean descending) {
        Comparator<SessionRow> first =
                switch (column) {
                    case USER -> byText(SessionRow::email);
                    case IP -> byText(row -> padded(row.ip()));
                    case DEVICE -> byText(SessionRow::device);
                    case AGENT ->
                            byText(row -> row.agent() == null ? null : agents.of(row.agent()));
                    case CREATED -> Comparator.comparing(SessionRow::createdAt);
                    case LAST_SEEN -> Comparator.comparing(SessionRow::lastSeenAt);
                    case EXPIRES -> Comparator.comparing(SessionRow::expiresAt);
                    case MODE -> Comparator.comparingInt(row -> MODES.indexOf(row.strictestMode()));
                    case STATE -> Comparator.comparing(row -> SessionRows.state(row, START));
                };
        return sessions.stream()
                .sorted(
                        Comparator.comparing(
                                SessionEntry::row,
                                (descending ? first.reversed() : first)
                                        .thenComparing(
                                                Comparator.comparing(SessionRow::createdAt)
                                                        .reversed())
                                        .thenComparing(SessionRow::ref)))
                .toList();
    }

    private static Comparator<SessionRow> byText(Function<SessionRow, @Nullable String> text) {
        return Comparator.comparing(text, Comparator.nullsLast(String.CASE_INSENSITIVE_ORDER));
    }

    private static @Nullable String padded(@Nullable String ip) {
        if (ip == null || ip.indexOf(':') >= 0) {
            return ip == null ? null : "x" + ip;
        }
        StringBuilder padded = new StringBuilder();
        for (String part : ip.split("\\.", -1)) {
            padded.append("%03d".formatted(Integer.parseInt(part)));
        }
        return padded.toString();
    }
}
