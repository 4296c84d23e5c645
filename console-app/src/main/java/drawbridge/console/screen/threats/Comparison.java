package drawbridge.console.screen.threats;

import drawbridge.model.view.DrillMark;
import drawbridge.model.view.DrillResult;
import drawbridge.model.view.DrillRun;

/**
 * A run beside what the same drills found before. Pure.
 *
 * @param better how many stand better now
 * @param worse how many stand worse
 * @param same how many stand as before
 */
record Comparison(int better, int worse, int same) {
    static Comparison of(DrillRun run) {
        int better = 0;
        int worse = 0;
        int same = 0;
        for (DrillResult drill : run.drills()) {
            DrillMark before = drill.before();
            Outcome now = Outcome.of(drill.outcome());
            if (before != null && now != Outcome.UNKNOWN) {
                Outcome then = Outcome.of(before.outcome());
                if (now.isBetterThan(then)) {
                    better++;
                } else if (then.isBetterThan(now)) {
                    worse++;
                } else {
                    same++;
                }
            }
        }
        return new Comparison(better, worse, same);
    }

    /** Whether there is nothing to compare with. */
    boolean isFirst() {
        return better + worse + same == 0;
    }
}
