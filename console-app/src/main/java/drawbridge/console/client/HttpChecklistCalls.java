package drawbridge.console.client;

import drawbridge.model.view.ChecklistView;
import drawbridge.model.view.CoverageView;
import drawbridge.model.view.SecretScan;

import tools.jackson.core.type.TypeReference;

import java.time.Duration;
import java.util.Map;

/** The checklist over HTTP. */
final class HttpChecklistCalls implements ChecklistCalls {
    /** The server sends itself about a thousand calls meanwhile. */
    private static final Duration TRYING = Duration.ofSeconds(60);

    private final AdminHttp http;

    HttpChecklistCalls(AdminHttp http) {
        this.http = http;
    }

    @Override
    public Reply<ChecklistView> checklist(String tenant) {
        return http.get(
                "/v1/checklist",
                "/v1/checklist?tenant=" + AdminHttp.encoded(tenant),
                new TypeReference<ChecklistView>() {});
    }

    @Override
    public Reply<ChecklistView> tryNow(String tenant) {
        return http.post(
                "/v1/checklist/try",
                "/v1/checklist/try",
                Map.of("tenant", tenant),
                new TypeReference<ChecklistView>() {},
                TRYING);
    }

    @Override
    public Reply<CoverageView> coverage(String tenant) {
        return http.get(
                "/v1/checklist/coverage",
                "/v1/checklist/coverage?tenant=" + AdminHttp.encoded(tenant),
                new TypeReference<CoverageView>() {});
    }

    @Override
    public Reply<SecretScan> scan() {
        return http.get(
                "/v1/checklist/scan", "/v1/checklist/scan", new TypeReference<SecretScan>() {});
    }

    @Override
    public Reply<SecretScan> search(String folder) {
        return http.post(
                "/v1/checklist/scan",
                "/v1/checklist/scan",
                folder.isBlank() ? Map.of() : Map.of("folder", folder),
                new TypeReference<SecretScan>() {});
    }

    @Override
    public Reply<SecretScan> cancelSearch() {
        return http.post(
                "/v1/checklist/scan/cancel",
                "/v1/checklist/scan/cancel",
                Map.of(),
                new TypeReference<SecretScan>() {});
    }
}
