package drawbridge.console.supervise;

import drawbridge.console.client.AdminToken;
import drawbridge.console.client.HttpTrustClient;
import drawbridge.console.client.Reply;
import drawbridge.model.view.ServerSnapshot;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
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
                HttpTrustClient client = new HttpTrustClient(adminUrl, token)) {
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

    private static int health(URI publicUrl) throws IOException, InterruptedException {
        try (HttpClient http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(PATIENCE)
                        .proxy(HttpClient.Builder.NO_PROXY)
                        .build()) {
            HttpRequest request =
                    HttpRequest.newBuilder(publicUrl.resolve("/health")).timeout(PATIENCE).build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        }
    }

    @Override
    public boolean askToStop(URI adminUrl) {
        try (AdminToken token = AdminToken.find(folder.path(), environment);
                HttpTrustClient client = new HttpTrustClient(adminUrl, token)) {
            return client.stopServer() instanceof Reply.Done;
        } catch (IOException e) {
            return false; // no token: the process is asked by a signal then
        }
    }
}
