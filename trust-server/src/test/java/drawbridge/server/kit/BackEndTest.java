package drawbridge.server.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drawbridge.kit.Bridge;
import drawbridge.kit.BridgeSettings;
import drawbridge.kit.Guard;
import drawbridge.kit.servlet.TrustFilter;
import drawbridge.model.Secret;
import drawbridge.model.ValidationMode;
import drawbridge.sample.OrdersBackEnd;
import drawbridge.server.support.ChildJava;
import drawbridge.server.support.RunningServer;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

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

    private HttpResponse<String> call(URI url, String method, String path, String... headers)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(url.resolve(path))
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
            asksForWhatItsPathsNeed(URI.create(String.valueOf(line)));
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

    @Test
    void theFilterStandsInServletContainer() throws Exception {
        Server container = new Server();
        ServerConnector connector = new ServerConnector(container);
        connector.setHost("127.0.0.1");
        container.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/");
        try (Bridge bridge =
                new Bridge(
                        BridgeSettings.of(server.publicUrl()),
                        Secret.takeOwnership(
                                RunningServer.SECRET.getBytes(StandardCharsets.UTF_8)))) {
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

            asksForWhatItsPathsNeed(URI.create("http://127.0.0.1:" + connector.getLocalPort()));
        } finally {
            container.stop();
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
