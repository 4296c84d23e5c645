package drawbridge.console.client;

import drawbridge.model.view.AuditProgress;
import drawbridge.model.view.AuditReport;
import drawbridge.model.view.AuditRowView;
import drawbridge.model.view.Page;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.type.TypeReference;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** {@link AuditCalls} over HTTP. */
final class HttpAuditCalls implements AuditCalls {

    private final AdminHttp http;
    private final WireJson json = new WireJson();

    HttpAuditCalls(AdminHttp http) {
        this.http = http;
    }

    @Override
    public Reply<Page<AuditRowView>> rows(Wanted wanted, int limit, @Nullable String after) {
        StringBuilder query = new StringBuilder("?limit=").append(limit);
        add(query, "tenant", wanted.tenant());
        add(query, "kind", wanted.kind());
        add(query, "actor", wanted.actor());
        add(query, "user", wanted.user());
        add(query, "ref", wanted.ref());
        add(query, "from", wanted.from());
        add(query, "until", wanted.until());
        add(query, "after", after);
        return http.get(
                "/v1/audit", "/v1/audit" + query, new TypeReference<Page<AuditRowView>>() {});
    }

    private static void add(StringBuilder query, String name, @Nullable Object value) {
        if (value != null) {
            query.append('&').append(name).append('=').append(AdminHttp.encoded(value.toString()));
        }
    }

    @Override
    public Reply<Checkpoints> checkpoints(String tenant, long after, int limit) {
        return http.get(
                "/v1/audit/checkpoints",
                "/v1/audit/checkpoints?tenant=%s&after=%d&limit=%d"
                        .formatted(AdminHttp.encoded(tenant), after, limit),
                new TypeReference<Checkpoints>() {});
    }

    @Override
    public Reply<AuditReport> verify(Consumer<AuditProgress> progress, Cancellation cancellation) {
        return http.lines(
                "/v1/audit/verify",
                Map.of(),
                cancellation,
                answer -> {
                    BufferedReader lines =
                            new BufferedReader(
                                    new InputStreamReader(answer, StandardCharsets.UTF_8));
                    String last = null;
                    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                        if (last != null) {
                            progress.accept(read(last, new TypeReference<AuditProgress>() {}));
                        }
                        last = line;
                    }
                    if (last == null) {
                        throw new IOException("the report did not come");
                    }
                    return read(last, new TypeReference<AuditReport>() {});
                });
    }

    private <T> T read(String line, TypeReference<T> type) {
        return json.read(line.getBytes(StandardCharsets.UTF_8), type);
    }

    @Override
    public Reply<Long> export(
            @Nullable String tenant,
            OutputStream to,
            LongConsumer bytes,
            Cancellation cancellation) {
        String query = tenant == null ? "" : "?tenant=" + AdminHttp.encoded(tenant);
        return http.stream(
                "/v1/audit/export",
                "/v1/audit/export" + query,
                cancellation,
                answer -> AdminHttp.copy(answer, to, bytes));
    }
}
