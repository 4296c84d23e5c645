package drawbridge.server.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drawbridge.kit.Bridge;
import drawbridge.kit.BridgeSettings;
import drawbridge.kit.Guard;
import drawbridge.kit.javalin.TrustHandler;
import drawbridge.kit.servlet.TrustFilter;
import drawbridge.model.Secret;
import drawbridge.model.ValidationMode;
import drawbridge.sample.OrdersBackEnd;
import drawbridge.server.support.ChildJava;
import drawbridge.server.support.RunningServer;

import io.javalin.Javalin;
import io.javalin.http.Context;
import io.javalin.http.Handler;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Back ends that use the kit: the sample, in a process of its own, and a servlet container. */
@Timeout(120)
final class BackEndTest {
    @TempDir private Path temp = Path.of("");

    private final HttpClient http = HttpClient.newHttpClient();

    @SuppressWarnings("NullAway.Init") // before each test
    private RunningServer server;

    private String session = "";

    @BeforeEach
    void start() {
        server = RunningServer.start(temp.resolve("data"), Clock.systemUTC());
        session = server.register("ana@example.test");
    }

    @AfterEach
    void stop() {
        http.close();
        server.close();
    }

    /** Not {@code resolve}, which would mend the path's spelling. */
    private HttpResponse<String> call(URI url, String method, String path, String... headers)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url + path))
                        .timeout(Duration.ofSeconds(60))
                        .header("User-Agent", "Test/1")
                        .method(method, HttpRequest.BodyPublishers.noBody());
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private void asksForWhatItsPathsNeed(URI url) throws Exception {
        // It gives the server two seconds, which a busy machine may need to start asking.
        await().until(() ->
                call(url, "GET", "/orders", "X-Session-ID", session).statusCode() == 200);
        assertThat(call(url, "GET", "/menu").statusCode()).isEqualTo(200);
        assertThat(call(url, "GET", "/orders").statusCode()).isEqualTo(401);
        assertThat(call(url, "GET", "/orders", "X-Session-ID", "ses_nobodys").statusCode())
                .isEqualTo(401);
        HttpResponse<String> orders = call(url, "GET", "/orders", "X-Session-ID", session);
        assertThat(orders.statusCode()).isEqualTo(200);
        assertThat(orders.body()).contains("usr_").contains("ref_").doesNotContain(session);
        assertThat(call(url, "GET", "/orders", "Cookie", "session_id=" + session).statusCode())
                .isEqualTo(200);

        HttpResponse<String> bare = call(url, "POST", "/payments/17", "X-Session-ID", session);
        assertThat(bare.statusCode()).isEqualTo(401);
        assertThat(bare.body()).contains("SIGNAL_MISSING");
        assertThat(
                        call(
                                        url,
                                        "POST",
                                        "/payments/17",
                                        "X-Session-ID",
                                        session,
                                        "X-Device-ID",
                                        "device-1")
                                .statusCode())
                .isEqualTo(200);
        // The same route by another spelling asks for as much, or is no route at all.
        assertThat(call(url, "POST", "/%70ayments/17", "X-Session-ID", session).statusCode())
                .isNotEqualTo(200);
    }

    private void saysSoWhenTheServerIsAway(URI url) throws Exception {
        server.close();
        HttpResponse<String> away = call(url, "GET", "/orders", "X-Session-ID", session);
        assertThat(away.statusCode()).isEqualTo(503);
        assertThat(away.headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void theSampleRunsAsReadmeSays() throws Exception {
        Files.writeString(temp.resolve("secret"), RunningServer.SECRET + "\n");
        ProcessBuilder program = new ProcessBuilder(ChildJava.command(OrdersBackEnd.class, "0"));
        program.environment().put("DRAWBRIDGE_URL", server.publicUrl().toString());
        program.environment().put("BRIDGE_SECRET_FILE", temp.resolve("secret").toString());
        program.redirectError(temp.resolve("errors").toFile());
        Process process = program.start();
        try (BufferedReader said = process.inputReader(StandardCharsets.UTF_8)) {
            String line = said.readLine();
            while (line != null && !line.startsWith("http")) {
                line = said.readLine(); // what it logs
            }
            assertThat(line).as(Files.readString(temp.resolve("errors"))).isNotNull();
            URI url = URI.create(String.valueOf(line));
            asksForWhatItsPathsNeed(url);
            saysSoWhenTheServerIsAway(url);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** Says who is asking. */
    private static final class WhoServlet extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response)
                throws IOException {
            var who = TrustFilter.trusted(request);
            response.getWriter().print(who == null ? "-" : who.userId() + " " + who.sessionRef());
        }
    }

    private Bridge bridge() {
        return new Bridge(
                BridgeSettings.of(server.publicUrl()),
                Secret.takeOwnership(RunningServer.SECRET.getBytes(StandardCharsets.UTF_8)));
    }

    /** A route policy is written with the path that clients know, wherever the kit stands. */
    private void asksForWhatThePolicyOfTheWholePathSays(URI url) throws Exception {
        String rules =
                "{\"baseVersion\":0,\"rules\":[{\"method\":\"*\",\"pattern\":\"%s/orders\",\"mode\":\"STRICT\"}]}"
                        .formatted(url.getRawPath());
        assertThat(server.admin("PUT", "/v1/policies", rules).status()).isEqualTo(200);

        assertThat(call(url, "GET", "/orders", "X-Session-ID", session).body())
                .contains("SIGNAL_MISSING");
        assertThat(withDevice(url, "GET", "/orders").statusCode()).isEqualTo(200);
    }

    private HttpResponse<String> withDevice(URI url, String method, String path) throws Exception {
        return call(url, method, path, "X-Session-ID", session, "X-Device-ID", "device-1");
    }

    /** A container as lax as can be: it finds the servlet by every spelling of its path. */
    private URI open(Server container, String contextPath, Bridge bridge) throws Exception {
        HttpConfiguration lax = new HttpConfiguration();
        lax.setUriCompliance(UriCompliance.UNSAFE);
        ServerConnector connector = new ServerConnector(container, new HttpConnectionFactory(lax));
        connector.setHost("127.0.0.1");
        container.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler(contextPath);
        context.getServletHandler().setDecodeAmbiguousURIs(true);
        FilterHolder filter =
                new FilterHolder(
                        new TrustFilter(
                                bridge,
                                Guard.everywhere().with("/payments", ValidationMode.STRICT),
                                HttpServletRequest::getRemoteAddr));
        context.addFilter(filter, "/orders", EnumSet.of(DispatcherType.REQUEST));
        context.addFilter(filter, "/payments/*", EnumSet.of(DispatcherType.REQUEST));
        context.addServlet(new ServletHolder(new WhoServlet()), "/*");
        container.setHandler(context);
        container.start();
        return URI.create("http://127.0.0.1:" + connector.getLocalPort());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/shop", "/my%20shop"})
    void theFilterStandsInServletContainer(String context) throws Exception {
        Server container = new Server();
        try (Bridge bridge = bridge()) {
            URI url =
                    URI.create(
                            open(container, context.isEmpty() ? "/" : context, bridge) + context);

            asksForWhatItsPathsNeed(url);
            asksForWhatThePolicyOfTheWholePathSays(url);
            saysSoWhenTheServerIsAway(url);
        } finally {
            container.stop();
        }
    }

    @Test
    void noSpellingThatTheContainerUnderstandsAsksForLess() throws Exception {
        Server container = new Server();
        try (Bridge bridge = bridge()) {
            URI url = open(container, "/shop", bridge);
            await().until(() -> withDevice(url, "POST", "/shop/payments/17").statusCode() == 200);
            for (String spelling :
                    List.of(
                            "/shop/payments/17",
                            "/shop/payments",
                            "/shop/payments/",
                            "/shop/%70ayments/17",
                            "/shop/payments;jsessionid=1/17",
                            "/shop/payments/17;jsessionid=1",
                            "/shop;a=b/payments/17",
                            "/shop/./payments/17",
                            "/shop/%2e/payments/17",
                            "/shop/menu/../payments/17",
                            "/shop/menu/%2e%2e/payments/17",
                            "/%73hop/payments/17",
                            "/./shop/payments/17",
                            "/menu/../shop/payments/17",
                            "/shop/payments//17")) {
                HttpResponse<String> bare = call(url, "POST", spelling, "X-Session-ID", session);
                assertThat(bare.body()).as(spelling).contains("SIGNAL_MISSING");
                assertThat(withDevice(url, "POST", spelling).body()).as(spelling).contains("usr_");
            }
        } finally {
            container.stop();
        }
    }

    @Test
    void theHandlerStandsInJavalinWithContextPath() throws Exception {
        try (Bridge bridge = bridge()) {
            TrustHandler trusted =
                    new TrustHandler(
                            bridge,
                            Guard.everywhere().with("/payments/", ValidationMode.STRICT),
                            Context::ip);
            Handler who =
                    ctx ->
                            ctx.result(
                                    Optional.ofNullable(TrustHandler.trusted(ctx))
                                            .map(t -> t.userId() + " " + t.sessionRef())
                                            .orElse("-"));
            Javalin javalin =
                    Javalin.create(config -> {
                        config.startup.showJavalinBanner = false;
                        config.router.contextPath = "/shop";
                        config.router.caseInsensitiveRoutes = true;
                        config.router.treatMultipleSlashesAsSingleSlash = true;
                        config.routes
                                .before("/orders", trusted)
                                .before("/payments/*", trusted)
                                .before("/payments", trusted)
                                .get("/menu", who)
                                .get("/orders", who)
                                .post("/payments", who)
                                .post("/payments/{id}", who);
                    });
            javalin.start("127.0.0.1", 0);
            try {
                URI url = URI.create("http://127.0.0.1:" + javalin.port() + "/shop");
                asksForWhatItsPathsNeed(url);
                for (String spelling :
                        List.of(
                                "/payments",
                                "/payments/17/",
                                "/PAYMENTS/17",
                                "/Payments",
                                "//payments//17")) {
                    HttpResponse<String> bare =
                            call(url, "POST", spelling, "X-Session-ID", session);
                    assertThat(bare.body()).as(spelling).contains("SIGNAL_MISSING");
                    assertThat(withDevice(url, "POST", spelling).body())
                            .as(spelling)
                            .contains("usr_");
                }
                asksForWhatThePolicyOfTheWholePathSays(url);
                saysSoWhenTheServerIsAway(url);
            } finally {
                javalin.stop();
            }
        }
    }

    @Test
    void theSampleHearsOfRevocations() throws Exception {
        String id = server.admin("/v1/callers").json().get("items").get(0).get("id").asString();
        server.admin("PATCH", "/v1/callers/" + id, "{\"remember\":\"60s\"}");
        String ref =
                server.get("/auth/validation", "X-Session-ID", session)
                        .json()
                        .get("session")
                        .get("id")
                        .asString();
        try (OrdersBackEnd backEnd =
                new OrdersBackEnd(
                        server.publicUrl(),
                        Secret.takeOwnership(RunningServer.SECRET.getBytes(StandardCharsets.UTF_8)),
                        0)) {
            await().until(() ->
                    call(backEnd.url(), "GET", "/orders", "X-Session-ID", session).statusCode()
                            == 200);
            server.admin("/v1/sessions/" + ref + "/revoke", "{}");

            long answered = System.nanoTime();
            AtomicLong last = new AtomicLong(answered);
            await().until(() -> {
                long began = System.nanoTime();
                int status =
                        call(backEnd.url(), "GET", "/orders", "X-Session-ID", session).statusCode();
                if (status == 200) {
                    last.set(began);
                }
                return status == 401;
            });
            assertThat(Duration.ofNanos(last.get() - answered)).isLessThan(Bridge.SILENCE);
        }
    }
}
