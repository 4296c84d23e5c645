package drawbridge.console.screen.server;

import drawbridge.console.client.Reply;
import drawbridge.console.client.TrustClient;
import drawbridge.console.client.UpkeepCalls;
import drawbridge.console.model.ConsoleModel;
import drawbridge.console.screen.ReplyWords;
import drawbridge.console.ui.Background;
import drawbridge.console.ui.Words;
import drawbridge.model.event.ServerEvent.NodesChanged;
import drawbridge.model.view.NodeRow;
import drawbridge.model.view.ServerCondition;
import drawbridge.model.view.TiersView;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the server stands on: nodes, tiers, database, sending of logs. Read anew every two seconds
 * while it is looked at.
 */
final class StandingViewModel {
    static final Duration READ_EVERY = Duration.ofSeconds(2);

    /**
     * What is known.
     *
     * @param nodes every server of the database; empty before the first answer
     * @param condition empty before the first answer
     * @param readAt when the server said so
     * @param problem why the newest question was not answered; empty when it was
     */
    record Standing(
            List<NodeRow> nodes,
            Optional<ServerCondition> condition,
            Optional<Instant> readAt,
            String problem) {
        static final Standing NOTHING =
                new Standing(List.of(), Optional.empty(), Optional.empty(), "");

        Standing {
            nodes = List.copyOf(nodes);
        }

        private Standing but(String why) {
            return new Standing(nodes, condition, readAt, why);
        }
    }

    private record Answers(Reply<UpkeepCalls.Nodes> nodes, Reply<ServerCondition> condition) {}

    private final ConsoleModel model;
    private final Background background;
    private final ReplyWords why;
    private final Words words;
    private final ReadOnlyObjectWrapper<Standing> standing =
            new ReadOnlyObjectWrapper<>(this, "standing", Standing.NOTHING);
    private boolean isLookedAt;
    private boolean isAsking;
    private Instant askedAt = Instant.EPOCH;

    StandingViewModel(ConsoleModel model, Background background, Words words) {
        this.model = model;
        this.background = background;
        this.why = new ReplyWords(words);
        this.words = words;
        model.secondsProperty().addListener((property, before, now) -> look(now));
        model.onEvents(events -> {
            if (events.stream().anyMatch(NodesChanged.class::isInstance)) {
                askedAt = Instant.EPOCH; // seen at once, and not two seconds later
            }
        });
        model.snapshotProperty()
                .addListener((property, before, after) -> {
                    if (after.isEmpty()) {
                        standing.set(standing.get().but(words.get("standing.away")));
                    }
                    askedAt = Instant.EPOCH;
                    look(model.nowProperty().get());
                });
    }

    ReadOnlyObjectProperty<Standing> standingProperty() {
        return standing.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<Optional<TiersView>> tiersProperty() {
        return model.tiersProperty();
    }

    /** Whether somebody looks; nobody is asked for what nobody sees. */
    void lookedAt(boolean looks) {
        isLookedAt = looks;
        look(model.nowProperty().get());
    }

    private void look(Instant now) {
        if (!isLookedAt || isAsking || Duration.between(askedAt, now).compareTo(READ_EVERY) < 0) {
            return;
        }
        Optional<TrustClient> client = model.client();
        if (client.isEmpty()) {
            standing.set(standing.get().but(words.get("standing.away")));
            return;
        }
        UpkeepCalls calls = client.get().upkeep();
        isAsking = true;
        askedAt = now;
        background
                .run(() -> new Answers(calls.nodes(), calls.condition()))
                .onDone(this::take)
                .onFailed(_ -> {
                    isAsking = false;
                    standing.set(standing.get().but(words.get("reply.fault")));
                });
    }

    private void take(Answers answers) {
        isAsking = false;
        if (answers.nodes() instanceof Reply.Done<UpkeepCalls.Nodes>(var nodes)
                && answers.condition() instanceof Reply.Done<ServerCondition>(var condition)) {
            standing.set(
                    new Standing(
                            nodes.items(),
                            Optional.of(condition),
                            Optional.of(model.nowProperty().get()),
                            ""));
            return;
        }
        String first = why.why(answers.nodes());
        standing.set(standing.get().but(first.isEmpty() ? why.why(answers.condition()) : first));
    }
}
