package drawbridge.model.event;

import drawbridge.model.view.AlertView;
import drawbridge.model.view.MetricsTick;
import drawbridge.model.view.NodeApplied;
import drawbridge.model.view.NodeRow;
import drawbridge.model.view.RevocationJob;
import drawbridge.model.view.SecretUse;
import drawbridge.model.view.SessionRow;
import drawbridge.model.view.TiersView;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Something that happened in the server, numbered in the order it happened. Sent as server-sent
 * events: {@code id} is the number, {@code event} the type, {@code data} the record as JSON.
 *
 * <p>Numbers grow by one within a run of the server and start higher in every later run. A follower
 * that sees a number that is not one more than the last one has missed something and reads the
 * snapshot again.
 */
public sealed interface ServerEvent {
    /** The event's number, always positive. */
    long seq();

    /** When it happened, by the server's clock. */
    Instant at();

    /** The type's name on the wire, such as {@code session.opened}. */
    default String type() {
        for (Map.Entry<String, Class<? extends ServerEvent>> known : Types.BY_NAME.entrySet()) {
            if (known.getValue() == getClass()) {
                return known.getKey();
            }
        }
        throw new IllegalStateException("event without a name: " + getClass().getName());
    }

    /** The record class behind a type's name; empty for a type this build does not know. */
    static Optional<Class<? extends ServerEvent>> classOf(String type) {
        return Optional.ofNullable(Types.BY_NAME.get(type));
    }

    /** A session was opened by a login or a registration. */
    record SessionOpened(long seq, Instant at, SessionRow session) implements ServerEvent {}

    /**
     * Sessions are refused from now on.
     *
     * @param scope {@code session}, {@code user}, {@code tenant} or {@code everything}
     * @param ref the session; null unless the scope is one session
     * @param userId the user; null for a tenant or everything
     * @param tenant the tenant; null for everything
     * @param openedBefore sessions opened at or after this instant are not meant; null when scope
     *     is session
     * @param number the number in the revocation log; where several nodes write it, events may come
     *     out of its order, and the highest number is what holds
     * @param reason why, in the words given, such as {@code logout}
     * @param actor {@code admin}, {@code user} or {@code server}
     * @param tookMicros from the request until this node refused, in microseconds; when another
     *     node made it, from the time that node noted
     * @param undoUntil until when it can be undone; null when it cannot
     * @param nodes this node, and since when it refuses; {@link LogApplied} tells of the others
     */
    record SessionRevoked(
            long seq,
            Instant at,
            String scope,
            @Nullable String ref,
            @Nullable String userId,
            @Nullable String tenant,
            @Nullable Instant openedBefore,
            long number,
            String reason,
            String actor,
            long tookMicros,
            @Nullable Instant undoUntil,
            List<NodeApplied> nodes)
            implements ServerEvent {
        public SessionRevoked {
            nodes = List.copyOf(nodes);
        }
    }

    /**
     * Of several servers on a database: every row of the revocation log up to that number holds on
     * all of them. What it tells of was announced before, such as by {@link SessionRevoked}, and is
     * answered from now on. A server that is alone sends none: its own changes hold when they are
     * announced.
     *
     * @param number the last of those rows; more than one event may name it
     * @param nodes every node that has applied it, since when, and what it had last answered
     * @param struckOut nodes that did not answer until whatever they held had lapsed
     * @param tookMicros since the commit, in microseconds
     */
    record LogApplied(
            long seq,
            Instant at,
            long number,
            List<NodeApplied> nodes,
            List<String> struckOut,
            long tookMicros)
            implements ServerEvent {
        public LogApplied {
            nodes = List.copyOf(nodes);
            struckOut = List.copyOf(struckOut);
        }
    }

    /** A held session was restored: the whole row as it is now. */
    record SessionRestored(long seq, Instant at, SessionRow session, long number, String actor)
            implements ServerEvent {}

    /**
     * Many sessions are refused from now on, each as if it had been named alone: a part of a job.
     *
     * @param job which revocation of many they belong to; empty when another node works on it
     * @param refs the sessions, all of one tenant
     * @param number the last of their numbers in the revocation log
     * @param tookMicros from the beginning of this part until this node refused, in microseconds
     * @param undoUntil until when it can be undone
     * @param nodes this node, and since when it refuses
     */
    record SessionsRevoked(
            long seq,
            Instant at,
            String job,
            String tenant,
            List<String> refs,
            long number,
            String reason,
            String actor,
            long tookMicros,
            Instant undoUntil,
            List<NodeApplied> nodes)
            implements ServerEvent {
        public SessionsRevoked {
            refs = List.copyOf(refs);
            nodes = List.copyOf(nodes);
        }
    }

