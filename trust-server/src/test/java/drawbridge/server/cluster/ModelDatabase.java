package drawbridge.server.cluster;

import drawbridge.server.redis.RedisSessionCache;
import drawbridge.server.session.Revocation;
import drawbridge.server.session.Session;
import drawbridge.server.session.SessionKey;
import drawbridge.server.storage.StoreUnavailableException;
import drawbridge.server.support.Given;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * A database in a {@link World}: each transaction is one instant, with time before and after it.
 */
final class ModelDatabase {
    /** A rule of the protocol that is broken on purpose, to see that the check would notice. */
    enum Fault {
        NONE,
        /** A lease is prolonged although rows are missing. */
        GRANTS_TO_THOSE_BEHIND,
        /** A node that was struck out is prolonged as if nothing had been. */
        FORGETS_EXPULSIONS,
        /** A node answers from memory whether it has a lease or not. */
        ANSWERS_WITHOUT_LEASE,
        /**
         * A node that joins takes the place of one of the same name, which may still have a lease.
         */
        REPLACES_NAMESAKES,
        /** A copy in Redis is taken for true, whatever the log says since. */
        TRUSTS_COPIES,
        /** Whoever has not renewed since he was seen last is struck out, however short ago. */
        STRIKES_OUT_AT_ONCE,
        /** A lease follows from a report that a crash of the database forgets. */
        FORGETS_LEASES,
        /** Machines that slept do not know it by any clock. */
        SLEEPS_UNNOTICED,
        /** Reports are counted where a crash makes the same number come twice. */
        COUNTS_IN_DATABASE,
        /** Nobody looks whether the log is the one that a node has applied. */
        IGNORES_OTHER_HISTORY
    }

    private record Row(String node, long applied, long renewals) {}

    private final World world;
    private final Fault fault;
    private final List<Revocation> log = new ArrayList<>();
    private final Map<Long, Row> nodes = new TreeMap<>();

    /** What a crash leaves: whatever was written before the last transaction that lasts. */
    private Map<Long, Row> lasting = Map.of();

    private final Map<SessionKey, Session> sessions = new HashMap<>();
    private final Set<String> cut = new HashSet<>();
    private long incarnations;
    private int forgetful;
    private int history;
    private byte identity;

    ModelDatabase(World world, Fault fault) {
        this.world = world;
        this.fault = fault;
    }

    void insert(Session session) {
        sessions.put(session.key(), session);
    }

    /** The node cannot reach the database any more. */
    void cut(String node) {
        cut.add(node);
    }

    void heal(String node) {
        cut.remove(node);
    }

    private long renewals(Membership.Joined as) {
        Row row = nodes.get(as.incarnation());
        return row == null ? 0 : row.renewals();
    }

    /** How many crashes made it forget something. */
    int forgetful() {
        return forgetful;
    }

    /** It stops and starts again at once, without the reports that need not last. */
    void crash() {
        forgetful += nodes.equals(lasting) ? 0 : 1;
        nodes.clear();
        nodes.putAll(lasting);
    }

    /**
     * It becomes what it was once, as a restore does it: its log ends earlier, with the end of
     * everything. Those who were registered then still are.
     */
    void restore() {
        long kept = logNumber() == 0 ? 0 : world.random().nextLong(logNumber());
        log.removeIf(row -> row.number() > kept);
        history++;
        endEverything(0);
        lasting = Map.copyOf(nodes);
    }

    private void endEverything(long known) {
        long number = Math.max(known, logNumber()) + 1;
        log.add(new Revocation.OfEverything(number));
        sessions.replaceAll((key, session) -> Given.ended(session, number));
        identity++;
    }

    private long logNumber() {
        return log.isEmpty() ? 0 : log.getLast().number();
    }

    private boolean isOther(Membership.Joined as, long applied) {
        return fault != Fault.IGNORES_OTHER_HISTORY
                && (!as.database().equals(named()) || applied > logNumber());
    }

    private String named() {
        return "model/" + history;
    }

    /**
     * Which database copies are of, for that node.
     *
     * @param isRestored whether it may change; while it does not, asking for it is no step, so that
     *     seeds keep their schedules
     */
    RedisSessionCache.Identity identityFor(String node, boolean isRestored) {
        return isRestored ? changing(node) : CONSTANT;
    }

    private static final RedisSessionCache.Identity CONSTANT =
            new RedisSessionCache.Identity() {
                @Override
                public byte[] now() {
                    return new byte[] {7};
                }

                @Override
                public byte[] after(byte[] known) {
                    return known;
                }
            };

    private RedisSessionCache.Identity changing(String node) {
        return new RedisSessionCache.Identity() {
            @Override
            public byte[] now() {
                return transaction(node, () -> new byte[] {identity});
            }

            @Override
            public byte[] after(byte[] known) {
                return transaction(
                        node,
                        () -> {
                            identity += (byte) (known[0] == identity ? 1 : 0);
                            return new byte[] {identity};
                        });
            }
        };
    }

