package drawbridge.console.screen.remote;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.console.fake.FakeServers;
import drawbridge.console.fake.MutableClock;
import drawbridge.console.remote.ProfileColour;
import drawbridge.console.remote.RemoteServer;
import drawbridge.console.screen.Asked;
import drawbridge.console.screen.remote.ConnectionsViewModel.Wish;
import drawbridge.console.ui.Background;
import drawbridge.console.ui.Words;
import drawbridge.model.tls.CertificatePin;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

class ConnectionsViewModelTest {
    private static final String PASSPHRASE = "calm water under a bridge";
    private static final CertificatePin PIN = new CertificatePin("ab".repeat(32));
    private static final CertificatePin OTHER = new CertificatePin("cd".repeat(32));

    private final FakeServers servers = new FakeServers();
    private final ConnectionsViewModel connections =
            new ConnectionsViewModel(
                    servers,
                    new Background(Runnable::run, Runnable::run),
                    new MutableClock(Instant.parse("2026-03-01T12:00:00Z")),
                    Words.in(Locale.ENGLISH));
    private final List<Asked> ended = new ArrayList<>();

    private static Wish wish(String passphrase, boolean isProtected) {
        return new Wish(
                "Production",
                "https://trust.example.com:7071",
                "the-admin-token",
                passphrase,
                passphrase,
                "",
                ProfileColour.TEAL,
                isProtected);
    }

    @BeforeEach
    void add() {
        connections.add(wish(PASSPHRASE, true), Optional.of(PIN), ended::add);
        ended.clear();
        servers.opened().clear();
    }

    private RemoteServer server() {
        return servers.all().getFirst();
    }

    @ParameterizedTest
    @CsvSource({
        "trust.example.com:7071, https://trust.example.com:7071",
        "https://Trust.Example.com/, https://trust.example.com",
        "http://127.0.0.1:7071, http://127.0.0.1:7071",
        "http://[::1]:7071, http://[::1]:7071",
        "http://localhost:9000/, http://localhost:9000"
    })
    void takesAnAddressThatTheTokenMayBeSentTo(String typed, String url) {
        assertThat(ConnectionsViewModel.address(typed)).contains(URI.create(url));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://trust.example.com:7071",
                "http://192.0.2.1",
                "http://127.0.0.1.example.com",
                "https://user@trust.example.com",
                "https://trust.example.com/admin",
                "https://trust.example.com?x=1",
                "ftp://trust.example.com",
                "two words",
                ""
            })
    void takesNoOtherAddress(String typed) {
        assertThat(ConnectionsViewModel.address(typed)).isEmpty();
    }

    @Test
    void saysWhatIsAtFaultBeforeAServerIsAsked() {
        assertThat(connections.faultOfNew(wish("short", true)))
                .as("its name is taken")
                .hasValueSatisfying(fault -> assertThat(fault.field()).isEqualTo("name"));
        servers.forget(server());
        connections.refresh();
        assertThat(connections.faultOfNew(wish("short", true)))
                .hasValueSatisfying(fault -> assertThat(fault.field()).isEqualTo("passphrase"));
        assertThat(connections.faultOfNew(wish(PASSPHRASE, true))).isEmpty();
        assertThat(servers.looks()).isZero();
    }

    @Test
    void opensAWindowWithThePassphraseOnly() {
        connections.connect(server(), "calm water under a bridgE", ended::add);
        assertThat(servers.opened()).isEmpty();
        assertThat(ended.getLast())
                .isEqualTo(new Asked.Badly("passphrase", "That is not its passphrase."));

        connections.connect(server(), PASSPHRASE, ended::add);
        assertThat(servers.opened()).containsExactly("Production");
        assertThat(ended.getLast()).isInstanceOf(Asked.Well.class);
    }

    @Test
    void anotherCertificateIsTakenWithThePassphraseOnly() {
        connections.accept(server(), OTHER, "calm water under a bridgE", ended::add);
        assertThat(server().pin()).contains(PIN);

        connections.accept(server(), OTHER, PASSPHRASE, ended::add);
        assertThat(server().pin()).contains(OTHER);
        assertThat(servers.opened()).containsExactly("Production");
        connections.connect(server(), PASSPHRASE, ended::add);
        assertThat(ended.getLast())
                .as("it is sealed for the new one")
                .isInstanceOf(Asked.Well.class);
    }

    @Test
    void protectionIsTakenAwayWithThePassphraseOnly() {
        Wish open = new Wish("Live", "", "", "", "", "", ProfileColour.BLUE, false);
        connections.change(server(), open, ended::add);
        assertThat(ended.getLast())
                .isInstanceOfSatisfying(
                        Asked.Badly.class, bad -> assertThat(bad.field()).isEqualTo("present"));
        assertThat(server().isProtected()).isTrue();

        Wish known = new Wish("Live", "", "", "", "", PASSPHRASE, ProfileColour.BLUE, false);
        connections.change(server(), known, ended::add);
        assertThat(server().isProtected()).isFalse();
        assertThat(server().name()).isEqualTo("Live");
    }

    @Test
    void nameAndColourChangeWithoutIt() {
        connections.change(
                server(),
                new Wish("Live", "", "", "", "", "", ProfileColour.BLUE, true),
                ended::add);

        assertThat(server().name()).isEqualTo("Live");
        assertThat(server().colour()).isEqualTo(ProfileColour.BLUE);
        connections.connect(server(), PASSPHRASE, ended::add);
        assertThat(ended.getLast()).isInstanceOf(Asked.Well.class);
    }

    @Test
    void anotherPassphraseTakesTheOldOnesPlace() {
        String next = "another one, longer than before";
        connections.change(
                server(),
                new Wish("Production", "", "", next, next, PASSPHRASE, ProfileColour.TEAL, true),
                ended::add);

        connections.connect(server(), PASSPHRASE, ended::add);
        assertThat(ended.getLast()).isInstanceOf(Asked.Badly.class);
        connections.connect(server(), next, ended::add);
        assertThat(ended.getLast()).isInstanceOf(Asked.Well.class);
    }

    @Test
    void printsNothingSecret() {
        assertThat(wish(PASSPHRASE, true).toString()).doesNotContain("calm", "the-admin-token");
    }
}
