package drawbridge.server.cluster;

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
        ANSWERS_WITHOUT_LEASE
    }

    private record Row(long incarnation, long applied) {}

    private final World world;
    private final Fault fault;
    private final List<Revocation> log = new ArrayList<>();
    private final Map<String, Row> nodes = new TreeMap<>();
    private final Map<SessionKey, Session> sessions = new HashMap<>();
    private final Set<String> cut = new HashSet<>();
    private long incarnations;

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

    /** One transaction as that node sees it: it may fail before it began, or after it was done. */
    private <T> T transaction(String node, Supplier<T> work) {
        world.step();
        unlessCut(node);
        T done = work.get();
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
        return transaction(
                node,
                () -> {
                    long number = log.size() + 1L;
                    log.add(new Revocation.OfSession(number, session.key()));
                    sessions.put(session.key(), Given.ended(session, number));
                    return number;
                });
    }

    Optional<Session> find(String node, SessionKey key) {
        return transaction(node, () -> Optional.ofNullable(sessions.get(key)));
    }

    /** The view of one node. */
    Membership membershipOf(String asking) {
        return new Membership() {
            @Override
            public Joined join(String node) {
                return transaction(
                        asking,
                        () -> {
                            incarnations++;
                            nodes.put(node, new Row(incarnations, log.size()));
                            return new Joined(incarnations, log.size());
                        });
            }

            @Override
            public Renewal renew(String node, long incarnation, long applied) {
                return transaction(asking, () -> renewed(node, incarnation, applied));
            }

            @Override
            public List<NodeApplied> nodes() {
                return transaction(
                        asking,
                        () ->
                                nodes.entrySet().stream()
                                        .map(e ->
                                                new NodeApplied(e.getKey(), e.getValue().applied()))
                                        .toList());
            }

            @Override
            public void expelBehind(long number) {
                Boolean _ =
                        transaction(
                                asking,
                                () -> nodes.values().removeIf(row -> row.applied() < number));
            }
        };
    }

    private Membership.Renewal renewed(String node, long incarnation, long applied) {
        Row row = nodes.get(node);
        if (row == null || row.incarnation() != incarnation || applied > log.size()) {
            if (fault == Fault.FORGETS_EXPULSIONS && row == null) {
                nodes.put(node, new Row(incarnation, log.size()));
                return new Membership.Renewal.Granted();
            }
            return new Membership.Renewal.Expelled();
        }
        nodes.put(node, new Row(incarnation, applied));
        if (applied < log.size() && fault != Fault.GRANTS_TO_THOSE_BEHIND) {
            return new Membership.Renewal.Behind(
                    List.copyOf(log.subList(Math.toIntExact(applied), log.size())));
        }
        return new Membership.Renewal.Granted();
    }
}
