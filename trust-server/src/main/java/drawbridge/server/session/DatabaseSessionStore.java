package drawbridge.server.session;

import drawbridge.model.DeviceEvidence;
import drawbridge.model.IpAddress;
import drawbridge.model.SessionId;
import drawbridge.model.SessionRef;
import drawbridge.model.TenantId;
import drawbridge.model.UserId;
import drawbridge.model.ValidationMode;
import drawbridge.model.filter.SessionFilter;
import drawbridge.server.session.Renewal.Replaced;
import drawbridge.server.session.Session.Ended;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.DataScope.Why;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.Times;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Sessions in the database. Safe for many threads. */
public final class DatabaseSessionStore implements SessionStore {
    private static final String FROM =
            """
             FROM session s
             JOIN user_account u ON u.id = s.user_id AND u.tenant_id = s.tenant_id
             JOIN tenant t ON t.id = s.tenant_id
             JOIN server_state st ON st.id = 1
            """;

    private static final String SELECT =
            """
            SELECT s.*, %3$s, %1$s AS floor,
                   r.at AS floor_at, r.reason AS floor_reason, r.actor AS floor_actor
            %2$s
            LEFT JOIN revocation_log r
                ON s.ended_at IS NULL AND %1$s > s.opened_number AND r.number = %1$s
                AND (r.tenant_id = s.tenant_id OR r.tenant_id IS NULL)
            """
                    .formatted(SessionQuery.FLOOR, FROM, DatabaseUserFacts.COLUMNS);

    private static final RowMapper<Session> MAPPER = (row, context) -> session(row);

    private static final String SELECT_PLACE = "SELECT s.ref, s.tenant_id, s.created_at " + FROM;

    /** Counting without a bound. */
    private static final long ALL = Long.MAX_VALUE;

    private static final RowMapper<Place> PLACE =
            (row, context) ->
                    new Place(
                            new TenantId(row.getString("tenant_id")),
                            new Position(
                                    Times.instant(row.getLong("created_at")),
                                    new SessionRef(row.getString("ref"))));

    private final Database database;

    public DatabaseSessionStore(Database database) {
        this.database = database;
    }

    @Override
    public Optional<Session> find(SessionKey key) {
        return database.read(
                DataScope.of(key.tenant()), "finding a session", handle -> find(handle, key));
    }

    /** The same, inside a transaction; also by an id that was replaced, and then it says so. */
    Optional<Session> find(Handle handle, SessionKey key) {
        return handle.createQuery(SELECT + " WHERE s.id = :id AND s.tenant_id = :tenant")
                .bind("id", key.id().bytes())
                .bind("tenant", key.tenant().value())
                .map(MAPPER)
                .findOne()
                .or(() -> findReplaced(handle, key));
    }

    private record OldId(SessionRef ref, Replaced replaced) {}

    private Optional<Session> findReplaced(Handle handle, SessionKey key) {
        return handle.createQuery(
                        "SELECT ref, replaced_at, grace_end FROM session_replaced"
                                + " WHERE id = :id AND tenant_id = :tenant")
                .bind("id", key.id().bytes())
                .bind("tenant", key.tenant().value())
                .map((row, context) ->
                        new OldId(
                                new SessionRef(row.getString("ref")),
                                new Replaced(
                                        Times.instant(row.getLong("replaced_at")),
                                        Times.instant(row.getLong("grace_end")))))
                .findOne()
                .flatMap(old ->
                        find(handle, key.tenant(), old.ref())
                                .map(s -> s.foundBy(key, old.replaced())));
    }

    /** The session with that reference, inside a transaction. */
    Optional<Session> find(Handle handle, TenantId tenant, SessionRef ref) {
        return handle.createQuery(SELECT + " WHERE s.ref = :ref AND s.tenant_id = :tenant")
                .bind("ref", ref.value())
                .bind("tenant", tenant.value())
                .map(MAPPER)
                .findOne();
    }

