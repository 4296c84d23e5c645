package drawbridge.console.witness;

import drawbridge.console.client.AuditCalls;
import drawbridge.console.client.AuditCalls.Checkpoints;
import drawbridge.console.client.Reply;
import drawbridge.console.model.ConsoleModel;
import drawbridge.console.ui.Background;
import drawbridge.model.event.ServerEvent;
import drawbridge.model.event.ServerEvent.AuditCheckpointed;
import drawbridge.model.view.AuditCheckpoint;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Compares, whenever the server signed something and at each connection, what it shows with what
 * was kept. Used on the FX thread.
 */
public final class AuditWitness {
    /** The chain every server has. */
    private static final String FIRST_TENANT = "default";

    private static final int PAGE = 500;

    /**
     * What was found.
     *
     * @param kept how many checkpoints this console holds
     * @param newest the newest of them; empty before the first
     * @param comparedAt when the server's were compared with them; empty when they never were
     * @param contradiction what does not fit; empty when all does
     * @param problem the answer because of which nothing could be compared; empty when it could
     */
    public record State(
            long kept,
            Optional<AuditCheckpoint> newest,
            Optional<Instant> comparedAt,
            Optional<Contradiction> contradiction,
            Optional<Reply<?>> problem) {}

    private final ConsoleModel model;
    private final Background background;
    private final Witness witness;
    private final Clock clock;
    private final Set<String> named = new HashSet<>(Set.of(FIRST_TENANT));
    private final ReadOnlyObjectWrapper<State> state;
    private boolean comparing;
    private boolean again;

    /** Hears the model; compares nothing before it tells of a server. */
    public AuditWitness(ConsoleModel model, Background background, Witness witness, Clock clock) {
        this.model = model;
        this.background = background;
        this.witness = witness;
        this.clock = clock;
        this.state =
                new ReadOnlyObjectWrapper<>(
                        this,
                        "state",
                        new State(
                                witness.count(),
                                newest(witness),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()));
        model.onEvents(this::heard);
        model.snapshotProperty().subscribe(shown -> shown.ifPresent(_ -> compare()));
    }

    /** What was found last. */
    public ReadOnlyObjectProperty<State> stateProperty() {
        return state.getReadOnlyProperty();
    }

    private void heard(List<ServerEvent> events) {
        boolean news = false;
        for (ServerEvent event : events) {
            if (event instanceof AuditCheckpointed signed) {
                named.add(signed.tenant());
                news = true;
            }
        }
        if (news) {
            compare();
        }
    }

    /** Puts what was kept aside: from now on the chain as it is shown now is the one believed. */
    public void beginAnew() {
        background
                .run(() -> {
                    witness.beginAnew();
                    return true;
                })
                .onDone(_ -> compare())
                .onFailed(_ -> compare());
    }

    /** Compares now. */
    public void compare() {
        var client = model.client();
        if (client.isEmpty()) {
            return;
        }
        if (comparing) {
            again = true;
            return;
        }
        comparing = true;
        AuditCalls audit = client.get().audit();
        Set<String> tenants = new HashSet<>(named);
        background
                .run(() -> compared(audit, tenants))
                .onDone(found -> {
                    state.set(found);
                    done();
                })
                .onFailed(_ -> done());
    }

    private void done() {
        comparing = false;
        if (again) {
            again = false;
            compare();
        }
    }

    private State compared(AuditCalls audit, Set<String> tenants) {
        Set<String> all = new HashSet<>(tenants);
        all.addAll(witness.tenants());
        Optional<Contradiction> found = Optional.empty();
        Optional<Reply<?>> problem = Optional.empty();
        for (String tenant : all) {
            Outcome outcome = outcome(audit, tenant);
            found = found.or(outcome::contradiction);
            problem = problem.or(outcome::problem);
        }
        return new State(
                witness.count(),
                newest(witness),
                problem.isPresent() ? state.get().comparedAt() : Optional.of(clock.instant()),
                found,
                problem);
    }

    private record Outcome(Optional<Contradiction> contradiction, Optional<Reply<?>> problem) {
        static final Outcome FITS = new Outcome(Optional.empty(), Optional.empty());
    }

    private Outcome outcome(AuditCalls audit, String tenant) {
        try {
            return compared(audit, tenant);
        } catch (IOException e) {
            Reply<?> unkept = new Reply.Unreachable<>("keep a checkpoint", String.valueOf(e));
            return new Outcome(Optional.empty(), Optional.of(unkept));
        }
    }

    private Outcome compared(AuditCalls audit, String tenant) throws IOException {
        Optional<AuditCheckpoint> newest = witness.newest(tenant);
        long after;
        if (newest.isPresent()) {
            after = newest.get().sequence() - 1;
        } else {
            // Of a chain never seen, the newest checkpoints say all that the older ones would.
            switch (audit.checkpoints(tenant, 0, 1)) {
                case Reply.Done(Checkpoints first) ->
                        after = Math.max(0, first.total() - Witness.MOST_EACH);
                case Reply<Checkpoints> other -> {
                    return new Outcome(Optional.empty(), Optional.of(other));
                }
            }
        }
        boolean confirmed = newest.isEmpty();
        while (true) {
            Reply<Checkpoints> reply = audit.checkpoints(tenant, after, PAGE);
            if (!(reply instanceof Reply.Done(Checkpoints page))) {
                return new Outcome(Optional.empty(), Optional.of(reply));
            }
            for (AuditCheckpoint shown : page.items()) {
                Optional<Contradiction> wrong = witness.look(shown, page.publicKey());
                if (wrong.isPresent()) {
                    return new Outcome(wrong, Optional.empty());
                }
                confirmed |= newest.filter(shown::equals).isPresent();
                after = shown.sequence();
            }
            if (page.next() == null || page.items().isEmpty()) {
                return confirmed
                        ? Outcome.FITS
                        : new Outcome(witness.lost(tenant), Optional.empty());
            }
        }
    }

    private static Optional<AuditCheckpoint> newest(Witness witness) {
        return witness.tenants().stream()
                .flatMap(tenant -> witness.newest(tenant).stream())
                .max((a, b) -> a.at().compareTo(b.at()));
    }
}
