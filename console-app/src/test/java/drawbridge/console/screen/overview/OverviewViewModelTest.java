package drawbridge.console.screen.overview;

import static drawbridge.console.model.Sessions.START;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.console.fake.FakeConsole;
import drawbridge.console.model.Happening;
import drawbridge.console.screen.Navigation;
import drawbridge.console.ui.Formats;
import drawbridge.console.ui.Words;
import drawbridge.model.event.ServerEvent;
import drawbridge.model.view.MetricsTick;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

class OverviewViewModelTest {
    private final FakeConsole console = new FakeConsole(START);
    private final Words words = Words.in(Locale.ENGLISH);
    private final List<String> ways = new ArrayList<>();
    private final OverviewViewModel overview =
            new OverviewViewModel(
                    console.model(),
                    new Ways(),
                    words,
                    new Formats(words, Locale.ENGLISH, ZoneOffset.UTC));

    private final class Ways implements Navigation {
        @Override
        public void show(Screen screen) {
            ways.add(screen.name());
        }

        @Override
        public void showSessions(String filter) {
            ways.add("sessions " + filter);
        }

        @Override
        public void showUsers(String filter) {
            ways.add("users " + filter);
        }

        @Override
        public void showAlert(String id) {
            ways.add("alert " + id);
        }
    }

    @BeforeEach
    void open() {
        console.model().open();
        console.supervisor().enter(console.server().running());
    }

    private void refused(String reason, @Nullable String caller, @Nullable String route) {
        console.server()
                .tell(seq ->
                        new ServerEvent.SessionRefused(
                                seq,
                                START,
                                null,
                                null,
                                null,
                                null,
                                caller,
                                reason,
                                null,
                                route,
                                null,
                                "10.1.2.3",
                                "r-1"));
    }

    private String told() {
        Happening happening = overview.feed().lines().getFirst();
        return overview.what(happening) + " | " + overview.details(happening);
    }

    private List<String> followed() {
        ways.clear();
        overview.follow(overview.feed().lines().getFirst());
        return ways;
    }

    @Test
    void aRefusedCallerIsNoUnknownSession() {
        refused("unknown_caller", null, null);
        assertThat(told()).isEqualTo("Caller refused | unknown bridge secret\u00a0· 10.1.2.3");
        assertThat(followed()).containsExactly("SECRETS");

        refused("network_not_allowed", "shop", null);
        assertThat(told())
                .isEqualTo(
                        "Caller refused | not from a network that it may call from\u00a0· shop\u00a0·"
                                + " 10.1.2.3");
        assertThat(followed()).containsExactly("SECRETS");

        refused("no_session", "shop", "GET /orders");
        assertThat(told()).isEqualTo("Refused: no such session | GET\u00a0/orders\u00a0· 10.1.2.3");
        assertThat(followed()).containsExactly("sessions ip:10.1.2.3");
    }

    @Test
    void tellsWhoWasTurnedAwayFromWhatWasNotFound() {
        Sample sample =
                new Sample(
                        0,
                        1_000,
                        1,
                        20,
                        Map.of(
                                "unknown_caller",
                                3L,
                                "rate_limited",
                                1L,
                                "no_session",
                                2L,
                                "undecided",
                                4L,
                                "signal_differs",
                                1L),
                        Map.of("memory", 9L, "database", 1L),
                        0,
                        0);

        assertThat(sample.turnedAway()).isEqualTo(4);
        assertThat(sample.notFound()).isEqualTo(2);
        assertThat(sample.undecided()).isEqualTo(4);
    }

    @Test
    void listsThoseTurnedAwayForWhicheverReason() {
        refused("unknown_caller", null, null);
        refused("no_session", "shop", "GET /orders");
        refused("rate_limited", "shop", "GET /orders");

        overview.showRefused(Sample.TURNED_AWAY);
        assertThat(overview.feed().lines())
                .extracting(Happening::reason)
                .containsExactly("rate_limited", "unknown_caller");

        overview.showRefused(Set.of());
        assertThat(overview.feed().lines()).hasSize(3);
    }

    private void served(Map<String, Long> bySource) {
        console.clock().advance(Duration.ofSeconds(1));
        Instant at = console.clock().instant();
        long all = bySource.values().stream().mapToLong(Long::longValue).sum();
        console.server()
                .tell(seq ->
                        new ServerEvent.Metrics(
                                seq,
                                at,
                                new MetricsTick(
                                        at, all, all, Map.of(), bySource, 0, 0, 0, 0, 0, 0, 3, 0, 1,
                                        2, 3, 4, 0)));
        console.model().tick();
    }

    private String hits() {
        OverviewViewModel.Tile tile = overview.figuresProperty().get().hits();
        return (tile.value() + " | " + tile.note()).replace('\u00a0', ' ');
    }

    @Test
    void saysThatThereAreTwoTiersWithoutRedis() {
        assertThat(overview.hasRedis()).isFalse();
        assertThat(hits()).isEqualTo("– | two tiers (no Redis), none asked in the last minute");

        served(Map.of("memory", 9L, "database", 1L));

        assertThat(hits())
                .isEqualTo("90.0 % | memory 90.0 % · database 10.0 % · two tiers, no Redis");
    }

    @Test
    void saysWhatEachOfThreeTiersServed() {
        console.server().cutFeed("it is started anew");
        console.server().startAnewWithRedis(START);
        console.server().mendFeed();
        assertThat(overview.hasRedis()).isTrue();
        assertThat(hits()).isEqualTo("– | three tiers, none asked in the last minute");

        served(Map.of("memory", 6L, "redis", 3L, "database", 1L));

        assertThat(hits()).isEqualTo("90.0 % | memory 60.0 % · Redis 30.0 % · database 10.0 %");
    }
}
