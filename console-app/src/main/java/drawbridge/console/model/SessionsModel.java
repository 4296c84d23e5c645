package drawbridge.console.model;

import drawbridge.model.SessionState;
import drawbridge.model.event.ServerEvent;
import drawbridge.model.event.ServerEvent.SessionOpened;
import drawbridge.model.event.ServerEvent.SessionRestored;
import drawbridge.model.event.ServerEvent.SessionRevoked;
import drawbridge.model.event.ServerEvent.SessionsRestored;
import drawbridge.model.event.ServerEvent.SessionsRevoked;
import drawbridge.model.event.ServerEvent.SessionsSeen;
import drawbridge.model.view.SessionRow;

import javafx.beans.property.ReadOnlyLongProperty;
import javafx.beans.property.ReadOnlyLongWrapper;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Every session the console holds, by reference. Pages that are being read and events that happen
 * meanwhile may come in any order: revocations and restorations that arrive during a load are
 * played again over the rows of later pages, so that the end is the same.
 */
public final class SessionsModel {
    /** So many ended sessions are kept at most; the longest ended are forgotten first. */
    public static final int MOST_ENDED = 20_000;

    private final Map<String, SessionEntry> byRef = new HashMap<>();
    private final Map<String, Set<SessionEntry>> byUser = new HashMap<>();

    /** The same entries side by side: a copy of them is one move of memory, not a walk. */
    private final List<SessionEntry> dense = new ArrayList<>();

    private final ReadOnlyLongWrapper revision = new ReadOnlyLongWrapper(this, "revision", 0);

    private Lifetimes lifetimes = Lifetimes.UNKNOWN;
    private long changes;
    private @Nullable Load load;

    /** What is remembered while pages are being read. */
    private static final class Load {
        final Set<String> found = new LinkedHashSet<>();
        final Map<String, List<ServerEvent>> byRef = new HashMap<>();
        final List<SessionRevoked> ofMany = new ArrayList<>();

        void remember(String ref, ServerEvent event) {
            byRef.computeIfAbsent(ref, any -> new ArrayList<>(2)).add(event);
        }
    }

    /** Grows whenever any session came, went or changed; once for a batch of events. */
    public ReadOnlyLongProperty revisionProperty() {
        return revision.getReadOnlyProperty();
    }

    /** The sessions now, in no order; a copy that may be given to another thread. */
    public List<SessionEntry> copy() {
        return new ArrayList<>(dense);
    }

    /** How many are held. */
    public int size() {
        return byRef.size();
    }

    /** The session of that reference. */
    public Optional<SessionEntry> find(String ref) {
        return Optional.ofNullable(byRef.get(ref));
    }

    /** How many sessions of the user would be accepted now. */
    public long liveOf(String userId, Instant now) {
        return byUser.getOrDefault(userId, Set.of()).stream()
                .filter(entry -> entry.state(now) == SessionState.LIVE)
                .count();
    }

    /** The live sessions of a user, the last used first. */
    public List<SessionEntry> liveEntriesOf(String userId, Instant now) {
        return byUser.getOrDefault(userId, Set.of()).stream()
                .filter(entry -> entry.state(now) == SessionState.LIVE)
                .sorted(
                        Comparator.comparing((SessionEntry entry) -> entry.row().lastSeenAt())
                                .reversed()
                                .thenComparing(SessionEntry::ref))
                .toList();
    }

    /** By which rule a used session lives on, from now on. */
    void setLifetimes(Lifetimes told) {
        lifetimes = told;
    }

    /** Pages follow; what they do not hold is gone once {@link #endLoad} is called. */
    void beginLoad() {
        load = new Load();
        dense.forEach(SessionEntry::forgetNumber);
    }

    /** One page. */
    void addPage(List<SessionRow> rows) {
        for (SessionRow row : rows) {
            SessionEntry entry = put(row);
            if (load != null) {
                load.found.add(row.ref());
                replay(load, entry);
            }
        }
        changed();
    }

    private void replay(Load during, SessionEntry entry) {
        for (ServerEvent event : during.byRef.getOrDefault(entry.ref(), List.of())) {
            applyTo(entry, event);
        }
        for (SessionRevoked event : during.ofMany) {
            revoke(entry, event);
        }
    }

    /** All pages were read: what none of them held, and no event opened, is forgotten. */
    void endLoad() {
        if (load != null) {
            Set<String> known = load.found;
            known.addAll(load.byRef.keySet());
            forget(dense.stream().filter(entry -> !known.contains(entry.ref())).toList());
            load = null;
            changed();
        }
    }

    /** A load ended early; what was held stays. */
    void abandonLoad() {
        load = null;
    }

    /** A row that was just read again on its own. */
    void read(SessionRow row) {
        put(row);
        changed();
    }

    /** How often sessions were opened, ended and restored so far; their uses do not count. */
    public long changes() {
        return changes;
    }

    /** Applies what concerns sessions; {@link #changed} follows once for the batch. */
    void apply(ServerEvent event) {
        changes +=
                switch (event) {
                    case SessionOpened _, SessionRestored _, SessionRevoked _ -> 1;
                    case SessionsRevoked many -> many.refs().size();
                    case SessionsRestored many -> many.refs().size();
                    default -> 0;
                };
        switch (event) {
            case SessionOpened opened -> {
                remember(opened.session().ref(), opened);
                put(opened.session());
            }
            case SessionRestored restored -> {
                String ref = restored.session().ref();
                remember(ref, restored);
                SessionEntry entry = byRef.get(ref);
                applyTo(entry == null ? put(restored.session()) : entry, restored);
            }
            case SessionRevoked revoked -> revoke(revoked);
            case SessionsRevoked many -> applyToEach(many.refs(), many);
            case SessionsRestored many -> applyToEach(many.refs(), many);
            case SessionsSeen seen ->
                    seen.lastSeen().forEach((ref, at) -> used(ref, at, seen.modes().get(ref)));
            default -> {}
        }
    }

