package drawbridge.server.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RedactionTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "login of ana.b+x@example.test failed | login of [e-mail] failed",
                "from 203.0.113.77:5123 | from [address]:5123",
                "from [2001:db8::77]:5123 | from [[address]]:5123",
                "ip=::ffff:203.0.113.77 | ip=[address]",
                "session ses_Zq8vK2mT5xWc9rLd3nPfHb7sJ4kV1yQe | session [opaque]",
                "v4.public.eyJzdWIiOiJ1c3JfMSIsImV4cCI6IjIwMjYifQ0123456789 | v4.public.[opaque]",
                "/auth/token/validate/abc1defghijklmnopqrstuvwx | /auth/token/validate/[opaque]",
                "hash 9d61b19deffd5a60ba844af492ec2cc4 | hash [opaque]",
                "password=hunter2andmore next | password=[secret] next",
                "{\"token\":\"short1x\"} | {\"token\":\"[secret]\"}",
                "Authorization: Bearer abcdef | Authorization: Bearer [secret]",
                "X-Session-ID: nobody | X-Session-ID: [secret]"
            })
    void replacesWhatCouldBeSomebodysOrASecret(String before, String after) {
        Redaction done = Redaction.of(before);

        assertThat(done.text()).isEqualTo(after);
        assertThat(done.replaced()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-03-01T12:00:00.123456Z INFO stopped",
                "http://127.0.0.1:7070 and [::1]:7071 and 0.0.0.0",
                "request=req-0123456789abcdef",
                "at java.util.concurrent.locks.AbstractQueuedSynchronizer$ConditionObject.await(X.java:1)",
                "drawbridge_validations_seconds_bucket{le=\"0.001\"} 12",
                "DRAWBRIDGE_ARGON2_PARALLELISM in backup-20260301T120000.123Z.db",
                "version 25.0.1, schema 13, 12:04:05"
            })
    void leavesWhatSaysNothingOfAnybody(String text) {
        assertThat(Redaction.of(text)).isEqualTo(new Redaction(text, 0));
    }

    @Test
    void takesALargeTextInReasonableTime() {
        String line = "a-".repeat(200) + " x@y 1.2.3 :::: =====\n";

        assertThat(Redaction.of(line.repeat(2_000)).text()).isNotEmpty();
    }
}