    /**
     * Many held sessions, all of one tenant, were restored: a part of a job's undo.
     *
     * @param job empty when another node works on it
     */
    record SessionsRestored(
            long seq,
            Instant at,
            String job,
            String tenant,
            List<String> refs,
            long number,
            String actor)
            implements ServerEvent {
        public SessionsRestored {
            refs = List.copyOf(refs);
        }
    }

    /** How far a revocation of many is; a few times a second while it works, and at its end. */
    record RevocationProgressed(long seq, Instant at, RevocationJob job) implements ServerEvent {}

    /**
     * A validation was refused. Sent up to a rate; beyond it {@link RefusalsOmitted} counts.
     *
     * @param ref the session; null when none was found
     * @param userId its user; null when none was found
     * @param email the user's address; null when none was found
     * @param tenant the caller's tenant; null when the caller is unknown
     * @param caller the caller's name; null when unknown
     * @param reason such as {@code signal_differs}, {@code revoked}, {@code no_session}
     * @param signal the signal at fault: {@code ip}, {@code device}, {@code agent}; null when none
     *     is
     * @param route method and path the caller reported; null when none
     * @param mode the mode it was judged by; null when it was refused before
     * @param ip the address the caller reported; null when none
     * @param requestId finds the request in the log
     */
    record SessionRefused(
            long seq,
            Instant at,
            @Nullable String ref,
            @Nullable String userId,
            @Nullable String email,
            @Nullable String tenant,
            @Nullable String caller,
            String reason,
            @Nullable String signal,
            @Nullable String route,
            @Nullable String mode,
            @Nullable String ip,
            String requestId)
            implements ServerEvent {}

    /** So many refusals were not sent one by one since the last event of this type. */
    record RefusalsOmitted(long seq, Instant at, long count) implements ServerEvent {}

    /**
     * A login was refused; the address, or the user name that was given for one, is canonical,
     * whether or not such an account exists.
     */
    record LoginRefused(
            long seq, Instant at, String tenant, String email, @Nullable String ip, String reason)
            implements ServerEvent {}

    /**
     * Sessions that were trusted since the last event of this type; at most 1 000 of them, the rest
     * comes with later events.
     *
     * @param lastSeen when, by reference
     * @param modes the strictest mode each has passed, by reference; a reference may be absent
     */
    record SessionsSeen(
            long seq, Instant at, Map<String, Instant> lastSeen, Map<String, String> modes)
            implements ServerEvent {
        public SessionsSeen {
            lastSeen = Map.copyOf(lastSeen);
            modes = Map.copyOf(modes);
        }

        /** One that says nothing of modes. */
        public SessionsSeen(long seq, Instant at, Map<String, Instant> lastSeen) {
            this(seq, at, lastSeen, Map.of());
        }
    }

    /** One second is over. */
    record Metrics(long seq, Instant at, MetricsTick tick) implements ServerEvent {}

    /** What sessions are served from, every few seconds and while memory is filled. */
    record TiersMeasured(long seq, Instant at, TiersView tiers) implements ServerEvent {}

    /**
     * Of the servers that share a database, one came, went, applied rows, or holds its lease no
     * more.
     *
     * @param nodes all of them, by name
     */
    record NodesChanged(long seq, Instant at, List<NodeRow> nodes) implements ServerEvent {
        public NodesChanged {
            nodes = List.copyOf(nodes);
        }
    }

    /**
     * A tier or the database went away or came back.
     *
     * @param source {@code memory}, {@code redis} or {@code database}
     * @param state {@code up} or {@code down}
     * @param why one line; empty when it came back
     */
    record SourceChanged(long seq, Instant at, String source, String state, String why)
            implements ServerEvent {}

    /**
     * A caller, or what is accepted of it, changed.
     *
     * @param what {@code created}, {@code changed}, {@code deleted}, {@code rotated}, {@code
     *     retired}, {@code burned} or {@code rotation_due}
     * @param version the version of its secret that is meant; null when none or all are
     * @param number the number in the revocation log; 0 when nothing was written there
     */
    record CallerChanged(
            long seq,
            Instant at,
            String tenant,
            String callerId,
            String name,
            String what,
            @Nullable Integer version,
            long number,
            String actor)
            implements ServerEvent {}

    /**
     * How much the secrets of callers are used: once a second, those used within the last minute,
     * and once more each that no longer is.
     */
    record SecretsUsed(long seq, Instant at, List<SecretUse> uses) implements ServerEvent {
        public SecretsUsed {
            uses = List.copyOf(uses);
        }
    }

