package drawbridge.console.witness;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.console.client.AuditCalls.Checkpoints;
import drawbridge.console.client.Reply;
import drawbridge.console.fake.FakeAudit;
import drawbridge.console.fake.WitnessedInMemory;
import drawbridge.console.witness.Contradiction.Kind;
import drawbridge.model.view.AuditCheckpoint;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

class WitnessTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private final FakeAudit audit = new FakeAudit();
    private final WitnessedInMemory store = new WitnessedInMemory();
    private final Witness witness;

    WitnessTest() throws IOException {
        witness = new Witness(store);
    }

    private Checkpoints shown() {
        if (audit.checkpoints("default", 0, 1_000) instanceof Reply.Done(Checkpoints all)) {
            return all;
        }
        throw new AssertionError("it is not silent");
    }

    private static Optional<Contradiction> look(Witness by, Checkpoints shown) throws IOException {
        Optional<Contradiction> first = Optional.empty();
        for (AuditCheckpoint each : shown.items()) {
            Optional<Contradiction> found = by.look(each, shown.publicKey());
            first = first.or(() -> found);
        }
        return first;
    }

    private void sign(int count) {
        for (int i = 1; i <= count; i++) {
            audit.sign(10L * i, NOON.plusSeconds(60L * i));
        }
    }

    @Test
    void keepsWhatItSeesAndKnowsItAfterARestart() throws IOException {
        sign(3);

        assertThat(look(witness, shown())).isEmpty();
        Witness later = new Witness(store);

        assertThat(later.count()).isEqualTo(3);
        assertThat(later.newest("default")).map(AuditCheckpoint::number).contains(30L);
        assertThat(look(later, shown())).isEmpty();
    }

    @Test
    void seesThatAnotherStandsInTheOldOnesPlace() throws IOException {
        sign(3);
        look(witness, shown());
        audit.rollBack(1);
        audit.sign(29, NOON.plusSeconds(500));

        assertThat(look(witness, shown())).map(Contradiction::kind).contains(Kind.OTHER);
        assertThat(look(witness, shown())).map(Contradiction::sequence).contains(3L);
    }

    @Test
    void seesThatTheServerSignsWithAnotherKey() throws IOException {
        sign(1);
        look(witness, shown());
        audit.changeKeys();

        assertThat(look(witness, shown())).map(Contradiction::kind).contains(Kind.KEY);
    }

    @Test
    void seesAForgedSignature() throws IOException {
        AuditCheckpoint good = audit.sign(10, NOON);
        AuditCheckpoint forged =
                new AuditCheckpoint(
                        good.tenant(),
                        good.sequence(),
                        9,
                        good.hash(),
                        good.at(),
                        good.previous(),
                        good.signature());

        assertThat(witness.look(forged, shown().publicKey()))
                .map(Contradiction::kind)
                .contains(Kind.SIGNATURE);
        assertThat(witness.count()).isZero();
    }

    @Test
    void seesThatOneDoesNotFollow() throws IOException {
        sign(1);
        look(witness, shown());
        audit.sign(20, NOON.plusSeconds(90));
        audit.sign(30, NOON.plusSeconds(120));

        assertThat(witness.look(shown().items().getLast(), shown().publicKey()))
                .map(Contradiction::kind)
                .contains(Kind.ORDER);
    }

    @Test
    void tellsWhichOneIsLost() throws IOException {
        sign(2);
        look(witness, shown());

        assertThat(witness.lost("default")).map(Contradiction::number).contains(20L);
        assertThat(witness.lost("other")).isEmpty();
    }

    @Test
    void putsWhatItKeptAside() throws IOException {
        sign(2);
        look(witness, shown());
        audit.changeKeys();

        witness.beginAnew();

        assertThat(store.aside()).hasSize(1);
        assertThat(witness.count()).isZero();
        assertThat(witness.newest("default")).isEmpty();
    }

    @Test
    void passesALineOverThatACrashCut() throws IOException {
        sign(2);
        look(witness, shown());
        store.append("{\"checkpoint\":{\"tenant\":\"def");

        assertThat(new Witness(store).count()).isEqualTo(2);
    }

    @Test
    void keepsABoundedNumber() throws IOException {
        sign(Witness.MOST_EACH + 5);

        assertThat(look(witness, shown())).isEmpty();

        assertThat(witness.count()).isEqualTo(Witness.MOST_EACH);
        assertThat(look(witness, shown())).as("those forgotten are not doubted").isEmpty();
    }
}
