package drawbridge.server.token;

import drawbridge.model.TenantId;
import drawbridge.model.UserId;
import drawbridge.server.account.AddressProof;
import drawbridge.server.account.DatabaseAccountEffects;
import drawbridge.server.account.DatabaseAccountEffects.Owner;
import drawbridge.server.account.Email;
import drawbridge.server.mail.Outbox;
import drawbridge.server.mail.Template;
import drawbridge.server.session.Sessions.By;
import drawbridge.server.session.UserFacts;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.DataScope.Why;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.StoreUnavailableException;
import drawbridge.server.token.DatabaseMailRequests.Ask;
import drawbridge.server.token.TrustTokens.Draft;
import drawbridge.server.token.TrustTokens.Minted;

import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Writes mails that carry trust tokens. A request only notes that somebody asked, which is the same
 * work for known and unknown addresses; whose address it is, and whether there is a mail to write,
 * is found out afterwards by one thread. Safe for many threads.
 */
public final class TokenMail implements AddressProof, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TokenMail.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final Duration TIDY_EVERY = Duration.ofMinutes(5);
    private static final int BATCH = 50;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC);

    private final Database database;
    private final TrustTokens tokens;
    private final DatabaseAccountEffects accounts;
    private final Outbox outbox;
    private final TokenSettings settings;
    private final Clock clock;
    private final Semaphore news = new Semaphore(0);
    private final Thread thread;
    private volatile boolean closing;

    /** Starts writing. */
    public TokenMail(
            Database database,
            TrustTokens tokens,
            DatabaseAccountEffects accounts,
            Outbox outbox,
            TokenSettings settings,
            Clock clock) {
        this.database = database;
        this.tokens = tokens;
        this.accounts = accounts;
        this.outbox = outbox;
        this.settings = settings;
        this.clock = clock;
        this.thread = Thread.ofPlatform().name("token-mail").start(this::run);
    }

    /**
     * Notes that somebody asked for a token to be sent to an address.
     *
     * @param landing the page the link shall lead to, where that is allowed
     * @return the id of the token, whether or not there will be one
     */
    public String ask(
            TenantId tenant, Purpose purpose, Email email, Optional<String> landing, By by) {
        String id = tokens.drawId();
        Instant now = clock.instant();
        return database.write(
                DataScope.of(tenant),
                "noting that a mail was asked for",
                handle -> {
                    DatabaseMailRequests.insert(
                            handle,
                            tenant,
                            purpose.wireName(),
                            email.value(),
                            settings.landing(landing).orElse(null),
                            id,
                            by.requestId(),
                            now);
                    return id;
                },
                committed -> asked());
    }

    @Override
    public boolean isRequired() {
        return settings.verification();
    }

    @Override
    public void ask(Handle handle, TenantId tenant, Email email, boolean hasAccount, By by) {
        DatabaseMailRequests.insert(
                handle,
                tenant,
                hasAccount ? DatabaseMailRequests.ACCOUNT_EXISTS : Purpose.EMAIL_VERIFY.wireName(),
                email.value(),
                null,
                tokens.drawId(),
                by.requestId(),
                clock.instant());
    }

    @Override
    public void asked() {
        news.release();
    }

    private void run() {
        Instant tidied = clock.instant();
        while (!closing) {
            try {
                if (news.tryAcquire(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                    news.drainPermits();
                }
                List<Ask> asks =
                        database.read(
                                DataScope.server(Why.UPKEEP),
                                "reading who asked for mail",
                                handle -> DatabaseMailRequests.oldest(handle, BATCH));
                asks.forEach(this::answer);
                if (asks.size() == BATCH) {
                    news.release(); // there may be more
                }
                if (Duration.between(tidied, clock.instant()).compareTo(TIDY_EVERY) >= 0) {
                    tidied = clock.instant();
                    tokens.tidy();
                    outbox.tidy();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (StoreUnavailableException e) {
                LOG.warn("mails are not written yet why={}", e.getMessage());
            }
        }
    }

    private void answer(Ask ask) {
        try {
            write(ask);
        } catch (StoreUnavailableException e) {
            throw e;
        } catch (RuntimeException e) {
            // Tried again and again it would stand in the way of the others.
            LOG.error("mail not written request={} kind={}", ask.requestId(), ask.kind(), e);
            drop(ask);
        }
    }

    private void write(Ask ask) {
        Optional<UserFacts> owner =
                Email.parse(ask.email())
                        .flatMap(email ->
                                database.read(
                                        DataScope.of(ask.tenant()),
                                        "finding whom to write to",
                                        handle -> accounts.owner(handle, ask.tenant(), email)))
                        .filter(Owner::active)
                        .map(Owner::facts);
        if (ask.kind().equals(DatabaseMailRequests.ACCOUNT_EXISTS)) {
            // Whoever registered an address without proving it may not own it: its owner sets a
            // password of their own.
            owner.ifPresentOrElse(
                    facts -> {
                        if (facts.verified()) {
                            tellOfAccount(ask, facts);
                        } else {
                            send(ask, Purpose.PASSWORD_RESET, facts);
                        }
                    },
                    () -> drop(ask));
            return;
        }
        Purpose purpose = Purpose.parse(ask.kind()).orElseThrow();
        owner.filter(facts -> purpose != Purpose.EMAIL_VERIFY || !facts.verified())
                .ifPresentOrElse(facts -> send(ask, purpose, facts), () -> drop(ask));
    }

    private void drop(Ask ask) {
        database.write(
                DataScope.of(ask.tenant()),
                "noting that no mail is due",
                handle -> DatabaseMailRequests.delete(handle, ask));
    }

    private void send(Ask ask, Purpose purpose, UserFacts facts) {
        Instant now = clock.instant();
        By by = By.user(ask.requestId());
        Minted minted =
                tokens.mint(
                        new Draft(
                                ask.tenant(),
                                purpose,
                                facts.id(),
                                facts.email(),
                                null,
                                ask.landing(),
                                settings.lifetime(purpose),
                                by.actor()),
                        ask.tokenId(),
                        now);
        Outbox.Sealed letter = outbox.seal(letter(minted, facts.name()), now);
        database.write(
                DataScope.of(ask.tenant()),
                "writing a mail with a token",
                handle -> {
                    if (!DatabaseMailRequests.delete(handle, ask)) {
                        return false; // asked again meanwhile: that one is written
                    }
                    tokens.insert(handle, minted, by);
                    outbox.put(handle, letter);
                    return true;
                },
                committed -> outbox.wake());
    }

    private void tellOfAccount(Ask ask, UserFacts facts) {
        Instant now = clock.instant();
        Outbox.Sealed letter =
                outbox.seal(
                        new Outbox.Letter(
                                ask.tenant(),
                                Template.ACCOUNT_EXISTS,
                                facts.email(),
                                null,
                                Map.of(
                                        "link", settings.page(ask.tenant(), "/"),
                                        "name", facts.name(),
                                        "email", facts.email())),
                        now);
        database.write(
                DataScope.of(ask.tenant()),
                "writing a mail",
                handle -> {
                    if (!DatabaseMailRequests.delete(handle, ask)) {
                        return false;
                    }
                    outbox.put(handle, letter);
                    return true;
                },
                committed -> outbox.wake());
    }

    private Outbox.Letter letter(Minted minted, String name) {
        TokenRow row = minted.row();
        return new Outbox.Letter(
                row.tenant(),
                template(row.purpose()),
                row.email(),
                row.id(),
                Map.of(
                        "link", link(minted),
                        "name", name.isBlank() ? row.email() : name,
                        "email", row.email(),
                        "expires", TIME.format(row.expiresAt())));
    }

    private static Template template(Purpose purpose) {
        return switch (purpose) {
            case EMAIL_VERIFY -> Template.EMAIL_VERIFY;
            case PASSWORD_RESET -> Template.PASSWORD_RESET;
            case MAGIC_LINK -> Template.MAGIC_LINK;
            case INVITE -> Template.INVITE;
        };
    }

    /** The link for a token, for whoever may see it. */
    public String link(Minted minted) {
        return settings.link(minted.row().tenant(), minted);
    }

    /** How an issue on somebody's behalf ended. */
    public sealed interface Issued {
        /** The token is good; its mail, if one was wanted, is on its way. */
        record Done(Minted minted) implements Issued {}

        /** An invitation to an address that has an account. */
        record AddressTaken() implements Issued {}

        /** There is no such user, or it is not active. */
        record UnknownUser() implements Issued {}
    }

    /**
     * Whom a token is issued to on somebody's behalf.
     *
     * @param user the user; empty for an invitation, or where the address says who
     * @param email the address; empty where the user says which
     */
    public record Recipient(Optional<UserId> user, Optional<Email> email) {}

    /**
     * Issues a token at once, for an administrator, a back end or somebody who invites.
     *
     * @param userType what an invited user becomes
     * @param lifetime empty for the usual one
     * @param send whether it is mailed
     * @param issuedBy {@code admin}, {@code caller:} and its name, or the id of the user who
     *     invites
     */
    public Issued issue(
            TenantId tenant,
            Purpose purpose,
            Recipient to,
            Optional<String> userType,
            Optional<Duration> lifetime,
            boolean send,
            String issuedBy,
            By by) {
        Instant now = clock.instant();
        Optional<UserFacts> owner =
                database.read(
                                DataScope.of(tenant),
                                "finding whom a token is for",
                                handle -> owner(handle, tenant, to))
                        .filter(Owner::active)
                        .map(Owner::facts);
        boolean invites = purpose == Purpose.INVITE;
        if (invites && (owner.isPresent() || to.email().isEmpty())) {
            return new Issued.AddressTaken();
        }
        if (!invites && owner.isEmpty()) {
            return new Issued.UnknownUser();
        }
        String email =
                owner.map(UserFacts::email).orElseGet(() -> to.email().orElseThrow().value());
        Minted minted =
                tokens.mint(
                        new Draft(
                                tenant,
                                purpose,
                                owner.map(UserFacts::id).orElse(null),
                                email,
                                invites ? userType.orElse("user") : null,
                                null,
                                lifetime.orElse(settings.lifetime(purpose)),
                                issuedBy),
                        tokens.drawId(),
                        now);
        Optional<Outbox.Sealed> letter =
                send
                        ? Optional.of(
                                outbox.seal(
                                        letter(minted, owner.map(UserFacts::name).orElse("")), now))
                        : Optional.empty();
        return database.write(
                DataScope.of(tenant),
                "issuing a token",
                handle -> {
                    if (invites && owner(handle, tenant, to).isPresent()) {
                        return new Issued.AddressTaken();
                    }
                    tokens.insert(handle, minted, by);
                    letter.ifPresent(l -> outbox.put(handle, l));
                    return new Issued.Done(minted);
                },
                committed -> outbox.wake());
    }

    private Optional<Owner> owner(Handle handle, TenantId tenant, Recipient to) {
        return to.user()
                .flatMap(user -> accounts.owner(handle, tenant, user))
                .or(() -> to.email().flatMap(email -> accounts.owner(handle, tenant, email)));
    }

    @Override
    public void close() {
        closing = true;
        asked();
        try {
            thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
