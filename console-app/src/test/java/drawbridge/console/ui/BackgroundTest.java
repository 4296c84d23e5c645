package drawbridge.console.ui;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class BackgroundTest {
    private final Background background = new Background(Runnable::run, Runnable::run);

    @Test
    void tellsTheEndOfWorkThatRanOutOfMemory() {
        List<Throwable> failed = new ArrayList<>();

        background
                .run(() -> {
                    throw new OutOfMemoryError("Java heap space");
                })
                .onFailed(failed::add);

        assertThat(failed).singleElement().isInstanceOf(OutOfMemoryError.class);
    }
}
