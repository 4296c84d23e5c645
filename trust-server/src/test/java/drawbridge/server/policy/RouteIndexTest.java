package drawbridge.server.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

final class RouteIndexTest {
    /** Few words, so that patterns meet, nest and repeat. */
    private static final List<String> WORDS = List.of("a", "b", "c");

    private static final List<String> PARTS = List.of("a", "b", "c", "*", "{id}", "**");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void findsWhatAskingEachPatternFinds(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int table = 0; table < 200; table++) {
            List<RoutePattern> patterns = new ArrayList<>();
            for (int i = random.nextInt(40); i >= 0; i--) {
                patterns.add(RoutePathTest.pattern(drawn(PARTS, 6, random)));
            }
            RouteIndex index = new RouteIndex(patterns);
            for (int i = 0; i < 100; i++) {
                String text = drawn(WORDS, 8, random);
                RoutePath.Plain path = (RoutePath.Plain) RoutePath.of(text);

                assertThat(index.matching(path))
                        .as("%s among %s", text, patterns)
                        .isEqualTo(oneByOne(patterns, path));
            }
        }
    }

    private static int[] oneByOne(List<RoutePattern> patterns, RoutePath.Plain path) {
        return IntStream.range(0, patterns.size())
                .filter(i -> patterns.get(i).matches(path))
                .toArray();
    }

    private static String drawn(List<String> from, int most, SplittableRandom random) {
        StringBuilder path = new StringBuilder();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            path.append('/').append(from.get(random.nextInt(from.size())));
        }
        return path.isEmpty() ? "/" : path.toString();
    }

    @Test
    void aPathThatIsMadeToTakeLongDoesNot() {
        RoutePattern nested =
                RoutePathTest.pattern(String.join("", Collections.nCopies(31, "/**/a")) + "/b");
        RouteIndex index = new RouteIndex(Collections.nCopies(1000, nested));
        RoutePath.Plain path =
                (RoutePath.Plain) RoutePath.of(String.join("", Collections.nCopies(64, "/a")));

        long start = System.nanoTime();
        int[] found = index.matching(path);

        assertThat(found).isEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
    }
}
