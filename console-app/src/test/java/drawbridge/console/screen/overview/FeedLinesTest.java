package drawbridge.console.screen.overview;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.console.model.Happening;
import drawbridge.console.model.Happening.Kind;
import drawbridge.console.screen.overview.FeedLines.Choice;
import drawbridge.console.screen.overview.FeedLines.Topic;

import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.Set;

class FeedLinesTest {
    private static final Instant NOW = Instant.parse("2026-03-12T09:00:00Z");

    private final ObservableList<Happening> all = FXCollections.observableArrayList();
    private final FeedLines feed = new FeedLines(all);

    private static Happening line(Kind kind, long secondsAgo, String reason, String where) {
        Instant at = NOW.minusSeconds(secondsAgo);
        return new Happening(kind, at, at, 1, null, null, null, null, reason, null, where, 0);
    }

    private static final Happening WARNING = line(Kind.NOTICE_WARNING, 900, "late", "");
    private static final Happening REFUSED = line(Kind.REFUSED, 5, "signal_differs", "GET /");
    private static final Happening OTHER = line(Kind.REFUSED, 9, "idle_expired", "GET /");
    private static final Happening AWAY = line(Kind.SOURCE_DOWN, 60, "", "redis");

    @Test
    void keepsAlertsOnTopUntilTheyAreRead() {
        all.setAll(REFUSED, OTHER, AWAY, WARNING);
        assertThat(feed.lines()).containsExactly(AWAY, WARNING, REFUSED, OTHER);
        assertThat(feed.alerts()).isEqualTo(2);

        feed.markRead(AWAY);
        feed.markRead(WARNING);

        assertThat(feed.lines()).containsExactly(REFUSED, OTHER, AWAY, WARNING);
        assertThat(feed.alerts()).isZero();
    }

    @Test
    void whatIsBackIsNoAlert() {
        all.setAll(line(Kind.SOURCE_UP, 10, "", "redis"), REFUSED, AWAY);

        assertThat(feed.alerts()).isZero();
    }

    @Test
    void anAlertStandsOnTopUntilItClears() {
        Happening guesses = line(Kind.ALERT_CRITICAL, 30, "Many refused logins: 60", "alert_1");
        all.setAll(REFUSED, guesses);
        assertThat(feed.lines()).containsExactly(guesses, REFUSED);

        Happening cleared = line(Kind.ALERT_CLEARED, 1, "Many refused logins: 60", "alert_1");
        all.setAll(cleared, REFUSED, guesses);

        assertThat(feed.lines()).containsExactly(cleared, REFUSED, guesses);
        assertThat(feed.alerts()).isZero();
    }

    @Test
    void anAlertThatHappensAgainIsANewOne() {
        all.setAll(WARNING);
        feed.markRead(WARNING);

        all.setAll(line(Kind.NOTICE_WARNING, 1, "late", ""), WARNING);

        assertThat(feed.alerts()).isEqualTo(1);
    }

    @Test
    void listsWhatWasRefusedForOneReason() {
        all.setAll(REFUSED, OTHER, WARNING);

        feed.choiceProperty().set(new Choice(Topic.REFUSED, Set.of("idle_expired")));

        assertThat(feed.lines()).containsExactly(OTHER);
    }
}