    private void applyToEach(List<String> refs, ServerEvent event) {
        for (String ref : refs) {
            remember(ref, event);
            SessionEntry entry = byRef.get(ref);
            if (entry != null) {
                applyTo(entry, event);
            }
        }
    }

    void changed() {
        revision.set(revision.get() + 1);
    }

    private void remember(String ref, ServerEvent event) {
        if (load != null) {
            load.remember(ref, event);
        }
    }

    private void revoke(SessionRevoked event) {
        String ref = event.ref();
        if (ref != null) {
            remember(ref, event);
            SessionEntry entry = byRef.get(ref);
            if (entry != null) {
                revoke(entry, event);
            }
            return;
        }
        if (load != null) {
            load.ofMany.add(event);
        }
        String userId = event.userId();
        if (userId != null) {
            byUser.getOrDefault(userId, Set.of()).forEach(entry -> revoke(entry, event));
        } else {
            dense.forEach(entry -> revoke(entry, event));
        }
    }

    private static void applyTo(SessionEntry entry, ServerEvent event) {
        switch (event) {
            case SessionOpened opened -> entry.set(opened.session(), null);
            case SessionRestored restored -> {
                if (entry.reach(restored.number())) {
                    entry.set(restored.session(), null);
                }
            }
            case SessionRevoked revoked -> revoke(entry, revoked);
            case SessionsRevoked many -> revoke(entry, many);
            case SessionsRestored many -> {
                boolean isOver =
                        entry.state(many.at()) == SessionState.HELD
                                || entry.state(many.at()) == SessionState.REVOKED;
                if (entry.reach(many.number()) && isOver) {
                    entry.set(SessionRows.restored(entry.row()), null);
                }
            }
            default -> {}
        }
    }

    private static void revoke(SessionEntry entry, SessionsRevoked event) {
        if (entry.reach(event.number()) && entry.state(event.at()) == SessionState.LIVE) {
            entry.set(
                    SessionRows.revoked(entry.row(), event),
                    new Ending(event.nodes().size(), event.tookMicros()));
        }
    }

    private static void revoke(SessionEntry entry, SessionRevoked event) {
        SessionState state = entry.state(event.at());
        boolean ends = state == SessionState.LIVE || state == SessionState.HELD;
        if (SessionRows.isNamedBy(entry.told(), event) && entry.reach(event.number()) && ends) {
            entry.set(
                    SessionRows.revoked(entry.row(), event),
                    new Ending(event.nodes().size(), event.tookMicros()));
        }
    }

    private void used(String ref, Instant at, @Nullable String mode) {
        SessionEntry entry = byRef.get(ref);
        if (entry != null) {
            entry.used(at, mode, lifetimes);
        }
    }

    private SessionEntry put(SessionRow row) {
        SessionEntry known = byRef.get(row.ref());
        if (known != null) {
            if (!known.row().equals(row)) {
                known.set(row);
            }
            return known;
        }
        SessionEntry entry = new SessionEntry(row);
        byRef.put(row.ref(), entry);
        entry.place = dense.size();
        dense.add(entry);
        byUser.computeIfAbsent(row.userId(), any -> new LinkedHashSet<>(2)).add(entry);
        return entry;
    }

    private void forget(List<SessionEntry> entries) {
        entries.forEach(this::forget);
    }

    private void forget(SessionEntry entry) {
        if (!byRef.remove(entry.ref(), entry)) {
            return;
        }
        SessionEntry last = dense.removeLast();
        if (!last.equals(entry)) {
            dense.set(entry.place, last); // the order means nothing, so the gap is filled
            last.place = entry.place;
        }
        String userId = entry.told().userId();
        Set<SessionEntry> ofUser = byUser.get(userId);
        if (ofUser != null && ofUser.remove(entry) && ofUser.isEmpty()) {
            byUser.remove(userId);
        }
    }

    /**
     * Which of these ended so long ago that they are to be forgotten: those beyond {@link
     * #MOST_ENDED}. May run on any thread over a {@link #copy}.
     */
    static List<SessionEntry> tooLongEnded(List<SessionEntry> copy, Instant now) {
        List<Ended> ended = new ArrayList<>();
        for (SessionEntry entry : copy) {
            SessionState state = entry.state(now);
            if (state == SessionState.REVOKED || state == SessionState.EXPIRED) {
                Instant end = SessionRows.endedAt(entry.row(), now);
                ended.add(new Ended(entry, end == null ? now : end));
            }
        }
        if (ended.size() <= MOST_ENDED) {
            return List.of();
        }
        ended.sort(Comparator.comparing(Ended::at));
        return ended.subList(0, ended.size() - MOST_ENDED).stream().map(Ended::entry).toList();
    }

    /** A session with its end as it was when it was looked at; events go on changing entries. */
    private record Ended(SessionEntry entry, Instant at) {}

    /** Forgets those that have really ended; one that lives again meanwhile stays. */
    void forgetEnded(List<SessionEntry> entries, Instant now) {
        List<SessionEntry> still =
                entries.stream()
                        .filter(entry ->
                                entry.state(now) == SessionState.REVOKED
                                        || entry.state(now) == SessionState.EXPIRED)
                        .toList();
        if (!still.isEmpty()) {
            forget(still);
            changed();
        }
    }
}
