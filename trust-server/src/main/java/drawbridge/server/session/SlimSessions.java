package drawbridge.server.session;

import drawbridge.model.IpAddress;
import drawbridge.model.SessionRef;
import drawbridge.model.TenantId;
import drawbridge.model.ValidationMode;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;

/**
 * Makes sessions that stay in memory small: each comes out of its row or its copy with texts and
 * times of its own, of which half are those of thousands of others. Safe for many threads.
 */
final class SlimSessions {
    private final Alike<UserFacts> users = new Alike<>(1 << 14);
    private final Alike<String> texts = new Alike<>(1 << 12);
    private final Alike<TenantId> tenants = new Alike<>(1 << 8);
    private final Alike<IpAddress> addresses = new Alike<>(1 << 12);
    private final Alike<Duration> lengths = new Alike<>(1 << 6);

    /** An equal session that shares with others what they have in common. */
    Session of(Session session) {
        // Taken apart by pattern, so that a new part cannot be forgotten here.
        if (session
                instanceof
                Session(
                        SessionKey key,
                        SessionRef ref,
                        UserFacts user,
                        long openedNumber,
                        Signals recorded,
                        boolean fullyLoggedIn,
                        Instant createdAt,
                        Instant absoluteEnd,
                        Duration idle,
                        Instant lastSeenAt,
                        ValidationMode strictest,
                        var ended,
                        Renewal(Duration lifetime, Instant until, var replaced))) {
            return new Session(
                    new SessionKey(tenants.of(key.tenant()), key.id()),
                    ref,
                    users.of(slim(user)),
                    openedNumber,
                    slim(recorded),
                    fullyLoggedIn,
                    createdAt,
                    same(absoluteEnd, until),
                    lengths.of(idle),
                    same(lastSeenAt, createdAt),
                    strictest,
                    ended,
                    new Renewal(lengths.of(lifetime), until, replaced));
        }
        throw new IllegalArgumentException("no session");
    }

    private UserFacts slim(UserFacts user) {
        UserProfile profile = user.profile();
        return new UserFacts(
                user.id(),
                user.email(),
                texts.of(user.name()),
                texts.of(user.lastName()),
                texts.of(user.userType()),
                texts.of(user.lang()),
                user.verified(),
                user.createdAt(),
                same(user.updatedAt(), user.createdAt()),
                profile.equals(UserProfile.EMPTY) ? UserProfile.EMPTY : profile);
    }

    private Signals slim(Signals recorded) {
        @Nullable IpAddress ip = recorded.ip();
        @Nullable String agent = recorded.agent();
        return new Signals(
                ip == null ? null : addresses.of(ip),
                recorded.device(),
                agent == null ? null : texts.of(agent),
                recorded.cookie());
    }

    private static Instant same(Instant time, Instant other) {
        return time.equals(other) ? other : time;
    }
}
