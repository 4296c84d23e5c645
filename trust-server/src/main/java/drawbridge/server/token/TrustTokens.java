package drawbridge.server.token;

import static java.nio.charset.StandardCharsets.UTF_8;

import drawbridge.model.IpAddress;
import drawbridge.model.TenantId;
import drawbridge.model.UserId;
import drawbridge.server.account.DatabaseAccountEffects;
import drawbridge.server.account.DatabaseAccountEffects.Owner;
import drawbridge.server.account.Email;
import drawbridge.server.account.OpenTokens;
import drawbridge.server.audit.AuditEntry;
import drawbridge.server.audit.DatabaseAuditLog;
import drawbridge.server.audit.RefusalQueue;
import drawbridge.server.crypto.Base64Url;
import drawbridge.server.crypto.KeyedHash;
import drawbridge.server.crypto.Keys;
import drawbridge.server.crypto.Sealer;
import drawbridge.server.crypto.SigningKey;
import drawbridge.server.session.RevocationLog;
import drawbridge.server.session.Sessions.By;
import drawbridge.server.session.UserFacts;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.DataScope.Why;
import drawbridge.server.storage.Database;
import drawbridge.server.token.TokenCodec.Reading;

import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Issues, verifies and consumes trust tokens. A presented token must get past six layers in order;
 * whoever presents it is told only whether it did. Consuming is one conditional update in the
 * transaction of its effect. Safe for many threads; throws {@link
 * drawbridge.server.storage.StoreUnavailableException} when there is no sure answer.
 */
public final class TrustTokens implements OpenTokens {
    /** No token lives longer. */
    public static final Duration LONGEST_LIFETIME = Duration.ofDays(31);

    private static final Duration KEPT = Duration.ofDays(30);
    private static final int FORGOTTEN_EACH = 500;

    /** How long the winner's repeated call is recognised. */
    static final Duration REPEATED_WITHIN = Duration.ofMinutes(10);

    /**
     * What a token is wanted for.
     *
     * @param issuedBy {@code user}, {@code admin}, {@code caller:} and its name, or the id of the
     *     user who invites
     */
    public record Draft(
            TenantId tenant,
            Purpose purpose,
            @Nullable UserId user,
            String email,
            @Nullable String userType,
            @Nullable String landing,
            Duration lifetime,
            String issuedBy) {}

    /** A signed token that no database knows yet. */
    public record Minted(String text, TokenRow row) {
        @Override
        public String toString() {
            return "Minted[" + row.id() + "]";
        }
    }

    /** What a presented token turned out to be. */
    public sealed interface Verified {
        /**
         * It may be consumed.
         *
         * @param owner empty for an invitation
         */
        record Good(TokenRow token, Optional<UserFacts> owner) implements Verified {}

        /** It was stopped; clients are told no more than that. */
        record Stopped(Layer layer, String reason) implements Verified {}
    }

    /** One layer's judgement, for an administrator. */
    public record LayerVerdict(Layer layer, boolean passed, boolean judged, String reason) {}

    /** All six layers, judged one by one; the row where one was found. */
    public record Inspection(List<LayerVerdict> layers, Optional<TokenRow> token) {
        public Inspection {
            layers = List.copyOf(layers);
        }
    }

    /**
     * What the spending of a token brings about, in the same transaction.
     *
     * @param <T> what it gives
     */
    public interface Effect<T> {
        /**
         * Does it.
         *
         * @param owner empty for an invitation
         * @throws UnfitException when it cannot be done; the token then stays as it was
         */
        T apply(Handle handle, TokenRow token, Optional<UserFacts> owner, Instant now);

        /** What a repeated call of the winner must be answered again; kept sealed for 10 min. */
        default Optional<String> answer(T value) {
            return Optional.empty();
        }
    }

