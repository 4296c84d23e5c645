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

import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyLongProperty;
import javafx.beans.property.ReadOnlyLongWrapper;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The sessions the console holds, by reference: all of the server's, or as many as {@link Most}
 * allows. Pages that are being read and events that happen meanwhile may come in any order:
 * revocations and restorations that arrive during a load are played again over the rows of later
 * pages, so that the end is the same. An event about a session that is not held changes nothing.
 */
public final class SessionsModel {
    /** What is looked at in one piece, so that nobody waits for a list to become shorter. */
    private static final int FORGOTTEN_AT_ONCE = 2_000;

    /** What somebody asked for is kept for so long, however long it was unused. */
    private static final Duration WANTED = Duration.ofMinutes(10);

    /**
     * How many are kept.
     *
     * @param live sessions that would be accepted or can be restored; of more, those unused for
     *     longest are forgotten
     * @param ended all others; of more, those that ended first are forgotten
     */
    public record Most(int live, int ended) {
        /** What fits into the console's heap: a session takes 400 to 450 bytes. */
        public static final Most USUAL = new Most(150_000, 20_000);

        /**
         * So many may come to it before some are forgotten: not each new one costs a look at all.
         */
        private int crowd() {
            return live + ended + (live + ended) / 32;
        }
    }

    private final Most most;
    private final SharedTexts texts = new SharedTexts();
    private final Map<String, SessionEntry> byRef = new HashMap<>();

    /** One session of each user; the others hang on it. */
    private final Map<String, SessionEntry> byUser = new HashMap<>();

    /** The same entries side by side: a copy of them is one move of memory, not a walk. */
    private final List<SessionEntry> dense = new ArrayList<>();

    private final ReadOnlyLongWrapper revision = new ReadOnlyLongWrapper(this, "revision", 0);

    private final ReadOnlyBooleanWrapper whole = new ReadOnlyBooleanWrapper(this, "whole", false);

    /** What is to be forgotten, as it was found by looking at all of them on another thread. */
    private final Deque<SessionEntry> surplus = new ArrayDeque<>();

    private long surplusBefore;
    private long liveHeld;
    private @Nullable SessionEntry pinned;
    private boolean hasForgottenLive;

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

    /** One that keeps as many as usual. */
    public SessionsModel() {
        this(Most.USUAL);
    }

    /** One that keeps so many. */
    public SessionsModel(Most most) {
        this.most = most;
    }

    /** How many are kept. */
    public Most most() {
        return most;
    }

    /** How many live sessions are held, as they were counted last: up to half a minute ago. */
    public long liveHeld() {
        return liveHeld;
    }

