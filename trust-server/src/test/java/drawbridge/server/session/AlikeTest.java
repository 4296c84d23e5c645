package drawbridge.server.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

import java.util.stream.IntStream;

class AlikeTest {
    @Test
    void equalValuesAreOneObject() {
        Alike<String> alike = new Alike<>(4);
        String first = alike.of("ab".repeat(2));

        assertThat(alike.of("ab".repeat(2))).isSameAs(first);
    }

    @Test
    void valuesThatMeetInOnePlaceAreGivenAsTheyAre() {
        Alike<Integer> alike = new Alike<>(2);

        assertThat(IntStream.range(0, 1000).map(each -> alike.of(each % 7)).toArray())
                .isEqualTo(IntStream.range(0, 1000).map(each -> each % 7).toArray());
    }

    @Test
    void sizeIsAPowerOfTwo() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Alike<String>(3))
                .withMessageContaining("3");
    }
}
