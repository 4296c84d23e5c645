package drawbridge.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.server.RouteTables;
import drawbridge.server.http.Routes.Route;
import drawbridge.server.support.Given;
import drawbridge.server.support.MutableClock;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.RunningServer.Answer;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.http.HttpRequest;
import java.nio.file.Path;

/** Who asks an operator's endpoint for something it does not know is told so. */
final class UnknownQueryTest {
    private static RunningServer server;

    @BeforeAll
    static void start(@TempDir Path data) {
        server = RunningServer.start(data, new MutableClock(Given.OPENED));
    }

    @AfterAll
    static void close() {
        server.close();
    }

    @Test
    void everyEndpointRefusesWhatItDoesNotKnow() {
        for (Route route : RouteTables.of(server.server()).adminRoutes()) {
            String path = route.path().replaceAll("\\{[A-Za-z]+}", "1") + "?q=ana";
            Answer answer =
                    server.adminCall(
                            route.method(), path, route.method().equals("GET") ? "" : "{}");

            assertThat(answer.status()).as(route.toString()).isEqualTo(400);
            assertThat(answer.text("field")).as(route.toString()).isEqualTo("q");
            assertThat(answer.text("error"))
                    .isEqualTo(
                            route.query().isEmpty()
                                    ? "q: is not known in this query; no parameters are"
                                    : "q: is not known in this query; known are "
                                            + String.join(", ", route.query()));
        }
    }

    @Test
    void aParameterStandsThereOnce() {
        Answer twice = server.admin("/v1/users?filter=ana&filter=ben");

        assertThat(twice.status()).isEqualTo(400);
        assertThat(twice.text("error")).isEqualTo("filter: stands in the query twice");
        assertThat(server.admin("/v1/users?filter=ana&limit=5").status()).isEqualTo(200);
    }

    @Test
    void aStrangerIsNotToldWhatIsKnown() {
        Answer answer =
                server.send(
                        HttpRequest.newBuilder(
                                server.server().adminUrl().resolve("/v1/users?q=ana")));

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.response().body()).doesNotContain("filter");
    }
}
