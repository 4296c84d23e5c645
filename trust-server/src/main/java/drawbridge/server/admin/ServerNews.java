package drawbridge.server.admin;

import drawbridge.model.TenantId;
import drawbridge.model.event.ServerEvent;
import drawbridge.model.view.AuditCheckpoint;
import drawbridge.model.view.NodeApplied;
import drawbridge.model.view.Receipt;
import drawbridge.model.view.RevocationJob;
import drawbridge.model.view.SessionRow;
import drawbridge.server.account.Accounts.LoginNews;
import drawbridge.server.account.LoginName;
import drawbridge.server.bridge.CallerNews;
import drawbridge.server.event.EventHub;
import drawbridge.server.metrics.Meters;
import drawbridge.server.secret.SecretNews;
import drawbridge.server.session.RevocationsElsewhere;
import drawbridge.server.session.SessionNews;
import drawbridge.server.session.Signals;
import drawbridge.server.session.Witness;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Turns what became of sessions and logins into events and counts. Safe for many threads. */
public final class ServerNews
        implements SessionNews, LoginNews, CallerNews, SecretNews, RevocationsElsewhere.Told {
    private static final Logger LOG = LoggerFactory.getLogger(ServerNews.class);

    private final EventHub events;
    private final Meters meters;
    private final LiveCount live;
    private final ToldRows toldRows = new ToldRows();

    public ServerNews(EventHub events, Meters meters, LiveCount live) {
        this.events = events;
        this.meters = meters;
        this.live = live;
    }

    @Override
    public void opened(SessionRow session) {
        live.move(1);
        events.publish((seq, at) -> new ServerEvent.SessionOpened(seq, at, session));
    }

    @Override
    public void revoked(
            Receipt receipt,
            String scope,
            @Nullable String tenant,
            @Nullable Instant openedBefore,
            String reason,
            String actor) {
        meters.revoked(receipt.tookMicros());
        live.move(-receipt.sessions());
        if (!actor.equals("user")) { // logouts are everyday
            LOG.info(
                    "revoked scope={}{}{}{} number={} actor={} sessions={} took={}us",
                    scope,
                    field("ref", receipt.ref()),
                    field("user", receipt.userId()),
                    field("tenant", tenant),
                    receipt.number(),
                    actor,
                    receipt.sessions(),
                    receipt.tookMicros());
        }
        tell(receipt, scope, tenant, openedBefore, reason, actor);
    }

    private static String field(String name, @Nullable String value) {
        return value == null ? "" : " " + name + "=" + value;
    }

    private void tell(
            Receipt receipt,
            String scope,
            @Nullable String tenant,
            @Nullable Instant openedBefore,
            String reason,
            String actor) {
        if (!toldRows.take(receipt.number())) {
            return; // it came back from the log already
        }
        events.publish((seq, at) ->
                new ServerEvent.SessionRevoked(
                        seq,
                        at,
                        scope,
                        receipt.ref(),
                        receipt.userId(),
                        tenant,
                        openedBefore,
                        receipt.number(),
                        reason,
                        actor,
                        receipt.tookMicros(),
                        receipt.undoUntil(),
                        receipt.nodes()));
    }

    /** A row of the log holds on every node. */
    public void holds(long number, Witness.Held held, Duration took) {
        events.publish((seq, at) ->
                new ServerEvent.LogApplied(
                        seq, at, number, held.nodes(), held.struckOut(), took.toNanos() / 1000));
    }

    @Override
    public void revoked(
            Many many, String reason, long tookMicros, Instant undoUntil, List<NodeApplied> nodes) {
        many.refs().forEach(_ -> meters.revoked(tookMicros));
        live.move(-many.live());
        if (toldRows.take(many.number())) {
            tell(many, reason, tookMicros, undoUntil, nodes);
        }
    }

    private void tell(
            Many many, String reason, long tookMicros, Instant undoUntil, List<NodeApplied> nodes) {
        events.publish((seq, at) ->
                new ServerEvent.SessionsRevoked(
                        seq,
                        at,
                        many.job(),
                        many.tenant().value(),
                        many.refs(),
                        many.number(),
                        reason,
                        many.actor(),
                        tookMicros,
                        undoUntil,
                        nodes));
    }

    @Override
    public void restored(Many many) {
        live.move(many.live());
        if (toldRows.take(many.number())) {
            tell(many);
        }
    }

    private void tell(Many many) {
        events.publish((seq, at) ->
                new ServerEvent.SessionsRestored(
                        seq,
                        at,
                        many.job(),
                        many.tenant().value(),
                        many.refs(),
                        many.number(),
                        many.actor()));
    }

    @Override
    public void progressed(RevocationJob job) {
        if (!job.isWorking()) {
            LOG.info(
                    "revocation of many {} {}: ended={} of={} passed_over={} restored={}",
                    job.id(),
                    job.state(),
                    job.ended(),
                    job.total(),
                    job.passedOver(),
                    job.restored());
        }
        events.publish((seq, at) -> new ServerEvent.RevocationProgressed(seq, at, job));
    }

    @Override
    public void reused(SessionRow session) {
        LOG.warn("replaced session id used again ref={} user={}", session.ref(), session.userId());
        events.publish((seq, at) ->
                new ServerEvent.Notice(
                        seq,
                        at,
                        "warning",
                        "session_reuse",
                        "An old id of session %s of %s was used after it had been replaced: two parties held it, so it was ended."
                                .formatted(session.ref(), session.email())));
    }

    @Override
    public void restored(Receipt receipt, SessionRow session, String actor) {
        live.move(receipt.sessions());
        LOG.info("restored ref={} number={} actor={}", receipt.ref(), receipt.number(), actor);
        foundRestored(session, receipt.number(), actor);
    }

    @Override
    public void refused(TenantId tenant, LoginName name, Signals signals, String reason) {
        meters.login(false);
        var ip = signals.ip();
        events.publish((seq, at) ->
                new ServerEvent.LoginRefused(
                        seq,
                        at,
                        tenant.value(),
                        name.value(),
                        ip == null ? null : ip.toString(),
                        reason));
    }

    @Override
    public void done() {
        meters.login(true);
    }

    @Override
    public void found(
            Receipt receipt,
            String scope,
            @Nullable String tenant,
            @Nullable Instant openedBefore,
            String reason,
            String actor) {
        tell(receipt, scope, tenant, openedBefore, reason, actor);
    }

    @Override
    public void found(
            Many many,
            List<Long> numbers,
            String reason,
            long tookMicros,
            Instant undoUntil,
            List<NodeApplied> nodes) {
        if (toldRows.takeAll(numbers)) {
            tell(many, reason, tookMicros, undoUntil, nodes);
        }
    }

    @Override
    public void foundRestored(SessionRow session, long number, String actor) {
        if (toldRows.take(number)) {
            events.publish(
                    (seq, at) -> new ServerEvent.SessionRestored(seq, at, session, number, actor));
        }
    }

    @Override
    public void foundRestored(Many many, List<Long> numbers) {
        if (toldRows.takeAll(numbers)) {
            tell(many);
        }
    }

    @Override
    public void missed() {
        toldRows.forget();
        events.publish(ServerEvent.Reset::new);
    }

    /** So many refusals have no audit row, because their queue was full or the database away. */
    public void auditDropped(long rows) {
        meters.auditDropped(rows);
        events.publish((seq, at) ->
                new ServerEvent.Notice(
                        seq,
                        at,
                        "warning",
                        "audit_overflow",
                        rows + " refusals were not audited."));
    }

    @Override
    public void told(CallerNews.Told news) {
        LOG.info(
                "caller {} name={} version={} number={} actor={}",
                news.what(),
                news.caller().name(),
                news.version(),
                news.number(),
                news.actor());
        events.publish((seq, at) ->
                new ServerEvent.CallerChanged(
                        seq,
                        at,
                        news.caller().tenant().value(),
                        news.caller().id(),
                        news.caller().name(),
                        news.what(),
                        news.version(),
                        news.number(),
                        news.actor()));
        if (news.what().equals("rotation_due")) {
            events.publish((seq, at) ->
                    new ServerEvent.Notice(
                            seq,
                            at,
                            "warning",
                            "rotation_due",
                            "The bridge secret of caller %s is due to be rotated."
                                    .formatted(news.caller().name())));
        }
    }

    @Override
    public void rotated(String kind, String actor) {
        LOG.info("rotated secret={} actor={}", kind, actor);
        events.publish((seq, at) -> new ServerEvent.SecretRotated(seq, at, kind, actor));
    }

    /** Where a tenant's audit chain stands was signed. */
    public void checkpoint(AuditCheckpoint made, String publicKey) {
        events.publish((seq, at) ->
                new ServerEvent.AuditCheckpointed(
                        seq,
                        at,
                        made.tenant(),
                        made.sequence(),
                        made.number(),
                        made.hash(),
                        made.previous(),
                        made.signature(),
                        publicKey,
                        made.at()));
    }
}
