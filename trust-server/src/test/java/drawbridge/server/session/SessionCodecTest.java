package drawbridge.server.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import drawbridge.model.IpAddress;
import drawbridge.model.SessionRef;
import drawbridge.model.SessionToken;
import drawbridge.model.TenantId;
import drawbridge.model.UserId;
import drawbridge.model.ValidationMode;
import drawbridge.server.support.Given;

import org.junit.jupiter.api.Test;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

class SessionCodecTest {
    private static final Instant AT = Instant.parse("2026-03-01T12:00:00.123456Z");

    static Session full() {
        return full("Ána");
    }

    /** With all that a session can have, of a user of that name. */
    static Session full(String name) {
        return new Session(
                new SessionKey(new TenantId("acme"), SessionToken.draw(new SecureRandom()).id()),
                new SessionRef("ref_0123456789012345678901"),
                new UserFacts(
                        new UserId("usr_1"),
                        "ana@example.test",
                        name,
                        "Łopez",
                        "admin",
                        "es-ES",
                        true,
                        AT.minusSeconds(9),
                        AT.minusSeconds(8),
                        new UserProfile(
                                "ana",
                                "+34 1",
                                "https://example.test/a.png",
                                "1990-12-31",
                                "f",
                                "ext-7",
                                "b@example.test",
                                "Europe/Madrid",
                                "{\"a\":\"ß\"}")),
                42,
                new Signals(
                        IpAddress.parse("2001:db8::7").orElseThrow(),
                        new DeviceHash(new byte[] {1, 2, 3, 4}),
                        "Agent/1",
                        new DeviceHash(new byte[] {5, 6, 7, 8})),
                true,
                AT,
                AT.plusSeconds(100),
                Duration.ofMinutes(30),
                AT.plusSeconds(1),
                ValidationMode.ADVANCED,
                null,
                new Renewal(Duration.ofHours(1), AT.plusSeconds(1000), null));
    }

    @Test
    void givesBackWhatItWasGiven() {
        Session most = full();
        Session least = Given.session(Signals.NONE, false, null);

        assertThat(SessionCodec.decode(most.key(), SessionCodec.encode(most))).contains(most);
        assertThat(SessionCodec.decode(least.key(), SessionCodec.encode(least))).contains(least);
    }

    @Test
    void bytesOfAnotherVersionAreNoSession() {
        Session session = full();
        byte[] bytes = SessionCodec.encode(session);
        bytes[0]++;

        assertThat(SessionCodec.decode(session.key(), bytes)).isEmpty();
    }

    @Test
    void whatIsCutOrLongerIsNoSession() {
        Session session = full();
        byte[] bytes = SessionCodec.encode(session);

        for (int size = 0; size < bytes.length; size++) {
            assertThat(SessionCodec.decode(session.key(), Arrays.copyOf(bytes, size))).isEmpty();
        }
        assertThat(SessionCodec.decode(session.key(), Arrays.copyOf(bytes, bytes.length + 1)))
                .isEmpty();
    }

    @Test
    void anEndedSessionIsNotCopied() {
        Session ended = Given.ended(Given.session(), 1);

        assertThatIllegalArgumentException().isThrownBy(() -> SessionCodec.encode(ended));
    }
}
