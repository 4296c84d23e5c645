package drawbridge.console.client;

import drawbridge.model.view.Page;
import drawbridge.model.view.UserRow;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.type.TypeReference;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Accounts over HTTP. */
final class HttpUserCalls implements UserCalls {
    private static final TypeReference<UserRow> ROW = new TypeReference<UserRow>() {};

    private final AdminHttp http;

    HttpUserCalls(AdminHttp http) {
        this.http = http;
    }

    private static String path(String id) {
        return "/v1/users/" + AdminHttp.encoded(id);
    }

    @Override
    public Reply<Page<UserRow>> users(Wanted wanted, int limit, @Nullable String after) {
        String query =
                AdminHttp.query(
                        "limit",
                        limit,
                        "filter",
                        wanted.text(),
                        "tenant",
                        wanted.tenant(),
                        "state",
                        wanted.state(),
                        "after",
                        after);
        return http.get("/v1/users", "/v1/users" + query, new TypeReference<Page<UserRow>>() {});
    }

    @Override
    public Reply<UserRow> user(String id) {
        return http.get("/v1/users/…", path(id), ROW);
    }

    @Override
    public Reply<UserRow> create(Wish wish) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("tenant", wish.tenant());
        body.put("email", wish.email());
        body.put("name", wish.name());
        body.put("lastName", wish.lastName());
        body.put("userType", wish.userType());
        body.put("verified", wish.verified());
        body.put(
                "password",
                wish.password().use(bytes -> new String(bytes, StandardCharsets.UTF_8)));
        return http.post("/v1/users", "/v1/users", body, ROW);
    }

    @Override
    public Reply<UserRow> lock(String id, String reason) {
        return http.post(
                "/v1/users/…/disable", path(id) + "/disable", Map.of("reason", reason), ROW);
    }

    @Override
    public Reply<UserRow> unlock(String id) {
        return http.post("/v1/users/…/enable", path(id) + "/enable", Map.of(), ROW);
    }
}
