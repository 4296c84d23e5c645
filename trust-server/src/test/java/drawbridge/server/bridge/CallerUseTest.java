package drawbridge.server.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.model.CallerKit;
import drawbridge.model.CallerSignals;
import drawbridge.model.TenantId;
import drawbridge.model.ValidationMode;
import drawbridge.model.view.SecretUse;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

class CallerUseTest {
    private static final Instant T = Instant.parse("2026-03-01T12:00:00Z");
    private static final Caller SHOP =
            new Caller(
                    "clr_shop",
                    "shop",
                    TenantId.DEFAULT,
                    CallerKit.DRAWBRIDGE,
                    CallerSignals.REQUIRED,
                    ValidationMode.STANDARD,
                    Duration.ZERO,
                    Duration.ZERO,
                    Set.of(Scope.VALIDATE),
                    List.of(),
                    AdvancedMeans.DEVICE);

    private final CallerUse use = new CallerUse();

    @Test
    void tellsOfUseWhileItIsWithinAMinuteAndOnceWhenItIsNoMore() {
        use.version(SHOP, 1, T);
        use.version(SHOP, 1, T.plusSeconds(20));

        assertThat(use.takeNews(T.plusSeconds(21)))
                .containsExactly(new SecretUse("clr_shop", 1, 2, T.plusSeconds(20)));
        assertThat(use.takeNews(T.plusSeconds(60)))
                .containsExactly(new SecretUse("clr_shop", 1, 1, T.plusSeconds(20)));
        assertThat(use.takeNews(T.plusSeconds(80)))
                .containsExactly(new SecretUse("clr_shop", 1, 0, T.plusSeconds(20)));
        assertThat(use.takeNews(T.plusSeconds(81))).isEmpty();
    }
}