    /** One transaction as that node sees it: it may fail before it began, or after it was done. */
    private <T> T transaction(String node, Supplier<T> work) {
        return transaction(node, false, work);
    }

    /** What was written before it lasts as well. */
    private <T> T lasting(String node, Supplier<T> work) {
        return transaction(node, true, work);
    }

    private <T> T transaction(String node, boolean isLasting, Supplier<T> work) {
        world.step();
        unlessCut(node);
        T done = work.get();
        if (isLasting) {
            lasting = Map.copyOf(nodes);
        }
        world.step();
        unlessCut(node);
        return done;
    }

    private void unlessCut(String node) {
        if (cut.contains(node)) {
            throw new StoreUnavailableException(
                    "database", "asking", new IllegalStateException("cut off"));
        }
    }

    /** Ends the session; the number of its row. */
    long revoke(String node, Session session) {
        return lasting(
                node,
                () -> {
                    long number = logNumber() + 1;
                    log.add(new Revocation.OfSession(number, session.key()));
                    sessions.put(session.key(), Given.ended(session, number));
                    return number;
                });
    }

    Optional<Session> find(String node, SessionKey key) {
        return transaction(node, () -> Optional.ofNullable(sessions.get(key)));
    }

    /** Reads what a node holds besides sessions. */
    long readSettings(String node) {
        return transaction(node, this::logNumber);
    }

    /** The view of one node. */
    Membership membershipOf(String asking) {
        return new Membership() {
            private long attempts;

            @Override
            public Joined join(long known) {
                return lasting(
                        asking,
                        () -> {
                            if (fault == Fault.REPLACES_NAMESAKES) {
                                nodes.values().removeIf(row -> row.node().equals(asking));
                            }
                            if (logNumber() < known && fault != Fault.IGNORES_OTHER_HISTORY) {
                                endEverything(known);
                            }
                            incarnations++;
                            nodes.put(incarnations, new Row(asking, logNumber(), 0));
                            return new Joined(incarnations, logNumber(), named());
                        });
            }

            @Override
            public Renewal renew(
                    Joined as, long applied, List<LastValid> lastValid, boolean isLasting) {
                attempts++;
                long attempt = fault == Fault.COUNTS_IN_DATABASE ? renewals(as) + 1 : attempts;
                return transaction(
                        asking,
                        isLasting && fault != Fault.FORGETS_LEASES,
                        () -> renewed(as, applied, attempt));
            }

            @Override
            public Optional<News> read(Joined as, long after) {
                return transaction(
                        asking,
                        () ->
                                nodes.containsKey(as.incarnation()) && !isOther(as, after)
                                        ? Optional.of(news(after))
                                        : Optional.empty());
            }

            @Override
            public long reached() {
                return transaction(asking, () -> logNumber());
            }

            @Override
            public Nodes nodes() {
                return transaction(
                        asking,
                        () ->
                                new Nodes(
                                        logNumber(),
                                        nodes.entrySet().stream()
                                                .map(e -> member(e.getKey(), e.getValue()))
                                                .toList()));
            }

            @Override
            public void expelBehind(long number) {
                Boolean _ =
                        lasting(
                                asking,
                                () -> nodes.values().removeIf(row -> row.applied() < number));
            }

            @Override
            public void expelSilent(Member asSeen) {
                Boolean _ =
                        lasting(
                                asking,
                                () ->
                                        nodes.entrySet()
                                                .removeIf(e ->
                                                        member(e.getKey(), e.getValue())
                                                                .equals(asSeen)));
            }

            @Override
            public void leave(Joined as) {
                Boolean _ =
                        lasting(asking, () -> nodes.keySet().removeIf(i -> i == as.incarnation()));
            }

            @Override
            public void hint(long number) {
                // Nothing depends on it.
            }
        };
    }

    private static Membership.Member member(long incarnation, Row row) {
        return new Membership.Member(
                row.node(), incarnation, row.applied(), row.renewals(), Map.of(), "", "");
    }

    private Membership.News news(long after) {
        return new Membership.News(
                log.stream().filter(row -> row.number() > after).toList(), logNumber());
    }

    private Membership.Renewal renewed(Membership.Joined as, long applied, long attempt) {
        Row row = nodes.get(as.incarnation());
        if (row == null && fault == Fault.FORGETS_EXPULSIONS) {
            nodes.put(as.incarnation(), new Row("forgotten", logNumber(), 0));
            return new Membership.Renewal.Granted();
        }
        if (row == null || isOther(as, applied)) {
            return new Membership.Renewal.Expelled();
        }
        if (world.random().nextInt(20) == 0) {
            return new Membership.Renewal.Blocked();
        }
        nodes.put(as.incarnation(), new Row(row.node(), applied, attempt));
        if (applied < logNumber() && fault != Fault.GRANTS_TO_THOSE_BEHIND) {
            return new Membership.Renewal.Behind(news(applied));
        }
        return new Membership.Renewal.Granted();
    }
}