    /**
     * Whether every session that the server would accept is held, as of the last reading of them
     * all. When not, a count of what is held is a least, and what is not found here may still be
     * there.
     */
    public ReadOnlyBooleanProperty wholeProperty() {
        return whole.getReadOnlyProperty();
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

    /**
     * How many sessions of the user, of those held, would be accepted now; unless the list is
     * {@linkplain #wholeProperty whole} there may be more.
     */
    public long liveOf(String userId, Instant now) {
        return of(userId).stream().filter(entry -> entry.state(now) == SessionState.LIVE).count();
    }

    private List<SessionEntry> of(String userId) {
        List<SessionEntry> all = new ArrayList<>();
        for (SessionEntry next = byUser.get(userId); next != null; next = next.nextOfUser) {
            all.add(next);
        }
        return all;
    }

    /** The live sessions of a user among those held, the last used first. */
    public List<SessionEntry> liveEntriesOf(String userId, Instant now) {
        return of(userId).stream()
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
        surplus.clear();
        hasForgottenLive = false;
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

    /**
     * The pages were read: what none of them held, and no event opened, is forgotten.
     *
     * @param all whether they were all there are; when not, what is forgotten may still be there
     */
    void endLoad(boolean all) {
        if (load != null) {
            Set<String> known = load.found;
            known.addAll(load.byRef.keySet());
            if (!all && pinned != null) {
                known.add(pinned.ref()); // somebody looks at it, and reads it again alone
            }
            dense.stream()
                    .filter(entry -> !known.contains(entry.ref()))
                    .toList()
                    .forEach(this::forget);
            load = null;
            whole.set(all && !hasForgottenLive);
            changed();
        }
    }

    /** A load ended early; what was held stays, and whether that is all is not known. */
    void abandonLoad() {
        if (load != null) {
            load = null;
            whole.set(false);
        }
    }

    /** Rows that were just read again because somebody wants them. */
    void read(List<SessionRow> rows, Instant now) {
        for (SessionRow row : rows) {
            put(row).wantUntil(now.plus(WANTED));
        }
        changed();
    }

    /**
     * This one is looked at: it stays for as long as it is, and is known again as the same when it
     * is read; null when none is.
     */
    public void pin(@Nullable SessionEntry entry) {
        pinned = entry;
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
                    seen.lastSeen()
                            .forEach((ref, at) ->
                                    used(ref, at, texts.orNull(seen.modes().get(ref))));
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
            of(userId).forEach(entry -> revoke(entry, event));
        } else {
            dense.forEach(entry -> revoke(entry, event));
        }
    }

    private void applyTo(SessionEntry entry, ServerEvent event) {
        switch (event) {
            case SessionOpened opened -> entry.set(texts.of(opened.session()), null);
            case SessionRestored restored -> {
                if (entry.reach(restored.number())) {
                    entry.set(texts.of(restored.session()), null);
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

    private void revoke(SessionEntry entry, SessionsRevoked event) {
        if (entry.reach(event.number()) && entry.state(event.at()) == SessionState.LIVE) {
            entry.set(
                    texts.of(SessionRows.revoked(entry.row(), event)),
                    new Ending(event.nodes().size(), event.tookMicros()));
        }
    }

    private void revoke(SessionEntry entry, SessionRevoked event) {
        SessionState state = entry.state(event.at());
        boolean ends = state == SessionState.LIVE || state == SessionState.HELD;
        if (SessionRows.isNamedBy(entry.told(), event) && entry.reach(event.number()) && ends) {
            entry.set(
                    texts.of(SessionRows.revoked(entry.row(), event)),
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
                known.set(texts.of(row, known.told()));
            }
            return known;
        }
        SessionEntry sibling = byUser.get(row.userId());
        SessionRow shared = sibling == null ? texts.of(row) : texts.of(row, sibling.told());
        SessionEntry entry = adopted(shared);
        byRef.put(entry.ref(), entry);
        entry.place = dense.size();
        dense.add(entry);
        entry.nextOfUser = sibling;
        if (sibling != null) {
            sibling.previousOfUser = entry;
        }
        byUser.put(shared.userId(), entry);
        return entry;
    }

    private SessionEntry adopted(SessionRow row) {
        SessionEntry looked = pinned;
        if (looked != null && looked.ref().equals(row.ref())) {
            looked.forgotten(false);
            looked.set(row);
            return looked;
        }
        return new SessionEntry(row);
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
        entry.forgotten(true);
        SessionEntry next = entry.nextOfUser;
        SessionEntry previous = entry.previousOfUser;
        if (next != null) {
            next.previousOfUser = previous;
        }
        if (previous != null) {
            previous.nextOfUser = next;
        } else if (next != null) {
            byUser.put(entry.told().userId(), next);
        } else {
            byUser.remove(entry.told().userId());
        }
        entry.nextOfUser = null;
        entry.previousOfUser = null;
    }

    /** Whether so many are held that some are to be forgotten soon. */
    boolean isCrowded() {
        return surplus.isEmpty() && size() > most.crowd();
    }

    /**
     * Which are to be forgotten.
     *
     * @param entries those that ended first, and those unused for longest
     * @param before one of them that lives is spared when it was used since then, in {@link
     *     EpochNanos}
     * @param live how many would be accepted or can be restored, of all that were looked at
     */
    record Surplus(List<SessionEntry> entries, long before, long live) {}

    /** Finds what is beyond {@link Most}. May run on any thread over a {@link #copy}. */
    Surplus surplus(List<SessionEntry> copy, Instant now) {
        long over = copy.stream().filter(entry -> isOver(entry.state(now))).count();
        if (over <= most.ended() && copy.size() - over <= most.live()) {
            return new Surplus(List.of(), Long.MIN_VALUE, copy.size() - over);
        }
        List<Aged> live = new ArrayList<>();
        List<Aged> ended = new ArrayList<>();
        for (SessionEntry entry : copy) {
            if (isOver(entry.state(now))) {
                Instant end = SessionRows.endedAt(entry.row(), now);
                ended.add(new Aged(entry, EpochNanos.of(end == null ? now : end)));
            } else {
                live.add(new Aged(entry, entry.recency()));
            }
        }
        List<SessionEntry> entries = new ArrayList<>();
        oldest(ended, most.ended()).forEach(aged -> entries.add(aged.entry()));
        List<Aged> unused = oldest(live, most.live());
        unused.forEach(aged -> entries.add(aged.entry()));
        long before = unused.isEmpty() ? Long.MIN_VALUE : unused.getLast().nanos();
        return new Surplus(entries, before, copy.size() - over - unused.size());
    }

    /** A session with its age as it was when it was looked at; events go on changing entries. */
    private record Aged(SessionEntry entry, long nanos) {}

    private static List<Aged> oldest(List<Aged> all, int kept) {
        if (all.size() <= kept) {
            return List.of();
        }
        all.sort(Comparator.comparingLong(Aged::nanos));
        return all.subList(0, all.size() - kept);
    }

    private static boolean isOver(SessionState state) {
        return state == SessionState.REVOKED || state == SessionState.EXPIRED;
    }

    /** What was found is forgotten from now on, piece by piece, by {@link #forgetSome}. */
    void forgetSoon(Surplus found) {
        surplus.clear();
        surplus.addAll(found.entries());
        surplusBefore = found.before();
        liveHeld = found.live();
    }

    /**
     * Forgets some of what is to be forgotten. An ended session that lives again meanwhile stays,
     * and so does one that was used.
     */
    void forgetSome(Instant now) {
        boolean some = false;
        for (int i = 0; i < FORGOTTEN_AT_ONCE && !surplus.isEmpty(); i++) {
            SessionEntry entry = surplus.remove();
            boolean isOver = isOver(entry.state(now));
            boolean stays = !isOver && entry.recency() > surplusBefore;
            if (!stays && !entry.equals(pinned)) {
                forget(entry);
                some = true;
                hasForgottenLive |= !isOver;
            }
        }
        if (some) {
            if (hasForgottenLive && load == null) {
                whole.set(false);
            }
            changed();
        }
    }
}
