package drawbridge.server.checklist;

import drawbridge.model.TenantId;
import drawbridge.model.view.ChecklistEvidence;
import drawbridge.server.checklist.Evidence.At;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** How large and how slow a request may be. What becomes of wrong ones is tried. */
final class OfInput implements Judge {
    /** What this API reads fits into a few kilobytes. */
    static final long LARGE_BODY = 1L << 20;

    /** Whoever needs longer holds a connection for nothing. */
    private static final Duration SLOW = Duration.ofSeconds(60);

    private final ChecklistSettings settings;

    OfInput(ChecklistSettings settings) {
        this.settings = settings;
    }

    @Override
    public List<ChecklistEvidence> judge(TenantId tenant, Instant now) {
        ChecklistSettings.Edge edge = settings.edge();
        List<ChecklistEvidence> found = new ArrayList<>();
        if (edge.mostBodyBytes() > LARGE_BODY) {
            found.add(
                    Evidence.warn(
                            "body_large",
                            "bodies of up to %,d KiB are read; 64 KiB hold whatever this API takes"
                                    .formatted(edge.mostBodyBytes() / 1024),
                            At.setting("http.max.body")));
        }
        if (edge.patience().compareTo(SLOW) > 0) {
            found.add(
                    Evidence.warn(
                            "slow_clients",
                            "a client may take %d s to send its request"
                                    .formatted(edge.patience().toSeconds()),
                            At.setting("http.timeout")));
        }
        if (found.isEmpty()) {
            found.add(
                    Evidence.pass(
                            "bounded",
                            "a body has at most %,d KiB and %d s, and its fields a type and a length each"
                                    .formatted(
                                            edge.mostBodyBytes() / 1024,
                                            edge.patience().toSeconds())));
        }
        return found;
    }
}
