package drawbridge.console.client;

import drawbridge.model.view.BackupRow;
import drawbridge.model.view.DiagnosticContents;
import drawbridge.model.view.Page;
import drawbridge.model.view.ServerCondition;

import tools.jackson.core.type.TypeReference;

import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.function.LongConsumer;

/** {@link UpkeepCalls} over HTTP. */
final class HttpUpkeepCalls implements UpkeepCalls {
    private static final Duration COPYING = Duration.ofMinutes(10);

    private final AdminHttp http;

    HttpUpkeepCalls(AdminHttp http) {
        this.http = http;
    }

    @Override
    public Reply<Nodes> nodes() {
        return http.get("/v1/nodes", "/v1/nodes", new TypeReference<Nodes>() {});
    }

    @Override
    public Reply<ServerCondition> condition() {
        return http.get("/v1/condition", "/v1/condition", new TypeReference<ServerCondition>() {});
    }

    @Override
    public Reply<Page<BackupRow>> backups() {
        return http.get("/v1/backup", "/v1/backup", new TypeReference<Page<BackupRow>>() {});
    }

    @Override
    public Reply<BackupRow> backUp() {
        return http.post(
                "/v1/backup", "/v1/backup", Map.of(), new TypeReference<BackupRow>() {}, COPYING);
    }

    @Override
    public Reply<Long> fetch(
            String name, OutputStream to, LongConsumer bytes, Cancellation cancellation) {
        return http.stream(
                "/v1/backup/…",
                "/v1/backup/" + AdminHttp.encoded(name),
                cancellation,
                answer -> AdminHttp.copy(answer, to, bytes));
    }

    @Override
    public Reply<DiagnosticContents> diagnostics() {
        return http.get(
                "/v1/diagnostics", "/v1/diagnostics", new TypeReference<DiagnosticContents>() {});
    }

    @Override
    public Reply<Long> bundle(OutputStream to, Cancellation cancellation) {
        return http.stream(
                "/v1/diagnostics/bundle",
                "/v1/diagnostics/bundle",
                cancellation,
                answer -> AdminHttp.copy(answer, to, _ -> {}));
    }
}
