package drawbridge.server.support;

import drawbridge.model.IpAddress;
import drawbridge.model.SessionRef;
import drawbridge.model.SessionToken;
import drawbridge.model.TenantId;
import drawbridge.model.UserId;
import drawbridge.server.session.DeviceHash;
import drawbridge.server.session.Renewal;
import drawbridge.server.session.Session;
import drawbridge.server.session.Session.Ended;
import drawbridge.server.session.SessionKey;
import drawbridge.server.session.Signals;
import drawbridge.server.session.UserFacts;

import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;

/** Sessions and signals as tests need them. */
public final class Given {
    /** When every session here is opened. */
    public static final Instant OPENED = Instant.parse("2026-03-01T12:00:00Z");

    /** The signals every session here was opened with. */
    public static final Signals SIGNALS = signals("198.51.100.7", 1, "Test/1");

    private static final SecureRandom RANDOM = new SecureRandom();

    private Given() {}

    /** Signals; a null is a signal that was not sent. */
    public static Signals signals(
            @Nullable String ip, @Nullable Integer device, @Nullable String agent) {
        return new Signals(
                ip == null ? null : IpAddress.parse(ip).orElseThrow(),
                device == null ? null : new DeviceHash(new byte[] {0, 0, 0, device.byteValue()}),
                agent);
    }

    /** A session that would be accepted, opened under number 0. */
    public static Session session() {
        return session(SIGNALS, true, null);
    }

    /** The same, with those signals, login complete or not, ended or not. */
    public static Session session(Signals recorded, boolean full, @Nullable Ended ended) {
        return new Session(
                new SessionKey(TenantId.DEFAULT, SessionToken.draw(RANDOM).id()),
                new SessionRef("ref_0123456789012345678901"),
                new UserFacts(
                        new UserId("usr_test"),
                        "ana@example.test",
                        "Ana",
                        "",
                        "user",
                        "en",
                        true,
                        OPENED,
                        OPENED),
                0,
                recorded,
                full,
                OPENED,
                OPENED.plus(Duration.ofDays(7)),
                Duration.ofMinutes(30),
                OPENED,
                null,
                ended,
                new Renewal(Duration.ofDays(7), OPENED.plus(Duration.ofDays(7)), null));
    }

    /** A session like every one here, opened under that number. */
    public static Session openedUnder(long number) {
        Session session = session();
        return new Session(
                session.key(),
                session.ref(),
                session.user(),
                number,
                session.recorded(),
                session.fullyLoggedIn(),
                session.createdAt(),
                session.absoluteEnd(),
                session.idle(),
                session.lastSeenAt(),
                session.strictest(),
                session.ended(),
                session.renewal());
    }

    /** The same session under another reference, last seen then. */
    public static Session seen(Session session, SessionRef ref, Instant at) {
        return new Session(
                session.key(),
                ref,
                session.user(),
                session.openedNumber(),
                session.recorded(),
                session.fullyLoggedIn(),
                session.createdAt(),
                session.absoluteEnd(),
                session.idle(),
                at,
                session.strictest(),
                session.ended(),
                session.renewal());
    }

    /** The user of every session here. */
    public static void insertUser(Handle handle) {
        handle.createUpdate(
                        """
                        INSERT INTO user_account (id, tenant_id, email, name, last_name, user_type,
                            lang, is_verified, state, password_hash, created_at, updated_at)
                        VALUES ('usr_test', :tenant, 'ana@example.test', 'Ana', '', 'user', 'en', 1,
                            'active', 'x', 0, 0)
                        """)
                .bind("tenant", TenantId.DEFAULT.value())
                .execute();
    }

    /** The same session as the database holds it after its end. */
    public static Session ended(Session session, long number) {
        return new Session(
                session.key(),
                session.ref(),
                session.user(),
                session.openedNumber(),
                session.recorded(),
                session.fullyLoggedIn(),
                session.createdAt(),
                session.absoluteEnd(),
                session.idle(),
                session.lastSeenAt(),
                session.strictest(),
                new Ended(OPENED, number, "test", "admin", null),
                session.renewal());
    }
}
