package drawbridge.server.secret;

import drawbridge.model.Secret;
import drawbridge.model.TenantId;
import drawbridge.server.audit.AuditEntry;
import drawbridge.server.audit.DatabaseAuditLog;
import drawbridge.server.config.DataFolder;
import drawbridge.server.config.DataFolder.TokenFacts;
import drawbridge.server.crypto.KeyedHash;
import drawbridge.server.crypto.Keys;
import drawbridge.server.secret.OwnSecret.Rotated;
import drawbridge.server.session.Sessions.By;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.Database;

import org.jspecify.annotations.Nullable;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * The admin token that is in force, and for the overlap of a rotation the one before. Only keyed
 * hashes are held. Safe for many threads; asking is one volatile read.
 */
public final class AdminTokens {
    private static final String SETTINGS_KEEP_IT =
            "the admin token comes from the settings; change it there and restart";

    /** A token that is accepted. */
    private static final class Accepted {
        private final byte[] hash;
        private final Instant since;
        private final @Nullable Instant until;
        private volatile @Nullable Instant lastUsedAt;

        Accepted(byte[] hash, Instant since, @Nullable Instant until) {
            this.hash = hash;
            this.since = since;
            this.until = until;
        }

        boolean isStill(Instant now) {
            return until == null || now.isBefore(until);
        }
    }

    /** Both, changed together. */
    private record InForce(Accepted present, @Nullable Accepted previous) {}

    private final boolean isGiven;
    private final DataFolder folder;
    private final KeyedHash keyed;
    private final Database database;
    private final DatabaseAuditLog audit;
    private final Duration age;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final AtomicBoolean rotating = new AtomicBoolean();
    private volatile InForce inForce;

    /**
     * Finds the token, and draws one where there is none.
     *
     * @param given the token of the settings; empty when the folder's counts
     * @param age how old one becomes before it is overdue
     */
    public AdminTokens(
            Optional<Secret> given,
            DataFolder folder,
            Keys keys,
            Audited audited,
            Duration age,
            Clock clock) {
        this.isGiven = given.isPresent();
        this.folder = folder;
        this.keyed = keys.hashFor("admin-token/v1");
        this.database = audited.database();
        this.audit = audited.audit();
        this.age = age;
        this.clock = clock;
        Secret token = given.orElseGet(() -> folder.adminToken(random));
        this.inForce = read(token.use(keyed::of));
    }

    /** Where a rotation is audited. */
    public record Audited(Database database, DatabaseAuditLog audit) {}

    /** What the folder tells of another token, changed by hand or by a command, is of no use. */
    private InForce read(byte[] hash) {
        Instant now = clock.instant();
        Optional<TokenFacts> known =
                folder.tokenFacts().filter(facts -> MessageDigest.isEqual(facts.hash(), hash));
        if (known.isEmpty()) {
            Instant since = isGiven ? now : folder.adminTokenSince().orElse(now);
            InForce fresh =
                    new InForce(new Accepted(hash, since.isAfter(now) ? now : since, null), null);
            folder.noteToken(facts(fresh));
            return fresh;
        }
        TokenFacts facts = known.get();
        Accepted present = new Accepted(hash, facts.since(), null);
        Instant until = facts.previousUntil();
        return new InForce(
                present,
                until == null ? null : new Accepted(facts.previous(), facts.since(), until));
    }

    private static TokenFacts facts(InForce now) {
        Accepted previous = now.previous();
        return new TokenFacts(
                now.present().hash,
                now.present().since,
                previous == null ? new byte[0] : previous.hash,
                previous == null ? null : previous.until);
    }

    /** Whether the token opens the admin API now; if so, that it does is noted. */
    public boolean isAccepted(byte[] token) {
        byte[] presented = keyed.of(token);
        InForce now = inForce;
        Instant at = clock.instant();
        boolean isPresent = MessageDigest.isEqual(presented, now.present().hash);
        Accepted previous = now.previous();
        if (isPresent) {
            now.present().lastUsedAt = at;
            return true;
        }
        if (previous != null
                && MessageDigest.isEqual(presented, previous.hash)
                && previous.isStill(at)) {
            previous.lastUsedAt = at;
            return true;
        }
        return false;
    }

    /**
     * Whether that text is a token which opens the admin API, asked for somebody who found it where
     * it must not stand: nothing is noted as used, and only a hash of it is kept.
     *
     * @return what says whether it still does; empty when it does not now
     */
    public Optional<BooleanSupplier> liveness(byte[] text) {
        byte[] hash = keyed.of(text);
        return isLive(hash) ? Optional.of(() -> isLive(hash)) : Optional.empty();
    }

    private boolean isLive(byte[] hash) {
        InForce now = inForce;
        Accepted previous = now.previous();
        return MessageDigest.isEqual(hash, now.present().hash)
                || (previous != null
                        && MessageDigest.isEqual(hash, previous.hash)
                        && previous.isStill(clock.instant()));
    }

    /** The token as it is now. */
    public OwnSecret view() {
        InForce now = inForce;
        Accepted previous = now.previous();
        if (previous != null && !previous.isStill(clock.instant())) {
            previous = null;
        }
        return new OwnSecret(
                "admin_token",
                isGiven ? "settings" : "folder",
                now.present().since,
                now.present().since.plus(age),
                now.present().lastUsedAt,
                previous == null ? null : previous.until,
                previous == null ? null : previous.lastUsedAt,
                isGiven ? SETTINGS_KEEP_IT : "");
    }

    /**
     * Draws a new token and puts it into the folder; the present one is accepted until the overlap
     * is over, any older one no more. It is audited first, so that there is no token without its
     * row.
     *
     * @param overlap zero ends the present one at once
     */
    public Rotated rotate(Duration overlap, By by) {
        if (isGiven) {
            return new Rotated.Not(SETTINGS_KEEP_IT);
        }
        if (!rotating.compareAndSet(false, true)) {
            return new Rotated.Not("another rotation of the admin token is under way");
        }
        try {
            Instant now = clock.instant();
            database.write(
                    DataScope.of(TenantId.DEFAULT),
                    "auditing a rotation",
                    handle -> {
                        audit.append(
                                handle,
                                AuditEntry.of(
                                                TenantId.DEFAULT,
                                                now,
                                                "secret.admin_token_rotated",
                                                by.actor())
                                        .request(by.requestId())
                                        .detail("overlap " + overlap));
                        return true;
                    });
            Secret token = folder.newAdminToken(random);
            Accepted before = inForce.present();
            Accepted previous = new Accepted(before.hash, before.since, now.plus(overlap));
            previous.lastUsedAt = before.lastUsedAt;
            InForce next =
                    new InForce(
                            new Accepted(token.use(keyed::of), now, null),
                            overlap.isZero() ? null : previous);
            // Accepted before anybody can read it, and known by the next start before it is there.
            inForce = next;
            folder.noteToken(facts(next));
            folder.putAdminToken(token);
            return new Rotated.NewSecret(view(), token);
        } finally {
            rotating.set(false);
        }
    }
}
