package drawbridge.server.admin;

import drawbridge.model.SessionRef;
import drawbridge.model.filter.SessionFilter;
import drawbridge.model.view.ConfigEntry;
import drawbridge.model.view.History;
import drawbridge.model.view.Page;
import drawbridge.model.view.ServerInfo;
import drawbridge.model.view.ServerSnapshot;
import drawbridge.model.view.SessionDetail;
import drawbridge.model.view.SessionRow;
import drawbridge.model.view.TiersView;
import drawbridge.model.view.TimelineEntry;
import drawbridge.server.account.DatabaseAccountStore;
import drawbridge.server.audit.AuditEntry;
import drawbridge.server.audit.DatabaseAuditLog;
import drawbridge.server.bridge.SessionTrail;
import drawbridge.server.event.EventHub;
import drawbridge.server.metrics.Meters;
import drawbridge.server.session.DatabaseSessionStore;
import drawbridge.server.session.DatabaseSessionStore.Listed;
import drawbridge.server.session.DatabaseSessionStore.Position;
import drawbridge.server.session.Session;
import drawbridge.server.session.Sessions;
import drawbridge.server.storage.Times;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Reads the server for an administrator: the whole, the list of sessions, one session. Safe for
 * many threads.
 */
public final class Supervision {
    private static final int TIMELINE = 200;
    private static final int OTHERS = 50;

    /** Where the figures come from. */
    public record Sources(
            EventHub events,
            Meters meters,
            Sessions sessions,
            DatabaseSessionStore store,
            DatabaseAccountStore accounts,
            DatabaseAuditLog audit,
            SessionTrail trail,
            TierSurvey tiers) {}

    private final Sources from;
    private final Supplier<ServerInfo> info;
    private final LongSupplier liveSessions;
    private final List<ConfigEntry> configuration;
    private final Clock clock;

    /**
     * @param info known once the listeners are up
     * @param liveSessions sessions that would be accepted now, without asking the database
     */
    public Supervision(
            Sources from,
            Supplier<ServerInfo> info,
            LongSupplier liveSessions,
            List<ConfigEntry> configuration,
            Clock clock) {
        this.from = from;
        this.info = info;
        this.liveSessions = liveSessions;
        this.configuration = List.copyOf(configuration);
        this.clock = clock;
    }

    /** The server as a whole. Its number was taken first, so that no event is missed behind it. */
    public ServerSnapshot snapshot() {
        long seq = from.events().last();
        return new ServerSnapshot(
                seq,
                clock.instant(),
                info.get(),
                liveSessions.getAsLong(),
                from.accounts().count(),
                from.meters().totals(),
                from.meters().recent(),
                tiers());
    }

    /** The minutes of that long ago until now, as far as they are kept. */
    public History history(Duration span) {
        Instant now = clock.instant();
        return new History(now, from.meters().day().since(now.minus(span)));
    }

    /** What sessions are served from. */
    public TiersView tiers() {
        return from.tiers().now();
    }

    /** The settings in effect. */
    public List<ConfigEntry> configuration() {
        return configuration;
    }

    /** All meters in the text form of Prometheus. */
    public String prometheus() {
        return from.meters().prometheus();
    }

    /**
     * One page of sessions, newest first.
     *
     * @param after the cursor of the page before; null for the first page
     * @return empty when the cursor is none of ours
     */
    public Optional<Page<SessionRow>> sessions(
            SessionFilter filter, int limit, @Nullable String after) {
        Position position = null;
        if (after != null) {
            Optional<Position> read = readCursor(after);
            if (read.isEmpty()) {
                return Optional.empty();
            }
            position = read.get();
        }
        Instant now = clock.instant();
        Listed listed = from.store().list(filter, limit, position, now);
        List<SessionRow> rows =
                listed.sessions().stream().map(s -> from.sessions().row(s, now)).toList();
        String next = listed.sessions().size() < limit ? null : cursor(listed.sessions().getLast());
        return Optional.of(new Page<>(rows, next, listed.total()));
    }

    private static String cursor(Session last) {
        String text = Times.micros(last.createdAt()) + " " + last.ref();
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static Optional<Position> readCursor(String cursor) {
        try {
            String text =
                    new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.US_ASCII);
            String[] parts = text.split(" ", 2);
            if (parts.length != 2) {
                return Optional.empty();
            }
            Instant at = Times.instant(Long.parseLong(parts[0]));
            return SessionRef.parse(parts[1]).map(ref -> new Position(at, ref));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The facts of a session; empty when there is none with that reference. */
    public Optional<Session> find(SessionRef ref) {
        return from.store().find(ref);
    }

    /** All that may be known of a session; empty when there is none with that reference. */
    public Optional<SessionDetail> session(SessionRef ref) {
        return from.store().find(ref).map(this::detail);
    }

    private SessionDetail detail(Session session) {
        Instant now = clock.instant();
        List<SessionRow> others =
                from.store().notEndedOf(session.tenant(), session.user().id(), OTHERS * 2).stream()
                        .filter(other -> !other.key().equals(session.key()))
                        .map(other -> from.sessions().row(other, now))
                        .filter(row -> row.state().equals("live"))
                        .limit(OTHERS)
                        .toList();
        return new SessionDetail(
                from.sessions().row(session, now),
                (session.user().name() + " " + session.user().lastName()).strip(),
                session.user().userType(),
                timeline(session),
                others);
    }

    /**
     * Audited actions and remembered validations in one list; a refusal that stands in both is
     * shown once.
     */
    private List<TimelineEntry> timeline(Session session) {
        List<TimelineEntry> remembered = from.trail().of(session.ref().value());
        List<TimelineEntry> entries = new ArrayList<>(remembered);
        for (AuditEntry audited :
                from.audit().about(session.tenant(), session.ref().value(), TIMELINE)) {
            TimelineEntry entry = entry(audited);
            boolean known =
                    entry.kind().equals("refused")
                            && remembered.stream()
                                    .anyMatch(r -> r.at().equals(entry.at()) && same(r, entry));
            if (!known) {
                entries.add(entry);
            }
        }
        entries.sort(Comparator.comparing(TimelineEntry::at).reversed());
        return entries.size() > TIMELINE ? entries.subList(0, TIMELINE) : entries;
    }

    private static boolean same(TimelineEntry one, TimelineEntry other) {
        String id = one.requestId();
        return id != null && id.equals(other.requestId());
    }

    private static TimelineEntry entry(AuditEntry audited) {
        String kind =
                switch (audited.kind()) {
                    case "session.opened" -> "opened";
                    case "session.revoked" -> "revoked";
                    case "session.refreshed" -> "refreshed";
                    case "session.restored" -> "restored";
                    case "validation.refused" -> "refused";
                    default -> audited.kind();
                };
        String actor = audited.actor();
        return new TimelineEntry(
                audited.at(),
                kind,
                actor.startsWith("caller:") ? actor.substring(7) : actor,
                audited.ip() == null ? null : audited.ip().toString(),
                audited.agent(),
                audited.route(),
                audited.mode(),
                null,
                audited.reason(),
                audited.signal(),
                audited.requestId());
    }
}