    /** The session with that reference, whosesoever it is. */
    public Optional<Session> find(SessionRef ref) {
        return tenantOf(ref)
                .flatMap(tenant ->
                        database.read(
                                DataScope.of(tenant),
                                "finding a session by reference",
                                handle -> find(handle, tenant, ref)));
    }

    /** Whose the session with that reference is. */
    Optional<TenantId> tenantOf(SessionRef ref) {
        return database.read(
                DataScope.server(Why.LOOKUP),
                "finding a session's tenant",
                handle ->
                        handle.createQuery("SELECT tenant_id FROM session WHERE ref = :ref")
                                .bind("ref", ref.value())
                                .mapTo(String.class)
                                .findOne()
                                .map(TenantId::new));
    }

    /** Whose the account with that id is, also one that was deleted. */
    Optional<TenantId> tenantOf(UserId user) {
        return database.read(
                DataScope.server(Why.LOOKUP),
                "finding a user's tenant",
                handle ->
                        handle.createQuery("SELECT tenant_id FROM user_account WHERE id = :user")
                                .bind("user", user.value())
                                .mapTo(String.class)
                                .findOne()
                                .map(TenantId::new));
    }

    /**
     * A session that was not ended by itself.
     *
     * @param seenMicros when it was last seen, in microseconds since 1970
     */
    record Active(SessionId id, long seenMicros) {}

    /**
     * A page of the sessions that were not ended one by one, in the order of their ids; some of
     * them may be over for other reasons.
     *
     * @param after the last session of the page before; null for the first page
     */
    List<Active> active(@Nullable SessionId after, int limit) {
        return database.read(
                DataScope.server(Why.UPKEEP),
                "finding the latest sessions",
                handle ->
                        handle.createQuery(
                                        "SELECT id, last_seen_at FROM session"
                                                + " WHERE ended_at IS NULL AND id > :after"
                                                + " ORDER BY id LIMIT :limit")
                                .bind("after", after == null ? new byte[0] : after.bytes())
                                .bind("limit", limit)
                                .map((row, context) ->
                                        new Active(
                                                SessionId.ofHash(row.getBytes("id")),
                                                row.getLong("last_seen_at")))
                                .list());
    }

    /** The sessions with those ids, whosesoever they are, in no order. */
    List<Session> findAll(Collection<SessionId> ids) {
        return database.read(
                DataScope.server(Why.UPKEEP),
                "reading the latest sessions",
                handle ->
                        handle.createQuery(SELECT + " WHERE s.id IN (<ids>)")
                                .bindList("ids", ids.stream().map(SessionId::bytes).toList())
                                .map(MAPPER)
                                .list());
    }

    /** A user's sessions that are not ended by anything but time, newest first. */
    public List<Session> notEndedOf(TenantId tenant, UserId user, int limit) {
        return database.read(
                DataScope.of(tenant),
                "listing a user's sessions",
                handle ->
                        handle.createQuery(
                                        SELECT
                                                + " WHERE s.tenant_id = :tenant AND s.user_id = :user"
                                                + " AND s.ended_at IS NULL AND s.opened_number >= "
                                                + SessionQuery.FLOOR
                                                + " ORDER BY s.created_at DESC LIMIT :limit")
                                .bind("tenant", tenant.value())
                                .bind("user", user.value())
                                .bind("limit", limit)
                                .map(MAPPER)
                                .list());
    }

