package drawbridge.server.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What happened once and has no end of its own: it counts as there for ten minutes after it was
 * last seen. Of many subjects the latest hundred are kept. One thread.
 */
final class Happened {
    static final Duration LASTS = Duration.ofMinutes(10);
    private static final int MOST = 100;

    private record Last(Instant at, Finding finding) {}

    private final Map<String, Last> bySubject = new LinkedHashMap<>();

    void note(Instant at, Finding finding) {
        bySubject.remove(finding.subject());
        bySubject.put(finding.subject(), new Last(at, finding));
        if (bySubject.size() > MOST) {
            bySubject.remove(bySubject.keySet().iterator().next());
        }
    }

    /** What counts as there now. */
    List<Finding> now(Instant now) {
        Iterator<Last> all = bySubject.values().iterator();
        while (all.hasNext()) {
            Instant at = all.next().at();
            // One from the future was noted before the clock was put back.
            if (!now.isBefore(at.plus(LASTS)) || at.isAfter(now.plus(LASTS))) {
                all.remove();
            }
        }
        return bySubject.values().stream().map(Last::finding).toList();
    }
}
