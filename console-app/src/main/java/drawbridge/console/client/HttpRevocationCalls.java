package drawbridge.console.client;

import drawbridge.model.view.Explanation;
import drawbridge.model.view.RevocationJob;

import tools.jackson.core.type.TypeReference;

import java.io.OutputStream;
import java.util.HashMap;
import java.util.Map;

/** The same over HTTP. */
final class HttpRevocationCalls implements RevocationCalls {
    private static final TypeReference<RevocationJob> JOB = new TypeReference<>() {};

    private final AdminHttp http;

    HttpRevocationCalls(AdminHttp http) {
        this.http = http;
    }

    @Override
    public Reply<RevocationJob> begin(Which which, String reason, long seen) {
        Map<String, Object> body = new HashMap<>();
        switch (which) {
            case Which.Matching(String filter) -> body.put("filter", filter);
            case Which.Named(var refs) -> body.put("refs", refs);
        }
        body.put("reason", reason);
        body.put("seen", seen);
        body.put("typed", seen);
        return http.post("/v1/revocations", "/v1/revocations", body, JOB);
    }

    @Override
    public Reply<RevocationJob> show(String id) {
        return http.get("/v1/revocations/" + id, path(id), JOB);
    }

    @Override
    public Reply<RevocationJob> cancel(String id) {
        return http.post(
                "/v1/revocations/%s/cancel".formatted(id), path(id) + "/cancel", Map.of(), JOB);
    }

    @Override
    public Reply<RevocationJob> undo(String id) {
        return http.post(
                "/v1/revocations/%s/undo".formatted(id), path(id) + "/undo", Map.of(), JOB);
    }

    private static String path(String id) {
        return "/v1/revocations/" + AdminHttp.encoded(id);
    }

    @Override
    public Reply<Long> export(String filter, String format, OutputStream to) {
        return http.stream(
                "/v1/sessions/export",
                "/v1/sessions/export?filter="
                        + AdminHttp.encoded(filter)
                        + "&format="
                        + AdminHttp.encoded(format),
                new Cancellation(),
                answer -> answer.transferTo(to));
    }

    @Override
    public Reply<Explanation> explain(String requestId) {
        return http.get(
                "/v1/explain/…",
                "/v1/explain/" + AdminHttp.encoded(requestId),
                new TypeReference<Explanation>() {});
    }
}