    /** Adds a session, in a transaction; its number is that of the revocation log now. */
    void insert(Handle handle, Session session) {
        Signals recorded = session.recorded();
        IpAddress ip = recorded.ip();
        DeviceHash device = recorded.device();
        DeviceHash cookie = recorded.cookie();
        handle.createUpdate(
                        """
                        INSERT INTO session (id, ref, tenant_id, user_id, opened_number, ip, ip_bytes,
                            device_hash, device_evidence, agent, level, created_at, absolute_end,
                            idle_micros, last_seen_at, device_cookie_hash, lifetime_micros, renewable_until)
                        VALUES (:id, :ref, :tenant, :user, :opened, :ip, :ipBytes, :device, :evidence, :agent,
                            :level, :created, :absolute, :idle, :seen, :cookie, :lifetime, :renewable)
                        """)
                .bind("id", session.key().id().bytes())
                .bind("ref", session.ref().value())
                .bind("tenant", session.tenant().value())
                .bind("user", session.user().id().value())
                .bind("opened", session.openedNumber())
                .bind("ip", ip == null ? null : ip.toString())
                .bind("ipBytes", ip == null ? null : ip.bytes())
                .bind("device", device == null ? null : device.bytes())
                .bind("evidence", recorded.evidence().map(DeviceEvidence::wireName).orElse(null))
                .bind("agent", recorded.agent())
                .bind("level", session.fullyLoggedIn() ? "full" : "pending")
                .bind("created", Times.micros(session.createdAt()))
                .bind("absolute", Times.micros(session.absoluteEnd()))
                .bind("idle", session.idle().toNanos() / 1000)
                .bind("seen", Times.micros(session.lastSeenAt()))
                .bind("cookie", cookie == null ? null : cookie.bytes())
                .bind("lifetime", session.renewal().lifetime().toNanos() / 1000)
                .bind("renewable", Times.micros(session.renewal().until()))
                .execute();
    }

    /**
     * Puts a new id in the place of the old one, in a transaction.
     *
     * @param old the session under its newest id
     * @param successor the new id's secret, sealed so that only the old one opens it
     * @return false when the old id is not the newest any more, and nothing was changed
     */
    boolean replace(Handle handle, Session old, Session renewed, byte[] successor, Duration grace) {
        ValidationMode strictest = renewed.strictest();
        int changed =
                handle.createUpdate(
                                """
                                UPDATE session SET id = :fresh, absolute_end = :end, last_seen_at = :now,
                                    strictest_mode = :strictest
                                WHERE id = :old AND tenant_id = :tenant AND ended_at IS NULL
                                """)
                        .bind("fresh", renewed.key().id().bytes())
                        .bind("end", Times.micros(renewed.absoluteEnd()))
                        .bind("now", Times.micros(renewed.lastSeenAt()))
                        .bind("strictest", strictest == null ? null : strictest.name())
                        .bind("old", old.key().id().bytes())
                        .bind("tenant", old.tenant().value())
                        .execute();
        if (changed == 0) {
            return false;
        }
        handle.createUpdate(
                        """
                        INSERT INTO session_replaced (id, tenant_id, ref, replaced_at, grace_end, successor)
                        VALUES (:id, :tenant, :ref, :now, :graceEnd, :successor)
                        """)
                .bind("id", old.key().id().bytes())
                .bind("tenant", old.tenant().value())
                .bind("ref", old.ref().value())
                .bind("now", Times.micros(renewed.lastSeenAt()))
                .bind("graceEnd", Times.micros(renewed.lastSeenAt().plus(grace)))
                .bind("successor", successor)
                .execute();
        return true;
    }

    /** The sealed successor of a replaced id; empty when it is not kept any more. */
    Optional<byte[]> successor(Handle handle, SessionKey old) {
        return handle.createQuery(
                        "SELECT successor FROM session_replaced WHERE id = :id"
                                + " AND tenant_id = :tenant AND successor IS NOT NULL")
                .bind("id", old.id().bytes())
                .bind("tenant", old.tenant().value())
                .mapTo(byte[].class)
                .findOne();
    }

    /**
     * Forgets some of the successors that nobody may have any more.
     *
     * @param most so many at once
     * @return how many; fewer than that when there are no more
     */
    public int forgetSuccessors(Instant now, int most) {
        return database.write(
                DataScope.server(Why.UPKEEP),
                "forgetting successors",
                handle ->
                        handle.createUpdate(
                                        """
                                        UPDATE session_replaced SET successor = NULL WHERE id IN (
                                            SELECT id FROM session_replaced
                                            WHERE grace_end <= :now AND successor IS NOT NULL
                                            LIMIT :most)
                                        """)
                                .bind("now", Times.micros(now))
                                .bind("most", most)
                                .execute());
    }

