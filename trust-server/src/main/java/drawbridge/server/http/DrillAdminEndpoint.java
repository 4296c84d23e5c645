package drawbridge.server.http;

import drawbridge.model.ProblemCode;
import drawbridge.model.TenantId;
import drawbridge.model.Threat;
import drawbridge.model.view.DrillReport;
import drawbridge.model.view.DrillRun;
import drawbridge.model.view.DrillRunRow;
import drawbridge.model.view.Page;
import drawbridge.server.drill.DrillPage;
import drawbridge.server.drill.DrillServices;
import drawbridge.server.drill.Drills;
import drawbridge.server.drill.Drills.Outcome;
import drawbridge.server.session.Sessions.By;

import io.javalin.http.Context;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** {@code /v1/threats} and {@code /v1/drills}: the threat matrix, and the drills that prove it. */
final class DrillAdminEndpoint {
    private static final int LISTED = 50;

    private final RequestReader reader;
    private final DrillServices with;

    DrillAdminEndpoint(RequestReader reader, DrillServices with) {
        this.reader = reader;
        this.with = with;
    }

    void threats(Context ctx) {
        TenantId tenant = tenant(ctx.queryParam("tenant")).orElse(TenantId.DEFAULT);
        Answers.json(
                ctx,
                200,
                with.threats().matrix(tenant).orElseThrow(() -> unknown("tenant with this id")));
    }

    void begin(Context ctx) {
        Body body = reader.body(ctx);
        TenantId tenant = tenant(body.text(64, "tenant").orElse(null)).orElse(TenantId.DEFAULT);
        Set<Threat> drills =
                body.texts("drills", Threat.values().length, 40)
                        .map(DrillAdminEndpoint::threats)
                        .orElseGet(() -> EnumSet.allOf(Threat.class));
        body.refuseOthers();
        switch (with.drills().begin(tenant, drills, By.admin(reader.requestId(ctx)))) {
            case Outcome.Begun(DrillRun run) -> Answers.json(ctx, 202, run);
            case Outcome.Busy(String run) ->
                    throw ProblemException.of(
                            ProblemCode.DRILL_RUNNING,
                            run + " is under way; wait for its end, or cancel it");
            case Outcome.NoTenant(String why) ->
                    throw ProblemException.of(ProblemCode.UNKNOWN_ID, why);
        }
    }

    private static Set<Threat> threats(Set<String> names) {
        Set<Threat> threats = EnumSet.noneOf(Threat.class);
        for (String name : names) {
            threats.add(
                    Threat.parse(name)
                            .orElseThrow(() ->
                                    ProblemException.inField(
                                            "drills",
                                            "holds one there is none of; there are "
                                                    + Arrays.stream(Threat.values())
                                                            .map(Threat::wireName)
                                                            .collect(Collectors.joining(", ")))));
        }
        if (threats.isEmpty()) {
            throw ProblemException.inField("drills", "names none; leave it out for all");
        }
        return threats;
    }

    void list(Context ctx) {
        Optional<TenantId> tenant = tenant(ctx.queryParam("tenant"));
        List<DrillRunRow> runs = with.drills().list(tenant.orElse(null), LISTED);
        Answers.json(ctx, 200, new Page<>(runs, null, runs.size()));
    }

    void show(Context ctx) {
        Answers.json(
                ctx,
                200,
                with.drills().find(ctx.pathParam("id")).orElseThrow(DrillAdminEndpoint::noRun));
    }

    void cancel(Context ctx) {
        reader.body(ctx).refuseOthers();
        Drills drills = with.drills();
        String id = ctx.pathParam("id");
        // One that has ended meanwhile is as cancelled as can be.
        DrillRun run =
                drills.cancel(id).or(() -> drills.find(id)).orElseThrow(DrillAdminEndpoint::noRun);
        Answers.json(ctx, 200, run);
    }

    void report(Context ctx) {
        DrillReport report =
                with.drills()
                        .report(ctx.pathParam("id"))
                        .orElseThrow(() ->
                                ProblemException.of(
                                        ProblemCode.UNKNOWN_ID,
                                        "there is no run with this id that has ended with a report"));
        String format =
                Optional.ofNullable(ctx.queryParam("format"))
                        .orElse("json")
                        .toLowerCase(Locale.ROOT);
        switch (format) {
            case "json" -> Answers.json(ctx, 200, report);
            case "html" -> {
                ctx.contentType("text/html; charset=utf-8");
                ctx.header("Cache-Control", "no-store");
                ctx.result(DrillPage.of(report));
            }
            default -> throw ProblemException.inField("format", "must be json or html");
        }
    }

    private static Optional<TenantId> tenant(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new TenantId(text));
        } catch (IllegalArgumentException e) {
            throw unknown("tenant with this id");
        }
    }

    private static ProblemException noRun() {
        return unknown("run with this id");
    }

    private static ProblemException unknown(String what) {
        return ProblemException.of(ProblemCode.UNKNOWN_ID, "there is no " + what);
    }
}
