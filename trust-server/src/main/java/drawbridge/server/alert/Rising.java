package drawbridge.server.alert;

import drawbridge.model.view.AlertFact;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Fires when a counter, or its share of another one, rises faster than usual. One thread. */
final class Rising implements Watch {
    /** Fewer than this say nothing of a share. */
    private static final long LEAST_BASE = 20;

    /** What else is known of the cause, asked only while it is there. */
    interface Evidence {
        List<AlertFact> now();
    }

    private final AlertRule rule;
    private final LongSupplier total;
    private final LongSupplier base;
    private final int per;
    private final Evidence evidence;
    private final SlidingCount count = new SlidingCount();
    private final SlidingCount baseCount = new SlidingCount();
    private final Usual usual = new Usual();

    private Rising(
            AlertRule rule, LongSupplier total, LongSupplier base, int per, Evidence evidence) {
        this.rule = rule;
        this.total = total;
        this.base = base;
        this.per = per;
        this.evidence = evidence;
    }

    static Rising ofCount(AlertRule rule, LongSupplier total, Evidence evidence) {
        return new Rising(rule, total, () -> 0, 0, evidence);
    }

    /** So many of each {@code per}. */
    static Rising ofShare(
            AlertRule rule, LongSupplier total, LongSupplier base, int per, Evidence evidence) {
        return new Rising(rule, total, base, per, evidence);
    }

    @Override
    public AlertRule rule() {
        return rule;
    }

    @Override
    public Reading read(Moment now, Terms terms, boolean isFiring) {
        long counted = count.move(now.at(), total.getAsLong());
        long of = baseCount.move(now.at(), base.getAsLong());
        boolean isKnown = per == 0 || of >= LEAST_BASE;
        double figure = per == 0 ? counted : isKnown ? (double) (counted * per) / of : 0;
        double limit = Math.max(usual.limit(terms), Double.MIN_NORMAL);
        boolean fires = figure >= (isFiring ? limit / 2 : limit);
        double before = usual.value();
        if (isKnown) {
            usual.learn(now.at(), figure, fires);
        }
        return new Reading(
                Optional.empty(),
                figure,
                before,
                limit,
                fires ? List.of(finding(figure, before, limit, of)) : List.of());
    }

    private Finding finding(double figure, double before, double limit, long of) {
        List<AlertFact> facts = new ArrayList<>();
        facts.add(
                new AlertFact("within the last minute", Figures.text(figure) + " " + rule.unit()));
        facts.add(new AlertFact("usual", Figures.text(before)));
        facts.add(new AlertFact("fires from", Figures.text(limit)));
        if (per > 0) {
            facts.add(new AlertFact("validations looked at", String.valueOf(of)));
        }
        facts.addAll(evidence.now());
        return new Finding(
                "server",
                "%s: %s %s, where %s is usual"
                        .formatted(
                                rule.title(),
                                Figures.text(figure),
                                rule.unit(),
                                Figures.text(before)),
                facts);
    }

    /** Numbers as people read them. */
    static final class Figures {
        private Figures() {}

        static String text(double figure) {
            double tenths = Math.rint(figure * 10) / 10;
            return figure >= 100 || tenths == Math.rint(tenths)
                    ? String.format(Locale.ROOT, "%.0f", figure)
                    : String.format(Locale.ROOT, "%.1f", figure);
        }
    }
}
