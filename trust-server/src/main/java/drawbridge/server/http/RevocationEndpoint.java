package drawbridge.server.http;

import drawbridge.model.ProblemCode;
import drawbridge.model.SessionRef;
import drawbridge.model.filter.SessionFilter;
import drawbridge.model.view.Page;
import drawbridge.model.view.RevocationJob;
import drawbridge.server.session.RevocationJobs;
import drawbridge.server.session.RevocationJobs.Begun;
import drawbridge.server.session.RevocationJobs.Undoing;
import drawbridge.server.session.RevocationJobs.Which;
import drawbridge.server.session.SessionExport;
import drawbridge.server.session.Sessions.By;

import io.javalin.http.Context;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** {@code /v1/revocations}: all sessions that match are ended, as a job that can be undone. */
final class RevocationEndpoint {
    private static final int MOST_REASON = 500;
    private static final int BUFFER = 64 * 1024;
    private static final int MOST_COUNT = 100_000_000;

    private final RequestReader reader;
    private final RevocationJobs jobs;
    private final SessionExport export;

    RevocationEndpoint(RequestReader reader, RevocationJobs jobs, SessionExport export) {
        this.reader = reader;
        this.jobs = jobs;
        this.export = export;
    }

    void export(Context ctx) {
        String line = Optional.ofNullable(ctx.queryParam("filter")).orElse("");
        SessionFilter filter = filter(line);
        String format = Optional.ofNullable(ctx.queryParam("format")).orElse("csv");
        boolean isCsv = format.equals("csv");
        if (!isCsv && !format.equals("json")) {
            throw ProblemException.inField("format", "must be csv or json");
        }
        export.begin(line, format, reader.requestId(ctx));
        ctx.res().setStatus(200);
        ctx.res().setContentType(isCsv ? "text/csv" : "application/json");
        ctx.res().setCharacterEncoding("utf-8");
        ctx.res().setHeader("Cache-Control", "no-store");
        ctx.res()
                .setHeader(
                        "Content-Disposition",
                        "attachment; filename=\"drawbridge-sessions.%s\"".formatted(format));
        try (OutputStream out = new BufferedOutputStream(ctx.res().getOutputStream(), BUFFER)) {
            if (isCsv) {
                out.write(SessionCsv.head().getBytes(StandardCharsets.UTF_8));
                export.write(
                        filter,
                        row -> out.write(SessionCsv.line(row).getBytes(StandardCharsets.UTF_8)));
            } else {
                writeArray(filter, out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the export could not be sent to its end", e);
        }
    }

    private void writeArray(SessionFilter filter, OutputStream out) throws IOException {
        byte[] comma = ",\n".getBytes(StandardCharsets.US_ASCII);
        AtomicBoolean isFirst = new AtomicBoolean(true);
        out.write('[');
        export.write(
                filter,
                row -> {
                    if (!isFirst.getAndSet(false)) {
                        out.write(comma);
                    }
                    out.write(Json.write(row));
                });
        out.write(']');
    }

    void list(Context ctx) {
        List<RevocationJob> all = jobs.list();
        Answers.json(ctx, 200, new Page<>(all, null, all.size()));
    }

    void show(Context ctx) {
        Answers.json(
                ctx, 200, jobs.show(ctx.pathParam("id")).orElseThrow(RevocationEndpoint::unknown));
    }

    void begin(Context ctx) {
        Body body = reader.body(ctx);
        Optional<String> line = body.text(1000, "filter");
        Optional<Set<String>> refs = body.texts("refs", RevocationJobs.MOST_NAMED, 64);
        String reason = body.text(MOST_REASON, "reason").orElse("");
        OptionalInt seen = body.number("seen", 1, MOST_COUNT);
        OptionalInt typed = body.number("typed", 0, MOST_COUNT);
        body.refuseOthers();
        if (line.isPresent() == refs.isPresent()) {
            throw ProblemException.inField(
                    "filter", "give either a filter, empty for all, or refs");
        }
        if (seen.isEmpty()) {
            throw ProblemException.inField(
                    "seen", "is missing; give how many live sessions the filter found");
        }
        if (seen.getAsInt() > RevocationJobs.MOST_UNTYPED && !typed.equals(seen)) {
            throw ProblemException.inField(
                    "typed",
                    "must be %d, the number of sessions, typed by who ends more than %d at once"
                            .formatted(seen.getAsInt(), RevocationJobs.MOST_UNTYPED));
        }
        Which which =
                line.<Which>map(text -> new Which.Matching(text, filter(text)))
                        .orElseGet(() -> new Which.Named(named(refs.orElse(Set.of()))));
        By by = By.admin(reader.requestId(ctx));
        switch (jobs.begin(which, reason, seen.getAsInt(), by)) {
            case Begun.Working(RevocationJob job) -> Answers.json(ctx, 202, job);
            case Begun.CountChanged(long now) ->
                    throw ProblemException.of(
                            ProblemCode.COUNT_CHANGED,
                            "%d live sessions match now, not %d; nothing was ended. Look again and send the new count"
                                    .formatted(now, seen.getAsInt()));
            case Begun.Busy(RevocationJob other) ->
                    throw ProblemException.of(
                            ProblemCode.REVOCATION_RUNNING,
                            "%s is at work: %d of %d; wait for it, or cancel it"
                                    .formatted(other.id(), other.ended(), other.total()));
        }
    }

    private static Set<SessionRef> named(Set<String> texts) {
        Set<SessionRef> refs = new LinkedHashSet<>();
        for (String text : texts) {
            refs.add(
                    SessionRef.parse(text)
                            .orElseThrow(() ->
                                    ProblemException.inField(
                                            "refs", "holds something that is no reference")));
        }
        return refs;
    }

    void cancel(Context ctx) {
        reader.body(ctx).refuseOthers();
        Answers.json(
                ctx,
                200,
                jobs.cancel(ctx.pathParam("id")).orElseThrow(RevocationEndpoint::unknown));
    }

    void undo(Context ctx) {
        reader.body(ctx).refuseOthers();
        switch (jobs.undo(ctx.pathParam("id"), By.admin(reader.requestId(ctx)))) {
            case Undoing.Working(RevocationJob job) -> Answers.json(ctx, 202, job);
            case Undoing.TooLate(RevocationJob job) ->
                    throw ProblemException.of(
                            ProblemCode.NOT_RESTORABLE,
                            "the revocation is %s; it can be undone once it has ended, until its hold is over"
                                    .formatted(job.state()));
            case Undoing.Unknown _ -> throw unknown();
        }
    }

    private static ProblemException unknown() {
        return ProblemException.of(ProblemCode.UNKNOWN_ID, "there is nothing with this id");
    }

    /** The filter in a request. */
    static SessionFilter filter(String line) {
        SessionFilter.Parsed parsed = SessionFilter.parse(Body.checked("filter", line, 1000));
        parsed.problem()
                .ifPresent(problem -> {
                    throw ProblemException.inField("filter", problem.message());
                });
        return parsed.filter().orElse(SessionFilter.ALL);
    }
}
