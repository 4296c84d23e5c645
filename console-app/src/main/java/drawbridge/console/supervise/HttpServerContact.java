package drawbridge.console.supervise;

import drawbridge.console.client.AdminToken;
import drawbridge.console.client.AdminWay;
import drawbridge.console.client.ChangeGuard;
import drawbridge.console.client.HttpTrustClient;
import drawbridge.console.client.Reply;
import drawbridge.console.client.ServerTrust;
import drawbridge.model.http.WholeAnswer;
import drawbridge.model.tls.PinnedTls;
import drawbridge.model.view.ServerSnapshot;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;

/** Contact over HTTP, with the admin token from where the server has it. Safe for many threads. */
final class HttpServerContact implements ServerContact {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final DataFolder folder;
    private final Map<String, String> environment;

    HttpServerContact(DataFolder folder, Map<String, String> environment) {
        this.folder = folder;
        this.environment = environment;
    }

    @Override
    public Found visit(long pid, URI publicUrl, URI adminUrl) {
        try (AdminToken token = AdminToken.find(folder.path(), environment);
                HttpTrustClient client = new HttpTrustClient(way(adminUrl, token))) {
            int status = health(publicUrl);
            if (status != 200) {
                return new Found.Silent(publicUrl + "/health answers " + status + ".");
            }
            return switch (client.snapshot()) {
                case Reply.Done<ServerSnapshot>(ServerSnapshot snapshot) ->
                        snapshot.server().pid() == pid
                                ? new Found.Answering(snapshot.server().startedAt())
                                : new Found.Silent(
                                        "Another server (pid %d) answers on %s."
                                                .formatted(snapshot.server().pid(), adminUrl));
                case Reply.Rejected<ServerSnapshot>(int rejected, var problem) ->
                        new Found.Silent(
                                "%s refused this console (%d): %s"
                                        .formatted(adminUrl, rejected, problem.error()));
                case Reply.Unreachable<ServerSnapshot>(_, String why) -> new Found.Silent(why);
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Found.Silent("The question was cancelled.");
        } catch (IOException e) {
            String message = e.getMessage();
            return new Found.Silent(
                    message == null ? "Nothing answers on " + publicUrl + "." : message);
        }
    }

    private AdminWay way(URI adminUrl, AdminToken token) {
        return new AdminWay(
                adminUrl,
                token,
                ServerTrust.ofOwnServer(folder::adminCertificate),
                ChangeGuard.OPEN);
    }

    private int health(URI publicUrl) throws IOException, InterruptedException {
        HttpClient.Builder client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(PATIENCE)
                        .proxy(HttpClient.Builder.NO_PROXY);
        folder.publicCertificate()
                .ifPresent(pin ->
                        client.sslContext(PinnedTls.context(() -> pin, InstantSource.system())));
        try (HttpClient http = client.build()) {
            HttpRequest request =
                    HttpRequest.newBuilder(publicUrl.resolve("/health")).timeout(PATIENCE).build();
            return WholeAnswer.send(http, request, HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }

    @Override
    public boolean askToStop(URI adminUrl) {
        try (AdminToken token = AdminToken.find(folder.path(), environment);
                HttpTrustClient client = new HttpTrustClient(way(adminUrl, token))) {
            return client.stopServer() instanceof Reply.Done;
        } catch (IOException e) {
            return false; // no token: the process is asked by a signal then
        }
    }
}