    /** The keys under which a session may still be accepted, its newest last; in a transaction. */
    List<SessionKey> keysOf(Handle handle, Session session, Instant now) {
        return handle.createQuery(
                        """
                        SELECT id, 1 AS place FROM session_replaced
                        WHERE ref = :ref AND tenant_id = :tenant AND grace_end > :now
                        UNION ALL
                        SELECT id, 2 AS place FROM session WHERE ref = :ref AND tenant_id = :tenant
                        ORDER BY place
                        """)
                .bind("ref", session.ref().value())
                .bind("tenant", session.tenant().value())
                .bind("now", Times.micros(now))
                .map((row, context) ->
                        new SessionKey(session.tenant(), SessionId.ofHash(row.getBytes("id"))))
                .list();
    }

    /** A user's sessions that are not ended for good but by time, in a transaction. */
    List<Session> notEndedOf(Handle handle, TenantId tenant, UserId user, Instant now) {
        return handle.createQuery(
                        SELECT
                                + " WHERE s.tenant_id = :tenant AND s.user_id = :user"
                                + " AND (s.ended_at IS NULL OR s.undo_until > :now)"
                                + " AND s.opened_number >= "
                                + SessionQuery.FLOOR)
                .bind("tenant", tenant.value())
                .bind("user", user.value())
                .bind("now", Times.micros(now))
                .map(MAPPER)
                .list();
    }

    /**
     * Counts a mismatch where the tenant has a limit, in a transaction.
     *
     * @return whether the limit is reached
     */
    boolean mismatched(Handle handle, TenantId tenant, SessionRef ref) {
        return handle.createQuery(
                        """
                        UPDATE session SET mismatches = mismatches + 1
                        WHERE ref = :ref AND tenant_id = :tenant
                          AND (SELECT mismatch_limit FROM tenant WHERE id = :tenant) IS NOT NULL
                        RETURNING mismatches >= (SELECT mismatch_limit FROM tenant WHERE id = :tenant)
                        """)
                .bind("ref", ref.value())
                .bind("tenant", tenant.value())
                .mapTo(boolean.class)
                .findOne()
                .orElse(false);
    }

    /** Whether any tenant ends sessions after mismatches. */
    boolean anyMismatchLimit() {
        return database.read(
                DataScope.server(Why.UPKEEP),
                "reading the tenants' mismatch limits",
                handle ->
                        handle.createQuery(
                                        "SELECT EXISTS (SELECT 1 FROM tenant WHERE mismatch_limit > 0)")
                                .mapTo(boolean.class)
                                .one());
    }

    /** Marks a session as ended, in a transaction. */
    void end(Handle handle, Session session, Ended ended) {
        Instant undoUntil = ended.undoUntil();
        handle.createUpdate(
                        """
                        UPDATE session SET ended_at = :at, end_number = :number, end_reason = :reason,
                            ended_by = :by, undo_until = :undo
                        WHERE ref = :ref AND tenant_id = :tenant
                        """)
                .bind("at", Times.micros(ended.at()))
                .bind("number", ended.number())
                .bind("reason", ended.reason())
                .bind("by", ended.by())
                .bind("undo", undoUntil == null ? null : Times.micros(undoUntil))
                .bind("ref", session.ref().value())
                .bind("tenant", session.tenant().value())
                .execute();
        // Whatever becomes of the session, its older ids had their time.
        handle.createUpdate(
                        "UPDATE session_replaced SET grace_end = <least>(grace_end, :at), successor = NULL"
                                + " WHERE ref = :ref AND tenant_id = :tenant")
                .bind("at", Times.micros(ended.at()))
                .bind("ref", session.ref().value())
                .bind("tenant", session.tenant().value())
                .execute();
    }

