package drawbridge.server.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.model.IpAddress;
import drawbridge.model.SessionSource;
import drawbridge.model.ValidationMode;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

class VisitTest {
    private static final Instant AT = Instant.parse("2026-03-01T12:00:00.123456789Z");

    static List<Visit> visits() {
        return List.of(
                new Visit(
                        AT,
                        true,
                        "default",
                        IpAddress.ofBytes(
                                HexFormat.of().parseHex("20010db8000000000000000000000017")),
                        "Firefox/133.x, für \u6f22 and \ud83d\ude00",
                        "POST",
                        "/" + "very-long/".repeat(200),
                        ValidationMode.STRICT,
                        SessionSource.REDIS,
                        null,
                        null,
                        "req-1"),
                new Visit(
                        AT,
                        false,
                        "default",
                        null,
                        null,
                        null,
                        null,
                        ValidationMode.STANDARD,
                        SessionSource.DATABASE,
                        "signal_differs",
                        "ip",
                        "req-2"));
    }

    @ParameterizedTest
    @MethodSource("visits")
    void isTheSameWhenItWasPackedAndRead(Visit visit) {
        assertThat(Visit.of(visit.packed())).isEqualTo(visit);
    }
}
