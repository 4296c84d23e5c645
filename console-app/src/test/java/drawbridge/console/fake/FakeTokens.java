package drawbridge.console.fake;

import drawbridge.console.client.Reply;
import drawbridge.console.client.TokenCalls;
import drawbridge.model.Problem;
import drawbridge.model.Secret;
import drawbridge.model.view.OutboxMail;
import drawbridge.model.view.Page;
import drawbridge.model.view.TokenInspection;
import drawbridge.model.view.TrustTokenRow;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Keeps trust tokens and mails in memory, newest first. Safe for many threads. */
public final class FakeTokens implements TokenCalls {
    private final FakeServer server;
    private final Clock clock;
    private final Map<String, TrustTokenRow> rows = new LinkedHashMap<>();
    private final Map<String, OutboxMail> mails = new LinkedHashMap<>();
    private final List<Wish> wishes = new ArrayList<>();
    private TokenInspection inspection = inspection(false, null);

    FakeTokens(FakeServer server, Clock clock) {
        this.server = server;
        this.clock = clock;
    }

    /** Holds a token behind those held already. */
    public synchronized void hold(TrustTokenRow row) {
        rows.put(row.id(), row);
    }

    /** Holds a mail behind those held already. */
    public synchronized void hold(OutboxMail mail) {
        mails.put(mail.id(), mail);
    }

    /** What was asked to be issued. */
    public synchronized List<Wish> wishes() {
        return List.copyOf(wishes);
    }

    /** What every inspection finds. */
    public synchronized void finds(TokenInspection found) {
        inspection = found;
    }

    /** One whose signature is not ours, or one that passes. */
    public static TokenInspection inspection(boolean valid, @Nullable TrustTokenRow item) {
        List<TokenInspection.Layer> layers =
                Stream.of(
                                "signature",
                                "expiry",
                                "cached_status",
                                "database_status",
                                "owner",
                                "resource")
                        .map(layer ->
                                new TokenInspection.Layer(
                                        layer,
                                        valid
                                                ? "passed"
                                                : layer.equals("signature")
                                                        ? "stopped"
                                                        : "not_judged",
                                        valid
                                                ? ""
                                                : layer.equals("signature")
                                                        ? "wrong_signature_or_binding"
                                                        : "not_judged"))
                        .toList();
        return new TokenInspection(valid, layers, item);
    }

    private synchronized <T> Reply<T> answer(String tried, T value) {
        String silence = server.silence();
        if (silence != null) {
            return new Reply.Unreachable<>(tried, silence);
        }
        Problem refusal = server.refusal();
        return refusal == null ? new Reply.Done<>(value) : new Reply.Rejected<>(503, refusal);
    }

    private static boolean is(@Nullable String wanted, @Nullable String value) {
        return wanted == null || Objects.equals(wanted, value);
    }

    @Override
    public synchronized Reply<Page<TrustTokenRow>> tokens(
            Wanted wanted, int limit, @Nullable String after) {
        String text = wanted.text() == null ? "" : wanted.text();
        List<TrustTokenRow> found =
                rows.values().stream()
                        .filter(row -> is(wanted.tenant(), row.tenant()))
                        .filter(row -> is(wanted.purpose(), row.purpose()))
                        .filter(row -> is(wanted.user(), row.userId()))
                        .filter(row -> is(wanted.state(), row.state()))
                        .filter(row -> row.email().contains(text) || row.id().equals(text))
                        .toList();
        return answer("GET /v1/tokens", new Page<>(found, null, found.size()));
    }

    @Override
    public synchronized Reply<Issued> issue(Wish wish) {
        Instant now = clock.instant();
        String id = "tok_new" + wishes.size();
        String email = Objects.requireNonNullElse(wish.email(), "the.user@example.test");
        Instant until = now.plus(Duration.ofHours(1));
        Reply<Issued> reply =
                answer(
                        "POST /v1/tokens",
                        new Issued(
                                id,
                                wish.purpose(),
                                email,
                                until,
                                Secret.ofText(
                                        "https://trust.example.test/auth/confirm#v4.public.X"),
                                wish.send()));
        if (reply instanceof Reply.Done<Issued>) {
            wishes.add(wish);
            rows.put(
                    id,
                    new TrustTokenRow(
                            id,
                            wish.tenant(),
                            wish.purpose(),
                            wish.userId(),
                            email,
                            "k4.pid.fake",
                            "admin",
                            now,
                            until,
                            "open",
                            null,
                            null,
                            null));
        }
        return reply;
    }

    private TrustTokenRow ended(TrustTokenRow row, String reason) {
        return new TrustTokenRow(
                row.id(),
                row.tenant(),
                row.purpose(),
                row.userId(),
                row.email(),
                row.keyId(),
                row.issuedBy(),
                row.issuedAt(),
                row.expiresAt(),
                "revoked",
                clock.instant(),
                reason,
                "admin");
    }

    @Override
    public synchronized Reply<TrustTokenRow> revoke(String id, String reason) {
        TrustTokenRow row = rows.get(id);
        if (row == null) {
            throw new IllegalArgumentException("no token " + id);
        }
        Reply<TrustTokenRow> reply = answer("POST /v1/tokens/…/revoke", ended(row, reason));
        if (reply instanceof Reply.Done<TrustTokenRow>) {
            rows.put(id, ended(row, reason));
        }
        return reply;
    }

    @Override
    public synchronized Reply<Revoked> revokeAll(
            @Nullable String tenant,
            @Nullable String purpose,
            @Nullable String user,
            String reason) {
        List<TrustTokenRow> open =
                rows.values().stream()
                        .filter(row -> row.state().equals("open"))
                        .filter(row -> is(tenant, row.tenant()) && is(purpose, row.purpose()))
                        .filter(row -> is(user, row.userId()))
                        .toList();
        Reply<Revoked> reply = answer("POST /v1/tokens/revoke", new Revoked(open.size()));
        if (reply instanceof Reply.Done<Revoked>) {
            open.forEach(row -> rows.put(row.id(), ended(row, reason)));
        }
        return reply;
    }

    @Override
    public synchronized Reply<TokenInspection> inspect(Secret token, String tenant) {
        return answer("POST /v1/tokens/inspect", inspection);
    }

    @Override
    public synchronized Reply<Page<OutboxMail>> outbox(
            @Nullable String state, int limit, @Nullable String after) {
        List<OutboxMail> found =
                mails.values().stream().filter(mail -> is(state, mail.state())).toList();
        return answer("GET /v1/outbox", new Page<>(found, null, found.size()));
    }

    @Override
    public synchronized Reply<OutboxMail> retry(String id) {
        OutboxMail mail = mails.get(id);
        if (mail == null) {
            throw new IllegalArgumentException("no mail " + id);
        }
        OutboxMail waiting =
                new OutboxMail(
                        mail.id(),
                        mail.tenant(),
                        mail.template(),
                        mail.recipient(),
                        mail.subject(),
                        mail.tokenId(),
                        "waiting",
                        mail.attempts(),
                        clock.instant(),
                        mail.lastError(),
                        mail.createdAt(),
                        null);
        Reply<OutboxMail> reply = answer("POST /v1/outbox/…/retry", waiting);
        if (reply instanceof Reply.Done<OutboxMail>) {
            mails.put(id, waiting);
        }
        return reply;
    }
}
