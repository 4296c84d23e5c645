package drawbridge.console.client;

import drawbridge.model.Secret;
import drawbridge.model.view.OutboxMail;
import drawbridge.model.view.Page;
import drawbridge.model.view.TokenInspection;
import drawbridge.model.view.TrustTokenRow;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.type.TypeReference;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Trust tokens over HTTP. */
final class HttpTokenCalls implements TokenCalls {
    private final AdminHttp http;

    HttpTokenCalls(AdminHttp http) {
        this.http = http;
    }

    private static void put(Map<String, Object> body, String name, @Nullable Object value) {
        if (value != null) {
            body.put(name, value);
        }
    }

    @Override
    public Reply<Page<TrustTokenRow>> tokens(Wanted wanted, int limit, @Nullable String after) {
        String query =
                AdminHttp.query(
                        "limit",
                        limit,
                        "filter",
                        wanted.text(),
                        "tenant",
                        wanted.tenant(),
                        "purpose",
                        wanted.purpose(),
                        "user",
                        wanted.user(),
                        "state",
                        wanted.state(),
                        "after",
                        after);
        return http.get(
                "/v1/tokens", "/v1/tokens" + query, new TypeReference<Page<TrustTokenRow>>() {});
    }

    @Override
    public Reply<Issued> issue(Wish wish) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("tenant", wish.tenant());
        body.put("purpose", wish.purpose());
        put(body, "email", wish.email());
        put(body, "userId", wish.userId());
        put(body, "userType", wish.userType());
        put(body, "lifetime", wish.lifetime());
        body.put("send", wish.send());
        return http.post("/v1/tokens", "/v1/tokens", body, new TypeReference<Issued>() {});
    }

    @Override
    public Reply<TrustTokenRow> revoke(String id, String reason) {
        return http.post(
                "/v1/tokens/…/revoke",
                "/v1/tokens/" + AdminHttp.encoded(id) + "/revoke",
                Map.of("reason", reason),
                new TypeReference<TrustTokenRow>() {});
    }

    @Override
    public Reply<Revoked> revokeAll(
            @Nullable String tenant,
            @Nullable String purpose,
            @Nullable String user,
            String reason) {
        Map<String, Object> body = new LinkedHashMap<>();
        put(body, "tenant", tenant);
        put(body, "purpose", purpose);
        put(body, "userId", user);
        body.put("reason", reason);
        return http.post(
                "/v1/tokens/revoke", "/v1/tokens/revoke", body, new TypeReference<Revoked>() {});
    }

    @Override
    public Reply<TokenInspection> inspect(Secret token, String tenant) {
        String text = token.use(bytes -> new String(bytes, StandardCharsets.UTF_8));
        return http.ask(
                "/v1/tokens/inspect",
                "/v1/tokens/inspect",
                Map.of("token", text, "tenant", tenant),
                new TypeReference<TokenInspection>() {});
    }

    @Override
    public Reply<Page<OutboxMail>> outbox(
            @Nullable String state, int limit, @Nullable String after) {
        return http.get(
                "/v1/outbox",
                "/v1/outbox" + AdminHttp.query("limit", limit, "state", state, "after", after),
                new TypeReference<Page<OutboxMail>>() {});
    }

    @Override
    public Reply<OutboxMail> retry(String id) {
        return http.post(
                "/v1/outbox/…/retry",
                "/v1/outbox/" + AdminHttp.encoded(id) + "/retry",
                Map.of(),
                new TypeReference<OutboxMail>() {});
    }
}
