package drawbridge.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/** What stayed in its place when a list was put into another order. */
public final class Unmoved {
    private Unmoved() {}

    /**
     * The longest run of elements whose order among themselves stayed, last first.
     *
     * @param now as they are ordered now
     * @param before where each one was
     */
    public static <T> List<T> of(List<T> now, ToIntFunction<T> before) {
        int[] length = new int[now.size()];
        int[] previous = new int[now.size()];
        int best = -1;
        for (int i = 0; i < now.size(); i++) {
            length[i] = 1;
            previous[i] = -1;
            for (int j = 0; j < i; j++) {
                boolean isInOrder = before.applyAsInt(now.get(j)) < before.applyAsInt(now.get(i));
                if (isInOrder && length[j] + 1 > length[i]) {
                    length[i] = length[j] + 1;
                    previous[i] = j;
                }
            }
            best = best < 0 || length[i] > length[best] ? i : best;
        }
        List<T> run = new ArrayList<>();
        for (int i = best; i >= 0; i = previous[i]) {
            run.add(now.get(i));
        }
        return run;
    }
}
