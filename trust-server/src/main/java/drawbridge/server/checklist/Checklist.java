package drawbridge.server.checklist;

import drawbridge.model.Practice;
import drawbridge.model.TenantId;
import drawbridge.model.view.ChecklistEvidence;
import drawbridge.model.view.ChecklistItem;
import drawbridge.model.view.ChecklistView;
import drawbridge.server.Background;
import drawbridge.server.storage.StoreUnavailableException;
import drawbridge.server.tenant.Tenants;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The ten practices, judged from what is set, what was counted and what was tried; nothing of it
 * can be ticked. The listeners are tried and the logs searched some time after the start, and once
 * a day from then on, on a thread of their own. Safe for many threads.
 */
public final class Checklist implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Checklist.class);

    /** By then a start is over, and whoever looks at the screen has something to see. */
    private static final Duration FIRST = Duration.ofMinutes(2);

    private static final Duration EVERY = Duration.ofDays(1);

    /** What is, besides, tried by attacks. */
    private static final Set<Practice> TRIED =
            Set.of(
                    Practice.AUTHENTICATION,
                    Practice.RATE_LIMITS,
                    Practice.INPUT,
                    Practice.BROWSERS);

    private final Map<Practice, Judge> judges;
    private final Tries tries;
    private final SecretScans scans;
    private final Walls walls;
    private final Tenants tenants;
    private final Clock clock;
    private final ScheduledExecutorService background =
            Executors.newSingleThreadScheduledExecutor(Background.daemons("checklist"));

    Checklist(
            Map<Practice, Judge> judges,
            Tries tries,
            SecretScans scans,
            Walls walls,
            Tenants tenants,
            Clock clock) {
        this.judges = new EnumMap<>(judges);
        this.tries = tries;
        this.scans = scans;
        this.walls = walls;
        this.tenants = tenants;
        this.clock = clock;
        Future<?> _ =
                background.scheduleWithFixedDelay(
                        this::lookAround, FIRST.toSeconds(), EVERY.toSeconds(), TimeUnit.SECONDS);
    }

    private void lookAround() {
        try {
            tries.tryNow();
            scans.begin(null);
        } catch (StoreUnavailableException e) {
            LOG.warn("the checklist is put off: {}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("the checklist could not be tried", e);
        }
    }

    /**
     * How that tenant keeps the practices now; empty when there is none.
     *
     * @throws StoreUnavailableException when the database does not answer
     */
    public Optional<ChecklistView> view(TenantId tenant) {
        if (tenants.find(tenant).isEmpty()) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        Optional<Tries.Tried> tried = tries.last();
        List<ChecklistItem> items = new ArrayList<>();
        for (Practice practice : Practice.values()) {
            List<ChecklistEvidence> evidence = new ArrayList<>();
            Judge judge = judges.get(practice);
            if (judge != null) {
                evidence.addAll(judge.judge(tenant, now));
            }
            tried.ifPresent(found -> evidence.addAll(found.of(practice)));
            if (TRIED.contains(practice) && tried.isEmpty()) {
                evidence.add(
                        Evidence.note(
                                "not_tried",
                                "the listeners have not been tried since the server started",
                                Evidence.At.NOWHERE));
            }
            evidence.sort(Comparator.comparingInt(each -> Evidence.rank(each.verdict())));
            items.add(
                    new ChecklistItem(
                            practice.wireName(),
                            Evidence.verdict(evidence),
                            evidence,
                            now,
                            TRIED.contains(practice) ? at(tried) : null));
        }
        return Optional.of(
                new ChecklistView(
                        tenant.value(),
                        now,
                        worst(items),
                        kept(items),
                        at(tried),
                        tries.isTrying(),
                        items));
    }

    private static @Nullable Instant at(Optional<Tries.Tried> tried) {
        return tried.map(Tries.Tried::at).orElse(null);
    }

    private static String worst(List<ChecklistItem> items) {
        return items.stream()
                .map(ChecklistItem::verdict)
                .filter(verdict -> !verdict.equals(Evidence.NOT_APPLICABLE))
                .min(Comparator.comparingInt(Evidence::rank))
                .orElse(Evidence.PASS);
    }

    private static int kept(List<ChecklistItem> items) {
        return Math.toIntExact(
                items.stream()
                        .filter(item -> Evidence.rank(item.verdict()) > Evidence.rank("warn"))
                        .count());
    }

    /** Tries the listeners and the walls now, and then tells how that tenant stands. */
    public Optional<ChecklistView> tryNow(TenantId tenant) {
        if (tenants.find(tenant).isEmpty()) {
            return Optional.empty();
        }
        walls.forget();
        tries.tryNow();
        return view(tenant);
    }

    @Override
    public void close() {
        background.shutdownNow();
        scans.close();
    }
}
