package drawbridge.server.checklist;

import drawbridge.model.SessionRef;
import drawbridge.model.SessionToken;
import drawbridge.model.TenantId;
import drawbridge.model.UserId;
import drawbridge.server.session.MemorySessionCache;
import drawbridge.server.session.Renewal;
import drawbridge.server.session.Session;
import drawbridge.server.session.SessionKey;
import drawbridge.server.session.Signals;
import drawbridge.server.session.Tombstones;
import drawbridge.server.session.UserFacts;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Lays sessions into memory that no database holds, and takes them away. Safe for many threads. */
public final class PlantedSessions implements Planted.Bed {
    private static final TenantId NOWHERE = new TenantId("checklist-nowhere");
    private static final Duration DAY = Duration.ofDays(1);

    private final MemorySessionCache memory;
    private final Tombstones tombstones;
    private final SecureRandom random;
    private final Clock clock;

    public PlantedSessions(
            MemorySessionCache memory, Tombstones tombstones, SecureRandom random, Clock clock) {
        this.memory = memory;
        this.tombstones = tombstones;
        this.random = random;
        this.clock = clock;
    }

    @Override
    public Planted plant() {
        Instant now = clock.instant();
        SessionToken expired = SessionToken.draw(random);
        SessionToken foreign = SessionToken.draw(random);
        lay(session(expired, TenantId.DEFAULT, now.minus(DAY.multipliedBy(2)), now.minus(DAY)));
        lay(session(foreign, NOWHERE, now, now.plus(DAY)));
        return new Planted(expired, foreign);
    }

    private void lay(Session session) {
        memory.put(session, tombstones.mark(), session.lastSeenAt());
    }

    private static Session session(
            SessionToken token, TenantId tenant, Instant from, Instant until) {
        UserFacts nobody =
                new UserFacts(
                        new UserId("usr_checklist_nobody"),
                        "nobody@checklist.invalid",
                        "",
                        "",
                        "admin", // so that a missing check would show, and not another one's 403
                        "en",
                        true,
                        from,
                        from);
        return new Session(
                new SessionKey(tenant, token.id()),
                new SessionRef("ref_checklist_nobody_00000"),
                nobody,
                Long.MAX_VALUE,
                Signals.NONE,
                true,
                from,
                until,
                DAY.multipliedBy(30),
                until,
                null,
                null,
                new Renewal(DAY, until, null));
    }

    @Override
    public void clear(Planted planted) {
        memory.remove(new SessionKey(TenantId.DEFAULT, planted.expired().id()));
        memory.remove(new SessionKey(NOWHERE, planted.foreign().id()));
    }
}
