package drawbridge.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.server.support.Given;

import org.junit.jupiter.api.Test;

class SlimSessionsTest {
    private final SlimSessions slim = new SlimSessions();

    private static Session copied(Session session) {
        return SessionCodec.decode(session.key(), SessionCodec.encode(session)).orElseThrow();
    }

    @Test
    void sessionsStayWhatTheyWere() {
        Session most = SessionCodecTest.full();
        Session least = Given.session(Signals.NONE, false, null);

        assertThat(slim.of(most)).isEqualTo(most);
        assertThat(slim.of(least)).isEqualTo(least);
    }

    @Test
    void whatTwoSessionsHaveInCommonIsThereOnce() {
        Session one = slim.of(copied(SessionCodecTest.full()));
        Session other = slim.of(copied(SessionCodecTest.full()));

        assertThat(other.user()).isSameAs(one.user());
        assertThat(other.recorded().agent()).isSameAs(one.recorded().agent());
        assertThat(other.recorded().ip()).isSameAs(one.recorded().ip());
        assertThat(other.idle()).isSameAs(one.idle());
        assertThat(other.key().tenant()).isSameAs(one.key().tenant());
    }

    @Test
    void aUserWhoseFactsChangedIsAnother() {
        Session renamed = SessionCodecTest.full("Eva");
        Session _ = slim.of(SessionCodecTest.full());

        assertThat(slim.of(renamed)).isEqualTo(renamed);
    }
}
