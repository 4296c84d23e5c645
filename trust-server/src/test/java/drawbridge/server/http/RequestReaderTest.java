package drawbridge.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import drawbridge.model.ProblemCode;
import drawbridge.server.drill.DrillPass;

import org.eclipse.jetty.http.HttpException;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;

class RequestReaderTest {
    private final RequestReader reader =
            new RequestReader(
                    100,
                    Duration.ofSeconds(10),
                    new ClientAddresses(List.of()),
                    new RequestReader.OwnCalls(new DrillPass(), new DrillPass()));

    private ProblemCode refusalOf(Exception failure) {
        InputStream failing =
                new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new IOException(failure);
                    }

                    @Override
                    public int read(byte[] into, int from, int most) throws IOException {
                        return read();
                    }
                };
        return assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> reader.bytes(failing))
                .actual()
                .code();
    }

    private static HttpException.RuntimeException earlyEnd() {
        return new HttpException.RuntimeException(400, "Early EOF");
    }

    @Test
    void bodyThatEndsEarlyIsBadlyFramed() {
        assertThat(refusalOf(earlyEnd())).isEqualTo(ProblemCode.BAD_REQUEST);
    }

    @Test
    void bodyThatDidNotComeInTimeIsTooSlow() {
        assertThat(refusalOf(new TimeoutException("Idle timeout expired")))
                .isEqualTo(ProblemCode.REQUEST_TIMEOUT);
    }

    /** As after a machine stood still for longer than the timeout. */
    @Test
    void endThatJettyMadeOfATimeoutIsTooSlow() {
        HttpException.RuntimeException end = earlyEnd();
        end.addSuppressed(new TimeoutException("Idle timeout expired"));

        assertThat(refusalOf(end)).isEqualTo(ProblemCode.REQUEST_TIMEOUT);
    }
}
