package drawbridge.console.fake;

import drawbridge.console.client.DrillCalls;
import drawbridge.console.client.Reply;
import drawbridge.model.Problem;
import drawbridge.model.ProblemCode;
import drawbridge.model.event.ServerEvent;
import drawbridge.model.view.DrillReport;
import drawbridge.model.view.DrillResult;
import drawbridge.model.view.DrillRun;
import drawbridge.model.view.DrillRunRow;
import drawbridge.model.view.Page;
import drawbridge.model.view.ThreatMatrix;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** Threats and drills as a test sets them; a run goes on when it says so. Safe for many threads. */
public final class FakeDrills implements DrillCalls {
    private final FakeServer server;
    private final Map<String, ThreatMatrix> matrices = new LinkedHashMap<>();
    private final Map<String, DrillRun> runs = new LinkedHashMap<>();
    private @Nullable BiFunction<String, List<String>, DrillRun> onBegin;

    FakeDrills(FakeServer server) {
        this.server = server;
    }

    /** How a tenant stands. */
    public synchronized void matrix(ThreatMatrix matrix) {
        matrices.put(matrix.tenant(), matrix);
    }

    /** A run, from now on as it is there, without telling. */
    public synchronized void run(DrillRun run) {
        runs.remove(run.id());
        runs.put(run.id(), run);
    }

    /** What is begun when it is asked for. */
    public synchronized void onBegin(BiFunction<String, List<String>, DrillRun> made) {
        onBegin = made;
    }

    /** A run went on, and this is told. */
    public void progress(DrillRun run) {
        run(run);
        DrillResult playing =
                run.drills().stream()
                        .filter(each -> each.state().equals("running"))
                        .findFirst()
                        .orElse(null);
        server.tell(seq ->
                new ServerEvent.DrillProgressed(
                        seq,
                        run.startedAt(),
                        run.id(),
                        run.tenant(),
                        run.state(),
                        playing == null ? null : playing.id(),
                        playing == null ? null : playing.state(),
                        run.outcome(),
                        playing == null ? 0 : playing.steps().size(),
                        (int) run.drills().stream().filter(each -> each.outcome() != null).count(),
                        run.drills().size()));
    }

    private <T> Reply<T> answer(String tried, @Nullable T value) {
        String silence = server.silence();
        if (silence != null) {
            return new Reply.Unreachable<>(tried, silence);
        }
        return value == null
                ? new Reply.Rejected<>(
                        404,
                        new Problem(
                                false,
                                "there is nothing with this id",
                                "there is nothing with this id",
                                ProblemCode.UNKNOWN_ID.name(),
                                null,
                                null))
                : new Reply.Done<>(value);
    }

    @Override
    public synchronized Reply<ThreatMatrix> threats(String tenant) {
        return answer("GET /v1/threats", matrices.get(tenant));
    }

    @Override
    public synchronized Reply<DrillRun> begin(String tenant, List<String> drills) {
        DrillRun begun = onBegin == null ? null : onBegin.apply(tenant, drills);
        if (begun != null) {
            runs.put(begun.id(), begun);
        }
        return answer("POST /v1/drills", begun);
    }

    @Override
    public synchronized Reply<Page<DrillRunRow>> runs(String tenant) {
        List<DrillRunRow> rows =
                runs.values().stream()
                        .filter(run -> run.tenant().equals(tenant))
                        .map(FakeDrills::row)
                        .toList()
                        .reversed();
        return answer("GET /v1/drills", new Page<>(rows, null, rows.size()));
    }

    private static DrillRunRow row(DrillRun run) {
        Map<String, String> outcomes = new LinkedHashMap<>();
        for (DrillResult drill : run.drills()) {
            String outcome = drill.outcome();
            if (outcome != null) {
                outcomes.put(drill.id(), outcome);
            }
        }
        return new DrillRunRow(
                run.id(),
                run.tenant(),
                run.state(),
                run.outcome(),
                run.startedAt(),
                run.endedAt(),
                run.by(),
                outcomes);
    }

    @Override
    public synchronized Reply<DrillRun> run(String id) {
        return answer("GET /v1/drills/…", runs.get(id));
    }

    @Override
    public synchronized Reply<DrillRun> cancel(String id) {
        return answer("POST /v1/drills/…/cancel", runs.get(id));
    }

    @Override
    public synchronized Reply<DrillReport> report(String id) {
        return answer("GET /v1/drills/…/report", null);
    }
}