    /** The effect cannot be done; undoes the transaction. */
    public static final class UnfitException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        /**
         * @param reason for the audit, such as {@code address_taken}
         */
        public UnfitException(String reason) {
            super(reason, null, false, false);
        }
    }

    /** Who presents a token, and from where. */
    public record Presenter(By by, @Nullable IpAddress ip, @Nullable String agent) {}

    private final Database database;
    private final DatabaseAccountEffects accounts;
    private final TokenKeyring keyring;
    private final TokenStatusCache status;
    private final DatabaseAuditLog audit;
    private final RefusalQueue refusals;
    private final TokenCodec codec;
    private final KeyedHash repeats;
    private final Sealer answers;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    /** The logs that hear of tokens. */
    public record Logs(DatabaseAuditLog audit, RefusalQueue refusals) {}

    /** Assembled by the wiring. */
    public TrustTokens(
            Database database,
            DatabaseAccountEffects accounts,
            TokenKeyring keyring,
            TokenStatusCache status,
            Logs logs,
            Keys keys,
            Clock clock) {
        this.database = database;
        this.accounts = accounts;
        this.keyring = keyring;
        this.status = status;
        this.audit = logs.audit();
        this.refusals = logs.refusals();
        this.codec = new TokenCodec(keyring.issuer());
        this.repeats = keys.hashFor("token-repeat/v1");
        this.answers = keys.sealerFor("token-answer/v1");
        this.clock = clock;
    }

    /** An id for a token that is to be minted. */
    public String drawId() {
        byte[] bits = new byte[16];
        random.nextBytes(bits);
        return "tok_" + Base64Url.encode(bits);
    }

    /** Signs a token; it is good once {@link #insert} was committed. */
    public Minted mint(Draft draft, String id, Instant now) {
        SigningKey key = keyring.signing();
        Instant expires = now.plus(draft.lifetime());
        TokenRow row =
                new TokenRow(
                        id,
                        draft.tenant(),
                        draft.purpose(),
                        draft.user(),
                        draft.email(),
                        draft.userType(),
                        draft.landing(),
                        TokenKeyring.idOf(key),
                        0,
                        draft.issuedBy(),
                        now,
                        expires,
                        TokenState.OPEN,
                        null,
                        null,
                        null);
        Claims claims =
                new Claims(
                        id,
                        draft.purpose(),
                        draft.tenant(),
                        draft.user(),
                        draft.email(),
                        now,
                        expires);
        return new Minted(codec.write(claims, key), row);
    }

    /** Makes a minted token good, in the caller's transaction: older ones like it end. */
    public void insert(Handle handle, Minted minted, By by) {
        TokenRow row = minted.row();
        int superseded = DatabaseTokenStore.supersede(handle, row, by.actor());
        DatabaseTokenStore.insert(
                handle,
                new TokenRow(
                        row.id(),
                        row.tenant(),
                        row.purpose(),
                        row.user(),
                        row.email(),
                        row.userType(),
                        row.landing(),
                        row.keyId(),
                        DatabaseTokenStore.logNumber(handle),
                        row.issuedBy(),
                        row.issuedAt(),
                        row.expiresAt(),
                        row.state(),
                        null,
                        null,
                        null));
        audit.append(
                handle,
                about(row, row.issuedAt(), "token.issued", by)
                        .because(superseded == 0 ? null : superseded + " older ended", null));
    }

    private static AuditEntry about(TokenRow row, Instant now, String kind, By by) {
        UserId user = row.user();
        String inviter = row.purpose() == Purpose.INVITE ? " by " + row.issuedBy() : "";
        return AuditEntry.of(row.tenant(), now, kind, by.actor())
                .user(user == null ? null : user.value())
                .request(by.requestId())
                .detail(row.purpose().wireName() + " " + row.id() + inviter);
    }

    /** Judges a presented token in all six layers, changing nothing but the audit of refusals. */
    public Verified verify(String text, Purpose purpose, TenantId tenant, Presenter from) {
        Instant now = clock.instant();
        Verified verified =
                switch (early(text, purpose, tenant, false, now)) {
                    case Reading.Stopped(Layer layer, String reason, var _) ->
                            new Verified.Stopped(layer, reason);
                    case Reading.Good(Claims claims) -> inDatabase(claims, now);
                };
        if (verified instanceof Verified.Stopped(Layer layer, String reason)) {
            refused(tenant, purpose, layer, reason, from, now);
        }
        return verified;
    }

    /** The layers that need no database. */
    private Reading early(
            String text, Purpose purpose, TenantId tenant, boolean mayRepeat, Instant now) {
        Reading reading = codec.read(text, purpose, tenant, keyring::find, now);
        if (reading instanceof Reading.Good(Claims claims)) {
            Optional<String> end =
                    status.endOf(claims.id()).filter(how -> !(mayRepeat && how.equals("spent")));
            if (end.isPresent()) {
                return new Reading.Stopped(Layer.CACHED_STATUS, end.get(), claims);
            }
        }
        return reading;
    }

    private Verified inDatabase(Claims claims, Instant now) {
        Verified verified =
                database.read(
                        DataScope.of(claims.tenant()),
                        "verifying a token",
                        handle -> judge(handle, claims, now));
        remember(claims, verified);
        return verified;
    }

    /** Only of what was committed: a token that ended stays so. */
    private void remember(Claims claims, Verified verified) {
        if (verified instanceof Verified.Stopped(Layer layer, String reason)
                && layer == Layer.DATABASE_STATUS
                && ENDS.contains(reason)) {
            status.ended(claims.id(), reason);
        }
    }

    private static final List<String> ENDS =
            List.of(
                    TokenState.SPENT.wireName(),
                    TokenState.REVOKED.wireName(),
                    TokenState.SUPERSEDED.wireName());

    private Verified judge(Handle handle, Claims claims, Instant now) {
        Optional<TokenRow> row = DatabaseTokenStore.find(handle, claims.tenant(), claims.id());
        Optional<String> wrong = row.flatMap(r -> statusFault(handle, r, claims, now));
        if (row.isEmpty() || wrong.isPresent()) {
            return new Verified.Stopped(Layer.DATABASE_STATUS, wrong.orElse("unknown"));
        }
        Optional<Owner> owner = owner(handle, row.get());
        Optional<String> disowned = ownerFault(handle, row.get(), owner);
        if (disowned.isPresent()) {
            return new Verified.Stopped(Layer.OWNER, disowned.get());
        }
        Optional<String> unfit = resourceFault(handle, row.get(), owner);
        return unfit.<Verified>map(why -> new Verified.Stopped(Layer.RESOURCE, why))
                .orElseGet(() -> new Verified.Good(row.get(), owner.map(Owner::facts)));
    }

    private static Optional<String> statusFault(
            Handle handle, TokenRow row, Claims claims, Instant now) {
        boolean same =
                row.purpose() == claims.purpose()
                        && row.email().equals(claims.email())
                        && java.util.Objects.equals(row.user(), claims.user())
                        && row.expiresAt().equals(claims.expiresAt());
        if (!same) {
            return Optional.of("other_than_issued");
        }
        if (row.state() != TokenState.OPEN) {
            return Optional.of(row.state().wireName());
        }
        if (row.issuedNumber() < DatabaseTokenStore.everythingThrough(handle)) {
            return Optional.of("everything_revoked");
        }
        return now.isBefore(row.expiresAt()) ? Optional.empty() : Optional.of("expired");
    }

    private Optional<Owner> owner(Handle handle, TokenRow row) {
        UserId user = row.user();
        return user == null ? Optional.empty() : accounts.owner(handle, row.tenant(), user);
    }

    private Optional<String> ownerFault(Handle handle, TokenRow row, Optional<Owner> owner) {
        if (row.user() == null) {
            return accounts.isActive(handle, row.tenant())
                    ? Optional.empty()
                    : Optional.of("tenant_not_active");
        }
        if (owner.isEmpty()) {
            return Optional.of("no_such_user");
        }
        return owner.get().active() ? Optional.empty() : Optional.of("not_active");
    }

    private Optional<String> resourceFault(Handle handle, TokenRow row, Optional<Owner> owner) {
        if (row.purpose() == Purpose.INVITE) {
            boolean taken =
                    Email.parse(row.email())
                            .flatMap(email -> accounts.owner(handle, row.tenant(), email))
                            .isPresent();
            return taken ? Optional.of("address_taken") : Optional.empty();
        }
        boolean same = owner.filter(o -> o.facts().email().equals(row.email())).isPresent();
        return same ? Optional.empty() : Optional.of("address_changed");
    }

    /**
     * Spends a token and does its effect, both or neither.
     *
     * @param repeatKey what the client sends again when it repeats a call whose answer was lost
     * @param committed runs after the commit, in commit order; must be quick
     */
    public <T> Consumption<T> consume(
            String text,
            Purpose purpose,
            TenantId tenant,
            Optional<String> repeatKey,
            Presenter from,
            Effect<T> effect,
            Consumer<T> committed) {
        Instant now = clock.instant();
        Consumption<T> outcome =
                switch (early(text, purpose, tenant, repeatKey.isPresent(), now)) {
                    case Reading.Stopped(Layer layer, String reason, var _) ->
                            new Consumption.Refused<T>(layer, reason);
                    case Reading.Good(Claims claims) ->
                            spend(claims, repeatKey, from, effect, committed);
                };
        if (outcome instanceof Consumption.Refused<T>(Layer layer, String reason)) {
            refused(tenant, purpose, layer, reason, from, now);
        }
        return outcome;
    }

    private <T> Consumption<T> spend(
            Claims claims,
            Optional<String> repeatKey,
            Presenter from,
            Effect<T> effect,
            Consumer<T> committed) {
        Optional<byte[]> repeat = repeatKey.map(key -> repeatHash(claims.id(), key));
        try {
            Consumption<T> outcome =
                    database.write(
                            DataScope.of(claims.tenant()),
                            "consuming a token",
                            handle -> spend(handle, claims, repeat, from, effect),
                            done -> {
                                if (done instanceof Consumption.Done<T>(T value)) {
                                    committed.accept(value);
                                }
                            });
            if (outcome instanceof Consumption.Refused<T>(Layer layer, String reason)) {
                remember(claims, new Verified.Stopped(layer, reason));
            }
            return outcome;
        } catch (UnfitException e) {
            String reason = e.getMessage();
            return new Consumption.Refused<>(Layer.RESOURCE, reason == null ? "unfit" : reason);
        }
    }

    private <T> Consumption<T> spend(
            Handle handle,
            Claims claims,
            Optional<byte[]> repeat,
            Presenter from,
            Effect<T> effect) {
        Instant now = clock.instant();
        return switch (judge(handle, claims, now)) {
            case Verified.Stopped(Layer layer, String reason) ->
                    repeated(handle, claims, repeat, now)
                            .<Consumption<T>>map(again -> {
                                RevocationLog.restOnAll(handle); // the first may still wait
                                return again.as();
                            })
                            .orElseGet(() -> new Consumption.Refused<>(layer, reason));
            case Verified.Good(TokenRow row, Optional<UserFacts> owner) -> {
                By by = from.by();
                if (!DatabaseTokenStore.spend(handle, row, now, by.actor(), repeat.orElse(null))) {
                    yield new Consumption.Refused<>(Layer.DATABASE_STATUS, "not_open");
                }
                T value = effect.apply(handle, row, owner, now);
                if (repeat.isPresent()) {
                    effect.answer(value)
                            .ifPresent(answer ->
                                    DatabaseTokenStore.keepAnswer(
                                            handle,
                                            row,
                                            answers.seal(
                                                    answer.getBytes(UTF_8),
                                                    row.id().getBytes(UTF_8))));
                }
                audit.append(
                        handle,
                        about(row, now, "token.consumed", by).from(from.ip(), from.agent()));
                yield new Consumption.Done<>(value);
            }
        };
    }

    private record Again(TokenRow row, Optional<String> answer) {
        private <T> Consumption<T> as() {
            return new Consumption.Repeated<>(row, answer);
        }
    }

    private Optional<Again> repeated(
            Handle handle, Claims claims, Optional<byte[]> repeat, Instant now) {
        Optional<TokenRow> row =
                DatabaseTokenStore.find(handle, claims.tenant(), claims.id())
                        .filter(r -> r.state() == TokenState.SPENT);
        if (repeat.isEmpty() || row.isEmpty()) {
            return Optional.empty();
        }
        Instant ended = row.get().endedAt();
        if (ended == null || !now.isBefore(ended.plus(REPEATED_WITHIN))) {
            return Optional.empty();
        }
        return DatabaseTokenStore.repeatOf(handle, row.get())
                .filter(kept -> MessageDigest.isEqual(kept.hash(), repeat.get()))
                .map(kept ->
                        new Again(
                                row.get(),
                                kept.sealedAnswer()
                                        .map(sealed ->
                                                new String(
                                                        answers.open(
                                                                sealed,
                                                                row.get().id().getBytes(UTF_8)),
                                                        UTF_8))));
    }

    /**
     * Whether that is the repeated call of whoever spent the token; changes nothing, and says so
     * once what the first call did holds on every node.
     */
    Optional<Consumption.Repeated<Object>> repeated(
            String text, Purpose purpose, TenantId tenant, String repeatKey) {
        Instant now = clock.instant();
        if (!(codec.read(text, purpose, tenant, keyring::find, now)
                instanceof Reading.Good(Claims claims))) {
            return Optional.empty();
        }
        DataScope scope = DataScope.of(claims.tenant());
        Optional<Again> found =
                database.read(
                        scope,
                        "recognising a repeated call",
                        handle ->
                                repeated(
                                        handle,
                                        claims,
                                        Optional.of(repeatHash(claims.id(), repeatKey)),
                                        now));
        return found.map(again -> {
            RevocationLog.awaitAll(database, scope);
            return new Consumption.Repeated<>(again.row(), again.answer());
        });
    }

    private byte[] repeatHash(String id, String key) {
        return repeats.of((id + "\0" + key).getBytes(UTF_8));
    }

    private void refused(
            TenantId tenant,
            Purpose purpose,
            Layer layer,
            String reason,
            Presenter from,
            Instant now) {
        refusals.offer(
                AuditEntry.of(tenant, now, "token.refused", from.by().actor())
                        .from(from.ip(), from.agent())
                        .because(layer.wireName(), null)
                        .request(from.by().requestId())
                        .detail(purpose.wireName() + " " + reason));
    }

    /** Notes that a link was looked at, by a person or by whatever reads mail before them. */
    public void previewed(TenantId tenant, Purpose purpose, boolean good, Presenter from) {
        refusals.offer(
                AuditEntry.of(tenant, clock.instant(), "token.previewed", from.by().actor())
                        .from(from.ip(), from.agent())
                        .because(good ? "good" : "not_good", null)
                        .request(from.by().requestId())
                        .detail(purpose.wireName()));
    }

    @Override
    public int endAll(Handle handle, TenantId tenant, UserId user, String reason, By by) {
        Instant now = clock.instant();
        List<TokenRow> ended =
                DatabaseTokenStore.revoke(
                        handle, null, tenant, null, user, now, reason, by.actor());
        ended.forEach(row ->
                audit.append(handle, about(row, now, "token.revoked", by).because(reason, null)));
        return ended.size();
    }

    /** Ends one open token; empty when there is no such token, else how it stands now. */
    public Optional<TokenRow> revoke(String id, String reason, By by) {
        Optional<TenantId> whose =
                database.read(
                        DataScope.server(Why.LOOKUP),
                        "finding a token's tenant",
                        handle -> DatabaseTokenStore.tenantOf(handle, id));
        return whose.flatMap(tenant ->
                database.write(
                        DataScope.of(tenant),
                        "revoking a token",
                        handle -> {
                            revoke(handle, id, tenant, null, null, reason, by);
                            return DatabaseTokenStore.find(handle, tenant, id);
                        }));
    }

    /**
     * Ends the open tokens of a kind or of a user or both; null chooses all.
     *
     * @return how many there were
     */
    public int revoke(
            @Nullable TenantId tenant,
            @Nullable Purpose purpose,
            @Nullable UserId user,
            String reason,
            By by) {
        return database.write(
                DataScope.chosen(tenant),
                "revoking tokens",
                handle -> revoke(handle, null, tenant, purpose, user, reason, by).size());
    }

    private List<TokenRow> revoke(
            Handle handle,
            @Nullable String id,
            @Nullable TenantId tenant,
            @Nullable Purpose purpose,
            @Nullable UserId user,
            String reason,
            By by) {
        Instant now = clock.instant();
        List<TokenRow> ended =
                DatabaseTokenStore.revoke(
                        handle, id, tenant, purpose, user, now, reason, by.actor());
        ended.forEach(row ->
                audit.append(handle, about(row, now, "token.revoked", by).because(reason, null)));
        return ended;
    }

    /** A page of tokens, and how many there are in all. */
    public record Listed(List<TokenRow> rows, long total) {
        public Listed {
            rows = List.copyOf(rows);
        }
    }

    /** Tokens, newest first. */
    public Listed list(TokenChoice choice, int limit) {
        Instant now = clock.instant();
        return database.read(
                DataScope.chosen(choice.tenant()),
                "listing tokens",
                handle ->
                        new Listed(
                                DatabaseTokenStore.list(handle, choice, limit, now),
                                DatabaseTokenStore.count(handle, choice, now)));
    }

    /** Judges all six layers one by one, for an administrator; consumes nothing. */
    public Inspection inspect(String text, TenantId tenant) {
        Instant now = clock.instant();
        Reading reading = read(text, tenant, now);
        return switch (reading) {
            case Reading.Good(Claims claims) -> inspect(claims, null, now);
            case Reading.Stopped(Layer layer, String reason, Claims claims) ->
                    claims == null
                            ? new Inspection(unjudged(layer, reason), Optional.empty())
                            : inspect(claims, reason, now);
        };
    }

    /** Whatever purpose it was bound to; there are only these. */
    private Reading read(String text, TenantId tenant, Instant now) {
        Reading best = null;
        for (Purpose purpose : Purpose.values()) {
            Reading reading = codec.read(text, purpose, tenant, keyring::find, now);
            boolean signed =
                    !(reading instanceof Reading.Stopped(Layer layer, var _, var _)
                            && layer == Layer.SIGNATURE);
            if (best == null || signed) {
                best = reading;
            }
        }
        return java.util.Objects.requireNonNull(best);
    }

    private static List<LayerVerdict> unjudged(Layer stopped, String reason) {
        List<LayerVerdict> layers = new ArrayList<>();
        for (Layer layer : Layer.values()) {
            int order = layer.compareTo(stopped);
            layers.add(
                    order == 0
                            ? new LayerVerdict(layer, false, true, reason)
                            : new LayerVerdict(
                                    layer, order < 0, order < 0, order < 0 ? "" : "not_judged"));
        }
        return layers;
    }

    private Inspection inspect(Claims claims, @Nullable String expiryFault, Instant now) {
        Optional<String> cached = status.endOf(claims.id());
        return database.read(
                DataScope.of(claims.tenant()),
                "inspecting a token",
                handle -> {
                    Optional<TokenRow> row =
                            DatabaseTokenStore.find(handle, claims.tenant(), claims.id());
                    List<LayerVerdict> layers = new ArrayList<>();
                    layers.add(new LayerVerdict(Layer.SIGNATURE, true, true, ""));
                    layers.add(verdict(Layer.EXPIRY, Optional.ofNullable(expiryFault)));
                    layers.add(
                            new LayerVerdict(
                                    Layer.CACHED_STATUS,
                                    cached.isEmpty(),
                                    true,
                                    cached.orElse("no news in " + status.name())));
                    layers.add(
                            verdict(
                                    Layer.DATABASE_STATUS,
                                    row.isEmpty()
                                            ? Optional.of("unknown")
                                            : statusFault(handle, row.get(), claims, now)));
                    if (row.isEmpty()) {
                        layers.add(new LayerVerdict(Layer.OWNER, false, false, "not_judged"));
                        layers.add(new LayerVerdict(Layer.RESOURCE, false, false, "not_judged"));
                    } else {
                        Optional<Owner> owner = owner(handle, row.get());
                        layers.add(verdict(Layer.OWNER, ownerFault(handle, row.get(), owner)));
                        layers.add(
                                verdict(Layer.RESOURCE, resourceFault(handle, row.get(), owner)));
                    }
                    return new Inspection(layers, row);
                });
    }

    private static LayerVerdict verdict(Layer layer, Optional<String> fault) {
        return new LayerVerdict(layer, fault.isEmpty(), true, fault.orElse(""));
    }

    /**
     * Forgets the answers that no repeated call can ask for any more, and the tokens that expired
     * more than 30 days ago; what became of those is in the audit.
     */
    void tidy() {
        Instant now = clock.instant();
        database.write(
                DataScope.server(Why.UPKEEP),
                "tidying tokens",
                handle -> DatabaseTokenStore.forgetAnswers(handle, now.minus(REPEATED_WITHIN)));
        int forgotten;
        do { // a few at a time, so that nobody's write waits long
            forgotten =
                    database.write(
                            DataScope.server(Why.UPKEEP),
                            "forgetting old tokens",
                            handle ->
                                    DatabaseTokenStore.forget(
                                            handle,
                                            now.minus(LONGEST_LIFETIME).minus(KEPT),
                                            FORGOTTEN_EACH));
        } while (forgotten == FORGOTTEN_EACH);
    }
}
