package drawbridge.console.client;

import drawbridge.model.view.ConfigEntry;
import drawbridge.model.view.History;
import drawbridge.model.view.Page;
import drawbridge.model.view.Receipt;
import drawbridge.model.view.ServerSnapshot;
import drawbridge.model.view.SessionDetail;
import drawbridge.model.view.SessionRow;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.type.TypeReference;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The admin API over HTTP. A call waits 2 s for the connection and 10 s for the whole answer, which
 * may have 32 MiB.
 */
public final class HttpTrustClient implements TrustClient {
    private final AdminHttp http;

    /**
     * @param adminUrl the root of the admin listener, such as {@code http://127.0.0.1:7071}
     * @param credentials stay the caller's: closing the client does not wipe them
     */
    public HttpTrustClient(URI adminUrl, Credentials credentials) {
        this(AdminWay.plain(adminUrl, credentials));
    }

    /** The client of a server that is reached that way. */
    public HttpTrustClient(AdminWay way) {
        this(way, AdminHttp.ANSWER_TIMEOUT);
    }

    HttpTrustClient(URI adminUrl, Credentials credentials, Duration answerTimeout) {
        this(AdminWay.plain(adminUrl, credentials), answerTimeout);
    }

    HttpTrustClient(AdminWay way, Duration answerTimeout) {
        this.http = new AdminHttp(way, answerTimeout);
    }

    @Override
    public Reply<ServerSnapshot> snapshot() {
        return http.get("/v1/snapshot", "/v1/snapshot", new TypeReference<ServerSnapshot>() {});
    }

    @Override
    public Reply<Page<SessionRow>> sessions(String filter, int limit, @Nullable String after) {
        if (limit < 1 || limit > 5_000) {
            throw new IllegalArgumentException("limit " + limit + ": give 1 to 5 000");
        }
        String query = "?filter=" + AdminHttp.encoded(filter) + "&limit=" + limit;
        return http.get(
                "/v1/sessions",
                "/v1/sessions"
                        + query
                        + (after == null ? "" : "&after=" + AdminHttp.encoded(after)),
                new TypeReference<Page<SessionRow>>() {});
    }

    @Override
    public Reply<SessionDetail> session(String ref) {
        return http.get(
                "/v1/sessions/…",
                "/v1/sessions/" + AdminHttp.encoded(ref),
                new TypeReference<SessionDetail>() {});
    }

    @Override
    public Reply<Receipt> revoke(String ref, String reason) {
        return http.post(
                "/v1/sessions/…/revoke",
                "/v1/sessions/" + AdminHttp.encoded(ref) + "/revoke",
                Map.of("reason", reason, "final", false),
                new TypeReference<Receipt>() {});
    }

    @Override
    public Reply<Receipt> restore(String ref) {
        return http.post(
                "/v1/sessions/…/restore",
                "/v1/sessions/" + AdminHttp.encoded(ref) + "/restore",
                Map.of(),
                new TypeReference<Receipt>() {});
    }

    @Override
    public Reply<Receipt> revokeSessionsOf(String userId, String reason) {
        return http.post(
                "/v1/users/…/revoke-sessions",
                "/v1/users/" + AdminHttp.encoded(userId) + "/revoke-sessions",
                Map.of("reason", reason),
                new TypeReference<Receipt>() {});
    }

    @Override
    public RevocationCalls revocations() {
        return new HttpRevocationCalls(http);
    }

    @Override
    public Reply<List<ConfigEntry>> configuration() {
        return http.get("/v1/config", "/v1/config", new TypeReference<List<ConfigEntry>>() {});
    }

    @Override
    public RouteCalls routes() {
        return new HttpRouteCalls(http);
    }

    @Override
    public FindCalls find() {
        return new HttpFindCalls(http);
    }

    @Override
    public Reply<History> history(int minutes) {
        return http.get(
                "/v1/history", "/v1/history?minutes=" + minutes, new TypeReference<History>() {});
    }

    @Override
    public SecretCalls secrets() {
        return new HttpSecretCalls(http);
    }

    @Override
    public UserCalls users() {
        return new HttpUserCalls(http);
    }

    @Override
    public TokenCalls tokens() {
        return new HttpTokenCalls(http);
    }

    @Override
    public TenantCalls tenants() {
        return new HttpTenantCalls(http);
    }

    @Override
    public DrillCalls drills() {
        return new HttpDrillCalls(http);
    }

    @Override
    public ChecklistCalls checklist() {
        return new HttpChecklistCalls(http);
    }

    @Override
    public AlertCalls alerts() {
        return new HttpAlertCalls(http);
    }

    @Override
    public UpkeepCalls upkeep() {
        return new HttpUpkeepCalls(http);
    }

    /**
     * What the server answers to a stop.
     *
     * @param stopping whether it ends now
     */
    public record Stopping(boolean stopping) {}

    /** {@code POST /v1/stop}: the server answers, then ends in good order. */
    public Reply<Stopping> stopServer() {
        return http.post("/v1/stop", "/v1/stop", Map.of(), new TypeReference<Stopping>() {});
    }

    @Override
    public AuditCalls audit() {
        return new HttpAuditCalls(http);
    }

    @Override
    public void close() {
        http.close();
    }
}
