package drawbridge.server.checklist;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;

import drawbridge.model.Practice;
import drawbridge.model.SessionToken;
import drawbridge.model.view.ChecklistEvidence;
import drawbridge.model.view.EndpointCoverage;
import drawbridge.server.checklist.ChecklistSettings.Place;
import drawbridge.server.drill.DrillPass;
import drawbridge.server.drill.DrillTls;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;

/** A server that checks nothing turns every item red that is tried. */
final class TriesTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    @Test
    void aServerThatAnswersEverybodyFailsWhateverIsTried() throws IOException {
        HttpServer open =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        open.createContext(
                "/",
                exchange -> {
                    exchange.getRequestBody().readAllBytes();
                    exchange.getResponseHeaders().add("Access-Control-Allow-Origin", "*");
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                });
        open.start();
        try {
            Tries tries = tries(URI.create("http://127.0.0.1:" + open.getAddress().getPort()));

            tries.tryNow();

            Tries.Tried tried = tries.last().orElseThrow();
            assertThat(verdict(tried, Practice.AUTHENTICATION)).isEqualTo("fail");
            assertThat(tried.of(Practice.AUTHENTICATION))
                    .extracting(ChecklistEvidence::what)
                    .contains(
                            "GET /auth/me answered 200 to a call with no session",
                            "GET /auth/me answered 200 to a call with an expired session",
                            "GET /auth/me answered 200 to a call with a session of another tenant",
                            "POST /auth/bridge/validate answered 200 to a call with an unknown secret",
                            "GET /v1/snapshot answered 200 to a call with no token");
            assertThat(verdict(tried, Practice.INPUT)).isEqualTo("fail");
            assertThat(verdict(tried, Practice.RATE_LIMITS)).isEqualTo("fail");
            assertThat(verdict(tried, Practice.BROWSERS)).isEqualTo("fail");
            assertThat(tries.proven())
                    .filteredOn(each -> !each.authentication().equals("anybody"))
                    .extracting(EndpointCoverage::proof)
                    .containsOnly("answered");
        } finally {
            open.stop(0);
        }
    }

    @Test
    void aServerThatDoesNotAnswerIsNoGoodSign() throws IOException {
        int nobodys;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobodys = socket.getLocalPort();
        }
        Tries tries = tries(URI.create("http://127.0.0.1:" + nobodys));

        tries.tryNow();

        Tries.Tried tried = tries.last().orElseThrow();
        assertThat(tried.of(Practice.AUTHENTICATION))
                .extracting(ChecklistEvidence::code)
                .containsExactly("not_answered");
        assertThat(tried.of(Practice.BROWSERS))
                .extracting(ChecklistEvidence::code)
                .containsOnly("not_answered");
        assertThat(verdict(tried, Practice.AUTHENTICATION)).isEqualTo("warn");
        assertThat(verdict(tried, Practice.BROWSERS)).isEqualTo("warn");
    }

    private static String verdict(Tries.Tried tried, Practice practice) {
        return Evidence.verdict(tried.of(practice));
    }

    private static Tries tries(URI at) {
        List<EndpointCoverage> endpoints =
                List.of(
                        endpoint("public", "POST", "/auth/login", "anybody", "authentication"),
                        endpoint("public", "GET", "/auth/me", "session", "requests"),
                        endpoint(
                                "public",
                                "POST",
                                "/auth/bridge/validate",
                                "bridge",
                                "wrong_secrets"),
                        endpoint("admin", "GET", "/v1/snapshot", "operator", "operator_key"));
        ChecklistSettings settings = CheckedServer.settings(Path.of(""));
        Planted.Bed bed =
                new Planted.Bed() {
                    @Override
                    public Planted plant() {
                        return new Planted(SessionToken.draw(RANDOM), SessionToken.draw(RANDOM));
                    }

                    @Override
                    public void clear(Planted planted) {
                        // nothing was laid
                    }
                };
        return new Tries(
                () -> new Place(at, at, DrillTls.ofThisServer()),
                () -> endpoints,
                settings,
                bed,
                new DrillPass(),
                Clock.systemUTC());
    }

    private static EndpointCoverage endpoint(
            String listener, String method, String path, String authentication, String limiter) {
        return new EndpointCoverage(
                listener,
                method,
                path,
                authentication,
                limiter,
                10,
                method.equals("POST") ? "fields" : "nothing",
                1024,
                "none",
                "not_tried",
                0);
    }
}
