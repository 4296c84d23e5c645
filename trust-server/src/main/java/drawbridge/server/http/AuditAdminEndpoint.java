package drawbridge.server.http;

import drawbridge.model.TenantId;
import drawbridge.model.view.AuditCheckpoint;
import drawbridge.model.view.Page;
import drawbridge.server.audit.AuditInspection;
import drawbridge.server.audit.AuditQuery;
import drawbridge.server.audit.AuditReading;
import drawbridge.server.audit.AuditRow;

import io.javalin.http.Context;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** {@code /v1/audit}: what the audit holds, and whether it is whole. */
final class AuditAdminEndpoint {
    private static final String LINES = "application/x-ndjson";
    private static final int MOST_TEXT = 200;
    private static final int LISTED = 100;
    private static final int MOST_LISTED = 1_000;

    /** Checkpoints and the key they are checked with. */
    private record Checkpoints(
            List<AuditCheckpoint> items, @Nullable String next, long total, String publicKey) {}

    private final RequestReader reader;
    private final AuditReading audit;

    AuditAdminEndpoint(RequestReader reader, AuditReading audit) {
        this.reader = reader;
        this.audit = audit;
    }

    void list(Context ctx) {
        AuditQuery query =
                new AuditQuery(
                        tenant(ctx),
                        text(ctx, "kind"),
                        text(ctx, "actor"),
                        text(ctx, "user"),
                        text(ctx, "ref"),
                        instant(ctx, "from"),
                        instant(ctx, "until"),
                        cursor(ctx));
        AuditInspection.Rows rows = audit.find(query, limit(ctx), reader.requestId(ctx));
        AuditQuery.Cursor next = rows.next();
        Answers.json(
                ctx,
                200,
                new Page<AuditRow>(rows.items(), next == null ? null : next.text(), rows.total()));
    }

    void checkpoints(Context ctx) {
        String tenant = Optional.ofNullable(tenant(ctx)).orElse(TenantId.DEFAULT.value());
        String after = Optional.ofNullable(text(ctx, "after")).orElse("0");
        if (!after.matches("[0-9]{1,18}")) {
            throw ProblemException.inField("after", "must be the sequence of a checkpoint");
        }
        int limit = limit(ctx);
        List<AuditCheckpoint> items = audit.checkpoints(tenant, Long.parseLong(after), limit);
        String next = items.size() == limit ? Long.toString(items.getLast().sequence()) : null;
        Answers.json(
                ctx,
                200,
                new Checkpoints(items, next, audit.checkpoints(tenant), audit.publicKey()));
    }

    void export(Context ctx) {
        String tenant = tenant(ctx);
        audit.beginExport(tenant, reader.requestId(ctx));
        ctx.res().setStatus(200);
        ctx.res().setContentType(LINES);
        ctx.res().setHeader("Cache-Control", "no-store");
        ctx.res()
                .setHeader(
                        "Content-Disposition", "attachment; filename=\"drawbridge-audit.jsonl\"");
        try {
            audit.export(ctx.res().getOutputStream(), tenant);
        } catch (IOException e) {
            throw new UncheckedIOException("the export could not be sent to its end", e);
        }
    }

    /** Answers the report; to who asks for lines, how far it has come before it. */
    void verify(Context ctx) {
        reader.body(ctx).refuseOthers();
        String wanted = ctx.header("Accept");
        if (wanted == null || !wanted.contains(LINES)) {
            Answers.json(ctx, 200, audit.verify(reader.requestId(ctx), _ -> {}));
            return;
        }
        ctx.res().setStatus(200);
        ctx.res().setContentType(LINES);
        ctx.res().setHeader("Cache-Control", "no-store");
        line(ctx, audit.verify(reader.requestId(ctx), progress -> line(ctx, progress)));
    }

    private static void line(Context ctx, Object value) {
        try {
            OutputStream out = ctx.res().getOutputStream();
            out.write(Json.write(value));
            out.write('\n');
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("nobody reads how the verification goes", e);
        }
    }

    private static @Nullable String text(Context ctx, String name) {
        String value = ctx.queryParam(name);
        return value == null || value.isEmpty() ? null : Body.checked(name, value, MOST_TEXT);
    }

    private static @Nullable String tenant(Context ctx) {
        String value = text(ctx, "tenant");
        return value == null ? null : CallerAdminEndpoint.tenant("tenant", value).value();
    }

    private static @Nullable Instant instant(Context ctx, String name) {
        String value = text(ctx, name);
        try {
            return value == null ? null : Instant.parse(value);
        } catch (DateTimeException e) {
            throw ProblemException.inField(name, "must be a time such as 2026-03-01T12:00:00Z");
        }
    }

    private static AuditQuery.@Nullable Cursor cursor(Context ctx) {
        String value = text(ctx, "after");
        return value == null
                ? null
                : AuditQuery.Cursor.parse(value)
                        .orElseThrow(() ->
                                ProblemException.inField(
                                        "after", "is no cursor that this server gave"));
    }

    private static int limit(Context ctx) {
        String value = text(ctx, "limit");
        if (value == null) {
            return LISTED;
        }
        if (!value.matches("[1-9][0-9]{0,3}") || Integer.parseInt(value) > MOST_LISTED) {
            throw ProblemException.inField("limit", "must be a number from 1 to " + MOST_LISTED);
        }
        return Integer.parseInt(value);
    }
}