    /**
     * A secret of the server itself was rotated.
     *
     * @param kind {@code signing_key}, {@code admin_token} or {@code master_key}
     */
    record SecretRotated(long seq, Instant at, String kind, String actor) implements ServerEvent {}

    /** A tenant's route policies changed: the version now in force, and how many rules it has. */
    record PolicyChanged(long seq, Instant at, String tenant, int version, int rules, String actor)
            implements ServerEvent {}

    /**
     * A run of drills went on.
     *
     * @param run the run
     * @param tenant for which tenant
     * @param state of the run, as in {@link drawbridge.model.view.DrillRun}
     * @param drill the drill that is meant; null when the run as a whole is
     * @param drillState its state, as in {@link drawbridge.model.view.DrillResult}; null when no
     *     drill is meant
     * @param outcome {@code holds}, {@code weak} or {@code open}, of the drill or of the run; null
     *     until it is known
     * @param steps how many steps the drill has taken; 0 when no drill is meant
     * @param ended how many drills of the run have ended
     * @param drills how many it has
     */
    record DrillProgressed(
            long seq,
            Instant at,
            String run,
            String tenant,
            String state,
            @Nullable String drill,
            @Nullable String drillState,
            @Nullable String outcome,
            int steps,
            int ended,
            int drills)
            implements ServerEvent {}

    /**
     * Something an administrator should read.
     *
     * @param level {@code info}, {@code warning} or {@code error}
     * @param code stable, such as {@code audit_overflow}
     * @param text one sentence
     */
    record Notice(long seq, Instant at, String level, String code, String text)
            implements ServerEvent {}

    /** An alert fired, cleared, or was acknowledged or snoozed: as it is now. */
    record AlertChanged(long seq, Instant at, AlertView alert) implements ServerEvent {}

    /**
     * The server signed where a tenant's audit chain stands. A follower that keeps these is a
     * witness: whoever changes the database later cannot change what was kept.
     *
     * @param tenant whose chain
     * @param sequence the checkpoint's place among that tenant's, from 1 without gaps
     * @param number the last row's number
     * @param hash the last row's hash, in hex
     * @param previous SHA-256 of the signature before it, in hex
     * @param signature Ed25519 over tenant, sequence, number, hash, {@code at} and previous, in
     *     base64url; {@code docs/audit.md} says how
     * @param publicKey what it is checked with, in base64url
     * @param signedAt the instant that is signed
     */
    record AuditCheckpointed(
            long seq,
            Instant at,
            String tenant,
            long sequence,
            long number,
            String hash,
            String previous,
            String signature,
            String publicKey,
            Instant signedAt)
            implements ServerEvent {}

    /**
     * The events after the number asked for are no longer kept, or more happened than could be told
     * of: read the snapshot again. Its number is the last one given out.
     */
    record Reset(long seq, Instant at) implements ServerEvent {}

    /** The names on the wire. */
    final class Types {
        private static final Map<String, Class<? extends ServerEvent>> BY_NAME =
                Map.ofEntries(
                        Map.entry("session.opened", SessionOpened.class),
                        Map.entry("session.revoked", SessionRevoked.class),
                        Map.entry("session.restored", SessionRestored.class),
                        Map.entry("session.many.revoked", SessionsRevoked.class),
                        Map.entry("session.many.restored", SessionsRestored.class),
                        Map.entry("revocation.progressed", RevocationProgressed.class),
                        Map.entry("log.applied", LogApplied.class),
                        Map.entry("session.refused", SessionRefused.class),
                        Map.entry("session.refused.omitted", RefusalsOmitted.class),
                        Map.entry("session.seen", SessionsSeen.class),
                        Map.entry("login.refused", LoginRefused.class),
                        Map.entry("metrics", Metrics.class),
                        Map.entry("tiers", TiersMeasured.class),
                        Map.entry("nodes.changed", NodesChanged.class),
                        Map.entry("source.changed", SourceChanged.class),
                        Map.entry("caller.changed", CallerChanged.class),
                        Map.entry("secrets.used", SecretsUsed.class),
                        Map.entry("secret.rotated", SecretRotated.class),
                        Map.entry("policy.changed", PolicyChanged.class),
                        Map.entry("drill.progressed", DrillProgressed.class),
                        Map.entry("notice", Notice.class),
                        Map.entry("alert.changed", AlertChanged.class),
                        Map.entry("audit.checkpoint", AuditCheckpointed.class),
                        Map.entry("reset", Reset.class));

        private Types() {}
    }
}
