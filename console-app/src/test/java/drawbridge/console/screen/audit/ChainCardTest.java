package drawbridge.console.screen.audit;

import static drawbridge.console.model.Sessions.START;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.console.Platform;
import drawbridge.console.fake.FakeAudit;
import drawbridge.console.fake.FakeConsole;
import drawbridge.console.fake.WitnessedInMemory;
import drawbridge.console.screen.FileKeeper;
import drawbridge.console.ui.Formats;
import drawbridge.console.ui.Words;
import drawbridge.console.witness.AuditWitness;
import drawbridge.model.view.AlertView;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

class ChainCardTest {
    private final FakeConsole console = new FakeConsole(START);
    private final Words words = Words.in(Locale.ENGLISH);
    private final ObjectProperty<Optional<AlertView>> alert =
            new SimpleObjectProperty<>(Optional.empty());
    private final AuditViewModel audit =
            new AuditViewModel(
                    console.model(),
                    console.background(),
                    Runnable::run,
                    console.later(),
                    new AuditWitness(
                            console.model(),
                            console.background(),
                            WitnessedInMemory.fresh(),
                            console.clock()),
                    new FileKeeper(Platform.current()),
                    words);
    private final ChainCard card =
            new ChainCard(
                    console.model(),
                    audit,
                    alert,
                    words,
                    new Formats(words, Locale.ENGLISH, ZoneOffset.UTC));

    @BeforeEach
    void open() {
        console.server().audit().add(FakeAudit.row(1, START, "user.registered", "user"));
        console.model().open();
        console.supervisor().enter(console.server().running());
        audit.setShown(true);
    }

    /** What the server found, and looked at last so long after the start. */
    private void find(Duration after) {
        alert.set(
                Optional.of(
                        new AlertView(
                                "alert_1",
                                "audit_break",
                                "default",
                                "The audit chain is broken",
                                "critical",
                                "node-1",
                                "firing",
                                START,
                                null,
                                START.plus(after),
                                "row 1 does not fit its hash",
                                List.of(),
                                "audit",
                                "Verify.",
                                null,
                                null,
                                null,
                                null)));
    }

    @Test
    void isRedAsSoonAsTheServerFindsABreakByItself() {
        assertThat(card.lookProperty().get().mark()).isEqualTo("stopped");

        find(Duration.ZERO);

        assertThat(card.lookProperty().get().mark()).isEqualTo("failed");
        assertThat(card.lookProperty().get().findings())
                .containsExactly("row 1 does not fit its hash");
        alert.set(Optional.empty());
        assertThat(card.lookProperty().get().mark()).isEqualTo("stopped");
    }

    @Test
    void doesNotStandByWhatWasIntactBeforeABreakWasFound() {
        audit.verify();
        assertThat(card.lookProperty().get().mark()).isEqualTo("running");

        find(Duration.ofSeconds(1));
        assertThat(card.lookProperty().get().mark()).isEqualTo("failed");

        console.clock().advance(Duration.ofSeconds(2));
        console.model().tick();
        audit.verify();
        assertThat(card.lookProperty().get().mark()).isEqualTo("running");
    }

    @Test
    void doesNotStandByWhatWasIntactOfAServerThatWasStartedAnew() {
        audit.verify();

        console.server().startAnew(START.plusSeconds(9));
        console.model().refetch();

        assertThat(audit.workProperty().get()).isEqualTo(new AuditViewModel.Work.None());
        assertThat(card.lookProperty().get().mark()).isEqualTo("stopped");
    }
}