    /**
     * Takes the end of a held session back, in a transaction.
     *
     * @return false when it was not held at that instant, and nothing was changed
     */
    boolean restore(Handle handle, SessionKey key, Instant now) {
        int changed =
                handle.createUpdate(
                                """
                                UPDATE session SET ended_at = NULL, end_number = NULL, end_reason = NULL,
                                    ended_by = NULL, undo_until = NULL
                                WHERE id = :id AND tenant_id = :tenant AND undo_until > :now
                                """)
                        .bind("id", key.id().bytes())
                        .bind("tenant", key.tenant().value())
                        .bind("now", Times.micros(now))
                        .execute();
        return changed == 1;
    }

    /** How many sessions of a user would be accepted at that instant, in a transaction. */
    long countLive(Handle handle, TenantId tenant, UserId user, Instant now) {
        return countLive(
                handle,
                "s.tenant_id = :tenant AND s.user_id = :user",
                Map.of("tenant", tenant.value(), "user", user.value()),
                now,
                ALL);
    }

    /**
     * How many sessions of each of those users would be accepted at that instant, in a transaction.
     *
     * @return by the user's id; who has none is not in it
     */
    public static Map<String, Long> countLive(
            Handle handle, Collection<String> users, Instant now) {
        if (users.isEmpty()) {
            return Map.of();
        }
        return handle.createQuery(
                        "SELECT s.user_id, count(*) "
                                + FROM
                                + " WHERE s.user_id IN (<users>) AND "
                                + SessionQuery.LIVE
                                + " GROUP BY s.user_id")
                .bindList("users", List.copyOf(users))
                .bind("now", Times.micros(now))
                .map((row, context) -> Map.entry(row.getString(1), row.getLong(2)))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** How many sessions of a tenant would be accepted at that instant, in a transaction. */
    public static long countLive(Handle handle, TenantId tenant, Instant now) {
        return countLive(handle, tenant, now, ALL);
    }

    /** The same, counting no further than to that many. */
    public static long countLive(Handle handle, TenantId tenant, Instant now, long most) {
        return countLive(
                handle, "s.tenant_id = :tenant", Map.of("tenant", tenant.value()), now, most);
    }

    /** How many sessions would be accepted at that instant, as far as the database knows. */
    public long countLive(Instant now) {
        return database.read(
                DataScope.server(Why.OPERATOR),
                "counting live sessions",
                handle -> countLive(handle, now, ALL));
    }

    /** The same, in a transaction, counting no further than to that many. */
    static long countLive(Handle handle, Instant now, long most) {
        return countLive(handle, "1 = 1", Map.of(), now, most);
    }

    private static long countLive(
            Handle handle, String whose, Map<String, String> values, Instant now, long most) {
        String live = FROM + " WHERE " + whose + " AND " + SessionQuery.LIVE;
        Query query =
                most == ALL
                        ? handle.createQuery("SELECT count(*) " + live)
                        : handle.createQuery(
                                        "SELECT count(*) FROM (SELECT 1 "
                                                + live
                                                + " LIMIT :most) counted")
                                .bind("most", most);
        return query.bindMap(values).bind("now", Times.micros(now)).mapTo(long.class).one();
    }

    /**
     * One page of sessions, newest first, and how many match in all.
     *
     * @param after the last session of the page before; null for the first page
     */
    public Listed list(SessionFilter filter, int limit, @Nullable Position after, Instant now) {
        SessionQuery where = SessionQuery.of(filter, now);
        return database.read(
                DataScope.server(Why.OPERATOR),
                "listing sessions",
                handle -> {
                    String count =
                            where.isEmpty()
                                    ? "SELECT count(*) FROM session s"
                                    : "SELECT count(*) " + FROM + " WHERE " + where.sql();
                    long total = where.bind(handle.createQuery(count)).mapTo(long.class).one();
                    return new Listed(page(handle, where, limit, after), total);
                });
    }

    /** One page of sessions, newest first, when nobody asks how many there are. */
    List<Session> page(SessionFilter filter, int limit, @Nullable Position after, Instant now) {
        SessionQuery where = SessionQuery.of(filter, now);
        return database.read(
                DataScope.server(Why.OPERATOR),
                "listing sessions",
                handle -> page(handle, where, limit, after));
    }

    private static List<Session> page(
            Handle handle, SessionQuery where, int limit, @Nullable Position after) {
        return page(handle, SELECT, where, limit, after).map(MAPPER).list();
    }

    /** Newest first, of what is selected. */
    private static Query page(
            Handle handle, String select, SessionQuery where, int limit, @Nullable Position after) {
        String page =
                select
                        + " WHERE "
                        + (where.isEmpty() ? "1 = 1" : where.sql())
                        + (after == null
                                ? ""
                                : " AND (s.created_at, s.ref) < (:afterAt, :afterRef)")
                        + " ORDER BY s.created_at DESC, s.ref DESC LIMIT :limit";
        Query query = where.bind(handle.createQuery(page)).bind("limit", limit);
        if (after != null) {
            query.bind("afterAt", Times.micros(after.createdAt()))
                    .bind("afterRef", after.ref().value());
        }
        return query;
    }

    /** Which session it is, whose, and where it stands in the list. */
    record Place(TenantId tenant, Position position) {}

    /** One page of the places of sessions, newest first. */
    List<Place> places(SessionFilter filter, int limit, @Nullable Position after, Instant now) {
        SessionQuery where = SessionQuery.of(filter, now);
        return database.read(
                DataScope.server(Why.OPERATOR),
                "finding sessions to revoke",
                handle -> page(handle, SELECT_PLACE, where, limit, after).map(PLACE).list());
    }

    /** The places of those sessions that would be accepted at that instant, in no order. */
    List<Place> placesOf(Collection<SessionRef> refs, Instant now) {
        return database.read(
                DataScope.server(Why.OPERATOR),
                "finding sessions to revoke",
                handle ->
                        handle.createQuery(
                                        SELECT_PLACE
                                                + " WHERE s.ref IN (<refs>) AND "
                                                + SessionQuery.LIVE)
                                .bindList("refs", texts(refs))
                                .bind("now", Times.micros(now))
                                .map(PLACE)
                                .list());
    }

    private static List<String> texts(Collection<SessionRef> refs) {
        return refs.stream().map(SessionRef::value).toList();
    }

    /** How many sessions match at that instant. */
    long count(SessionFilter filter, Instant now) {
        return list(filter, 1, null, now).total();
    }

    /** The sessions with those references, in a transaction and in no order. */
    List<Session> find(Handle handle, TenantId tenant, Collection<SessionRef> refs) {
        return handle.createQuery(SELECT + " WHERE s.ref IN (<refs>) AND s.tenant_id = :tenant")
                .bindList("refs", texts(refs))
                .bind("tenant", tenant.value())
                .map(MAPPER)
                .list();
    }

    /**
     * Replaced ids of those sessions that may still be accepted, by reference; in a transaction.
     */
    Map<SessionRef, List<SessionKey>> replacedKeys(
            Handle handle, TenantId tenant, Collection<SessionRef> refs, Instant now) {
        Map<SessionRef, List<SessionKey>> keys = new HashMap<>();
        handle.createQuery(
                        "SELECT ref, id FROM session_replaced WHERE ref IN (<refs>)"
                                + " AND tenant_id = :tenant AND grace_end > :now")
                .bindList("refs", texts(refs))
                .bind("tenant", tenant.value())
                .bind("now", Times.micros(now))
                .map((row, context) ->
                        Map.entry(
                                new SessionRef(row.getString("ref")),
                                new SessionKey(tenant, SessionId.ofHash(row.getBytes("id")))))
                .forEach(found ->
                        keys.computeIfAbsent(found.getKey(), _ -> new ArrayList<>())
                                .add(found.getValue()));
        return keys;
    }

    /** Marks many sessions of a tenant as ended, in a transaction. */
    void end(Handle handle, TenantId tenant, Map<SessionRef, Ended> ends, Instant at) {
        PreparedBatch rows =
                handle.prepareBatch(
                        """
                        UPDATE session SET ended_at = :at, end_number = :number, end_reason = :reason,
                            ended_by = :by, undo_until = :undo
                        WHERE ref = :ref AND tenant_id = :tenant
                        """);
        ends.forEach((ref, ended) -> {
            Instant undoUntil = ended.undoUntil();
            rows.bind("at", Times.micros(ended.at()))
                    .bind("number", ended.number())
                    .bind("reason", ended.reason())
                    .bind("by", ended.by())
                    .bind("undo", undoUntil == null ? null : Times.micros(undoUntil))
                    .bind("ref", ref.value())
                    .bind("tenant", tenant.value())
                    .add();
        });
        rows.execute();
        handle.createUpdate(
                        "UPDATE session_replaced SET grace_end = <least>(grace_end, :at), successor = NULL"
                                + " WHERE ref IN (<refs>) AND tenant_id = :tenant")
                .bindList("refs", texts(ends.keySet()))
                .bind("at", Times.micros(at))
                .bind("tenant", tenant.value())
                .execute();
    }

    /** Takes the ends of many held sessions of a tenant back, in a transaction. */
    void restore(Handle handle, TenantId tenant, Collection<SessionRef> refs) {
        handle.createUpdate(
                        """
                        UPDATE session SET ended_at = NULL, end_number = NULL, end_reason = NULL,
                            ended_by = NULL, undo_until = NULL
                        WHERE ref IN (<refs>) AND tenant_id = :tenant AND undo_until IS NOT NULL
                        """)
                .bindList("refs", texts(refs))
                .bind("tenant", tenant.value())
                .execute();
    }

    /** Where a page ended. */
    public record Position(Instant createdAt, SessionRef ref) {}

    /** One page, and how many match in all. */
    public record Listed(List<Session> sessions, long total) {
        public Listed {
            sessions = List.copyOf(sessions);
        }
    }

    private static Session session(ResultSet row) throws SQLException {
        TenantId tenant = new TenantId(row.getString("tenant_id"));
        String ip = row.getString("ip");
        byte[] device = row.getBytes("device_hash");
        byte[] cookie = row.getBytes("device_cookie_hash");
        String strictest = row.getString("strictest_mode");
        return new Session(
                new SessionKey(tenant, SessionId.ofHash(row.getBytes("id"))),
                new SessionRef(row.getString("ref")),
                DatabaseUserFacts.of(row),
                row.getLong("opened_number"),
                new Signals(
                        ip == null ? null : IpAddress.parse(ip).orElse(null),
                        device == null ? null : new DeviceHash(device),
                        row.getString("agent"),
                        cookie == null ? null : new DeviceHash(cookie)),
                row.getString("level").equals("full"),
                Times.instant(row.getLong("created_at")),
                Times.instant(row.getLong("absolute_end")),
                Duration.of(row.getLong("idle_micros"), ChronoUnit.MICROS),
                Times.instant(row.getLong("last_seen_at")),
                strictest == null ? null : ValidationMode.valueOf(strictest),
                ended(row),
                new Renewal(
                        Duration.of(row.getLong("lifetime_micros"), ChronoUnit.MICROS),
                        Times.instant(row.getLong("renewable_until")),
                        null));
    }

    private static @Nullable Ended ended(ResultSet row) throws SQLException {
        long endedAt = row.getLong("ended_at");
        if (!row.wasNull()) {
            long undo = row.getLong("undo_until");
            Instant undoUntil = row.wasNull() ? null : Times.instant(undo);
            return new Ended(
                    Times.instant(endedAt),
                    row.getLong("end_number"),
                    row.getString("end_reason"),
                    row.getString("ended_by"),
                    undoUntil);
        }
        long floor = row.getLong("floor");
        if (floor > row.getLong("opened_number")) {
            String reason = row.getString("floor_reason");
            String actor = row.getString("floor_actor");
            return new Ended(
                    Times.instant(row.getLong("floor_at")),
                    floor,
                    reason == null ? "" : reason,
                    actor == null ? "server" : actor,
                    null);
        }
        return null;
    }
}
