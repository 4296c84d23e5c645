package drawbridge.server.drill;

import drawbridge.model.view.DrillFigure;
import drawbridge.model.view.DrillStep;
import drawbridge.model.view.ThreatReason;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Where one drill is played, and where it notes each thing it tried. For the thread that plays it.
 */
final class Stage {
    /** What is kept of one drill at most; what is found counts all the same. */
    private static final int MOST_STEPS = 400;

    private static final int MOST_REASONS = 100;

    private final Sandbox sandbox;
    private final Clock clock;
    private final BooleanSupplier isCancelled;
    private final Consumer<List<DrillStep>> progress;
    private final List<DrillStep> steps = new ArrayList<>();
    private final List<DrillFigure> figures = new ArrayList<>();
    private final Set<ThreatReason> reasons = new LinkedHashSet<>();

    /**
     * @param progress hears of the steps so far
     */
    Stage(
            Sandbox sandbox,
            Clock clock,
            BooleanSupplier isCancelled,
            Consumer<List<DrillStep>> progress) {
        this.sandbox = sandbox;
        this.clock = clock;
        this.isCancelled = isCancelled;
        this.progress = progress;
    }

    /** Where it is played. */
    Sandbox sandbox() {
        return sandbox;
    }

    Instant now() {
        return clock.instant();
    }

    /** Something was prepared, and went as it had to. */
    void prepared(String tries, Exchange exchange) {
        if (!exchange.isGood()) {
            throw new DrillException("%s was answered with %s".formatted(tries, exchange.brief()));
        }
        note(tries, "this only prepares what follows", exchange, 1, "done", null);
    }

    /**
     * An attack was tried.
     *
     * @param must what must happen
     * @param held whether it did
     * @param otherwise what it shows when it did not
     */
    boolean judge(
            String tries,
            String must,
            Exchange exchange,
            boolean held,
            List<ThreatReason> otherwise) {
        return judge(tries, must, exchange, 1, held, null, otherwise);
    }

    /** The same, for one that took many requests, of which one is shown. */
    boolean judge(
            String tries,
            String must,
            Exchange exchange,
            int calls,
            boolean held,
            @Nullable String saw,
            List<ThreatReason> otherwise) {
        if (!held) {
            otherwise.stream().limit(MOST_REASONS).forEach(reasons::add);
        }
        note(tries, must, exchange, calls, held ? "held" : Reasons.worst(otherwise), saw);
        return held;
    }

    /** Something was looked at that no request shows. */
    boolean check(
            String tries, String must, boolean held, String saw, List<ThreatReason> otherwise) {
        Exchange none = Exchange.none(sandbox.nanos());
        return judge(tries, must, none, 0, held, saw, otherwise);
    }

    /** Something was measured. */
    void figure(String name, String value) {
        figures.add(new DrillFigure(name, value));
    }

    private void note(
            String tries,
            String must,
            Exchange exchange,
            int calls,
            String verdict,
            @Nullable String saw) {
        if (steps.size() < MOST_STEPS) {
            steps.add(
                    new DrillStep(
                            steps.size() + 1,
                            clock.instant(),
                            tries,
                            must,
                            exchange.request(),
                            exchange.answer(),
                            exchange.status(),
                            exchange.tookMicros(),
                            calls,
                            verdict,
                            saw));
            progress.accept(steps());
        }
        requireGoingOn();
    }

    /** Ends the drill when its run was cancelled. */
    void requireGoingOn() {
        if (isCancelled.getAsBoolean()) {
            throw new CancelledException();
        }
    }

    List<DrillStep> steps() {
        return List.copyOf(steps);
    }

    List<DrillFigure> figures() {
        return List.copyOf(figures);
    }

    List<ThreatReason> reasons() {
        return List.copyOf(reasons);
    }

    /** The run was cancelled. */
    static final class CancelledException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        CancelledException() {
            super("the run was cancelled");
        }
    }
}
