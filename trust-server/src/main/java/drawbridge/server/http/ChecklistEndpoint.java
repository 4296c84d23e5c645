package drawbridge.server.http;

import drawbridge.model.ProblemCode;
import drawbridge.model.TenantId;
import drawbridge.model.view.SecretScan;
import drawbridge.server.checklist.ChecklistServices;
import drawbridge.server.checklist.SecretScans.Outcome;

import io.javalin.http.Context;

import org.jspecify.annotations.Nullable;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** {@code /v1/checklist}: the ten practices, both coverage tables, and the search for secrets. */
final class ChecklistEndpoint {
    private static final int MOST_PATH = 4096;

    private final RequestReader reader;
    private final ChecklistServices with;

    ChecklistEndpoint(RequestReader reader, ChecklistServices with) {
        this.reader = reader;
        this.with = with;
    }

    void show(Context ctx) {
        Answers.json(
                ctx,
                200,
                with.checklist()
                        .view(tenant(ctx.queryParam("tenant")))
                        .orElseThrow(ChecklistEndpoint::unknown));
    }

    void tryNow(Context ctx) {
        Body body = reader.body(ctx);
        TenantId tenant = tenant(body.text(64, "tenant").orElse(null));
        body.refuseOthers();
        Answers.json(
                ctx, 200, with.checklist().tryNow(tenant).orElseThrow(ChecklistEndpoint::unknown));
    }

    void coverage(Context ctx) {
        Answers.json(
                ctx,
                200,
                with.coverage()
                        .of(tenant(ctx.queryParam("tenant")))
                        .orElseThrow(ChecklistEndpoint::unknown));
    }

    void scan(Context ctx) {
        Answers.json(ctx, 200, latest());
    }

    void beginScan(Context ctx) {
        Body body = reader.body(ctx);
        Optional<String> folder = body.text(MOST_PATH, "folder").filter(text -> !text.isBlank());
        body.refuseOthers();
        switch (with.scans().begin(folder.map(ChecklistEndpoint::path).orElse(null))) {
            case Outcome.Begun(SecretScan scan) -> Answers.json(ctx, 202, scan);
            case Outcome.Busy _ ->
                    throw ProblemException.of(
                            ProblemCode.SCAN_RUNNING,
                            "another search is under way; wait for its end, or cancel it");
            case Outcome.NoFolder(String why) -> throw ProblemException.inField("folder", why);
        }
    }

    void cancelScan(Context ctx) {
        reader.body(ctx).refuseOthers();
        with.scans().cancel();
        Answers.json(ctx, 200, latest());
    }

    private SecretScan latest() {
        return with.scans()
                .latest()
                .orElseThrow(() ->
                        ProblemException.of(
                                ProblemCode.UNKNOWN_ID,
                                "nothing was searched since the server started"));
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw ProblemException.inField("folder", "is no path");
        }
    }

    private static TenantId tenant(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return TenantId.DEFAULT;
        }
        try {
            return new TenantId(text);
        } catch (IllegalArgumentException e) {
            throw unknown();
        }
    }

    private static ProblemException unknown() {
        return ProblemException.of(ProblemCode.UNKNOWN_ID, "there is no tenant with this id");
    }
}
