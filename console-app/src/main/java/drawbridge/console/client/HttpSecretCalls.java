package drawbridge.console.client;

import drawbridge.model.view.CallerRow;
import drawbridge.model.view.OwnSecrets;
import drawbridge.model.view.Page;
import drawbridge.model.view.SigningKeyRow;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.type.TypeReference;

import java.util.LinkedHashMap;
import java.util.Map;

/** Secrets over HTTP. */
final class HttpSecretCalls implements SecretCalls {
    private static final TypeReference<CallerSecret> SECRET = new TypeReference<CallerSecret>() {};
    private static final TypeReference<CallerDone> DONE = new TypeReference<CallerDone>() {};
    private static final TypeReference<OwnRotated> ROTATED = new TypeReference<OwnRotated>() {};
    private static final TypeReference<Page<SigningKeyRow>> KEYS =
            new TypeReference<Page<SigningKeyRow>>() {};

    private final AdminHttp http;

    HttpSecretCalls(AdminHttp http) {
        this.http = http;
    }

    private static String caller(String id) {
        return "/v1/callers/" + AdminHttp.encoded(id);
    }

    @Override
    public Reply<Page<CallerRow>> callers() {
        return http.get("/v1/callers", "/v1/callers", new TypeReference<Page<CallerRow>>() {});
    }

    @Override
    public Reply<CallerSecret> create(CallerWish wish) {
        Map<String, Object> body = body(wish);
        if (wish.tenant() != null) {
            body.put("tenant", wish.tenant());
        }
        return http.post("/v1/callers", "/v1/callers", body, SECRET);
    }

    private static Map<String, Object> body(CallerWish wish) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("name", wish.name());
        body.put("kit", wish.kit());
        body.put("signals", wish.signals());
        body.put("floor", wish.floor());
        body.put("lease", wish.lease());
        body.put("remember", wish.remember());
        body.put("advancedMeans", wish.advancedMeans());
        body.put("scopes", wish.scopes());
        body.put("networks", wish.networks());
        return body;
    }

    @Override
    public Reply<CallerDone> change(String id, CallerWish wish) {
        return http.patch("/v1/callers/…", caller(id), body(wish), DONE);
    }

    @Override
    public Reply<CallerDone> delete(String id) {
        return http.delete("/v1/callers/…", caller(id), DONE);
    }

    @Override
    public Reply<CallerSecret> rotate(String id, String overlap) {
        return http.post(
                "/v1/callers/…/rotate", caller(id) + "/rotate", Map.of("overlap", overlap), SECRET);
    }

    @Override
    public Reply<CallerDone> plan(String id, @Nullable String every, String overlap) {
        Map<String, Object> body = new LinkedHashMap<>();
        if (every != null) {
            body.put("every", every);
        }
        body.put("overlap", overlap);
        return http.put("/v1/callers/…/rotation", caller(id) + "/rotation", body, DONE);
    }

    @Override
    public Reply<CallerDone> retire(String id, int version) {
        return end(id, version, "retire");
    }

    @Override
    public Reply<CallerDone> burn(String id, int version) {
        return end(id, version, "burn");
    }

    private Reply<CallerDone> end(String id, int version, String how) {
        return http.post(
                "/v1/callers/…/secrets/" + version + "/" + how,
                caller(id) + "/secrets/" + version + "/" + how,
                Map.of(),
                DONE);
    }

    @Override
    public Reply<CallerDone> burnAll(String id) {
        return http.post("/v1/callers/…/burn", caller(id) + "/burn", Map.of(), DONE);
    }

    @Override
    public Reply<Page<SigningKeyRow>> keys() {
        return http.get("/v1/keys", "/v1/keys", KEYS);
    }

    @Override
    public Reply<Page<SigningKeyRow>> rotateKeys(String reason) {
        return http.post("/v1/keys/rotate", "/v1/keys/rotate", Map.of("reason", reason), KEYS);
    }

    @Override
    public Reply<OwnSecrets> own() {
        return http.get("/v1/secrets", "/v1/secrets", new TypeReference<OwnSecrets>() {});
    }

    @Override
    public Reply<OwnRotated> rotateAdminToken(String overlap) {
        return http.post(
                "/v1/secrets/admin-token/rotate",
                "/v1/secrets/admin-token/rotate",
                Map.of("overlap", overlap),
                ROTATED);
    }

    @Override
    public Reply<OwnRotated> rotateMasterKey() {
        return http.post(
                "/v1/secrets/master-key/rotate",
                "/v1/secrets/master-key/rotate",
                Map.of(),
                ROTATED);
    }
}
