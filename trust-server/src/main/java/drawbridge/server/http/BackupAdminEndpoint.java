package drawbridge.server.http;

import drawbridge.model.ProblemCode;
import drawbridge.model.view.Page;
import drawbridge.server.backup.BackupDesk;
import drawbridge.server.backup.Backups;

import io.javalin.http.Context;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code /v1/backup}: copies of the whole database, made while it is used. */
final class BackupAdminEndpoint {
    private static final String ADMIN = "admin";

    private final RequestReader reader;
    private final BackupDesk backups;

    BackupAdminEndpoint(RequestReader reader, BackupDesk backups) {
        this.reader = reader;
        this.backups = backups;
    }

    void list(Context ctx) {
        List<Backups.Backup> all = backups.list();
        Answers.json(ctx, 200, new Page<>(all, null, all.size()));
    }

    void make(Context ctx) {
        reader.body(ctx).refuseOthers();
        BackupDesk.Made made =
                backups.make(ADMIN, reader.requestId(ctx))
                        .orElseThrow(() ->
                                ProblemException.later(
                                        ProblemCode.TOO_MANY_REQUESTS,
                                        "another backup is being made",
                                        5));
        ObjectNode answer = Json.object();
        answer.put("name", made.backup().name());
        answer.put("kind", made.backup().kind());
        answer.put("madeAt", made.backup().madeAt().toString());
        answer.put("bytes", made.backup().bytes());
        answer.put("sha256", made.sha256());
        Answers.json(ctx, 201, answer);
    }

    void download(Context ctx) {
        Path file =
                backups.take(ctx.pathParam("name"), ADMIN, reader.requestId(ctx))
                        .orElseThrow(() ->
                                ProblemException.of(
                                        ProblemCode.UNKNOWN_ID, "there is nothing with this id"));
        ctx.res().setStatus(200);
        ctx.res().setContentType("application/vnd.sqlite3");
        ctx.res().setHeader("Cache-Control", "no-store");
        try {
            ctx.res().setContentLengthLong(Files.size(file));
            Files.copy(file, ctx.res().getOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException("the backup could not be sent to its end", e);
        }
    }
}
