package drawbridge.server.http;

import drawbridge.model.view.ServerCondition;
import drawbridge.server.diagnostics.DiagnosticsDesk;

import io.javalin.http.Context;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * {@code /v1/condition} and {@code /v1/diagnostics}: what the server stands on, and a file of it.
 */
final class DiagnosticsEndpoint {
    private static final String ADMIN = "admin";

    private final RequestReader reader;
    private final DiagnosticsDesk desk;

    DiagnosticsEndpoint(RequestReader reader, DiagnosticsDesk desk) {
        this.reader = reader;
        this.desk = desk;
    }

    void condition(Context ctx) {
        ServerCondition now = desk.condition();
        Answers.json(ctx, 200, now);
    }

    void contents(Context ctx) {
        Answers.json(ctx, 200, desk.contents());
    }

    void bundle(Context ctx) {
        byte[] whole = desk.bundle(ADMIN, reader.requestId(ctx));
        ctx.res().setStatus(200);
        ctx.res().setContentType("application/zip");
        ctx.res().setHeader("Cache-Control", "no-store");
        ctx.res()
                .setHeader(
                        "Content-Disposition",
                        "attachment; filename=\"drawbridge-diagnostics.zip\"");
        ctx.res().setContentLengthLong(whole.length);
        try {
            ctx.res().getOutputStream().write(whole);
        } catch (IOException e) {
            throw new UncheckedIOException("the diagnostics could not be sent to their end", e);
        }
    }
}
