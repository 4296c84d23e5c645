package drawbridge.console.fake;

import drawbridge.console.client.ChecklistCalls;
import drawbridge.console.client.Reply;
import drawbridge.model.Problem;
import drawbridge.model.ProblemCode;
import drawbridge.model.view.ChecklistView;
import drawbridge.model.view.CoverageView;
import drawbridge.model.view.SecretScan;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** A checklist as a test sets it. Safe for many threads. */
public final class FakeChecklist implements ChecklistCalls {
    private final FakeServer server;
    private @Nullable ChecklistView checklist;
    private @Nullable ChecklistView afterTrying;
    private @Nullable CoverageView coverage;
    private @Nullable SecretScan scan;
    private @Nullable SecretScan begun;
    private final List<String> searched = new ArrayList<>();

    FakeChecklist(FakeServer server) {
        this.server = server;
    }

    /** What is judged from now on. */
    public synchronized void checklist(ChecklistView view) {
        checklist = view;
    }

    /** What is judged once it was tried. */
    public synchronized void afterTrying(ChecklistView view) {
        afterTrying = view;
    }

    /** Both tables. */
    public synchronized void coverage(CoverageView view) {
        coverage = view;
    }

    /** The search under way, or the last one. */
    public synchronized void scan(SecretScan now) {
        scan = now;
    }

    /** What a search is when it is begun. */
    public synchronized void onSearch(SecretScan first) {
        begun = first;
    }

    /** The folders that were asked for; empty for the logs. */
    public synchronized List<String> searched() {
        return List.copyOf(searched);
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
                                "there is nothing here",
                                "there is nothing here",
                                ProblemCode.UNKNOWN_ID.name(),
                                null,
                                null))
                : new Reply.Done<>(value);
    }

    @Override
    public synchronized Reply<ChecklistView> checklist(String tenant) {
        return answer("GET /v1/checklist", checklist);
    }

    @Override
    public synchronized Reply<ChecklistView> tryNow(String tenant) {
        if (afterTrying != null) {
            checklist = afterTrying;
        }
        return answer("POST /v1/checklist/try", checklist);
    }

    @Override
    public synchronized Reply<CoverageView> coverage(String tenant) {
        return answer("GET /v1/checklist/coverage", coverage);
    }

    @Override
    public synchronized Reply<SecretScan> scan() {
        return answer("GET /v1/checklist/scan", scan);
    }

    @Override
    public synchronized Reply<SecretScan> search(String folder) {
        searched.add(folder);
        if (begun != null) {
            scan = begun;
        }
        return answer("POST /v1/checklist/scan", scan);
    }

    @Override
    public synchronized Reply<SecretScan> cancelSearch() {
        return answer("POST /v1/checklist/scan/cancel", scan);
    }
}
