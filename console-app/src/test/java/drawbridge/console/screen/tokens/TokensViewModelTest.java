package drawbridge.console.screen.tokens;

import static drawbridge.console.model.Sessions.START;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.console.client.TokenCalls.Issued;
import drawbridge.console.client.TokenCalls.Wish;
import drawbridge.console.fake.FakeConsole;
import drawbridge.console.fake.FakeServer;
import drawbridge.console.fake.FakeSupervisor;
import drawbridge.console.fake.FakeTokens;
import drawbridge.console.fake.ManualLater;
import drawbridge.console.model.ConsoleModel;
import drawbridge.console.screen.Asked;
import drawbridge.console.screen.tokens.TokensViewModel.Inspected;
import drawbridge.console.ui.Background;
import drawbridge.console.ui.Words;
import drawbridge.model.Secret;
import drawbridge.model.view.OutboxMail;
import drawbridge.model.view.TrustTokenRow;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

class TokensViewModelTest {
    private final FakeConsole console = new FakeConsole(START);
    private final ManualLater later = console.later();
    private final FakeSupervisor supervisor = console.supervisor();
    private final FakeServer server = console.server();
    private final Background background = console.background();
    private final ConsoleModel model = console.model();
    private final Words words = Words.in(Locale.ENGLISH);
    private final List<String> toasts = new ArrayList<>();
    private final List<Asked> asked = new ArrayList<>();
    private final List<Issued> shown = new ArrayList<>();
    private final TokensViewModel tokens =
            new TokensViewModel(
                    model,
                    background,
                    later,
                    words,
                    (tone, title, text) -> toasts.add(tone + " " + title));

    @BeforeEach
    void run() {
        model.open();
        supervisor.enter(server.running());
        tokens.list().setShown(true);
        tokens.outbox().setShown(true);
        settle();
    }

    private void settle() {
        model.tick();
        later.elapse();
        model.tick();
    }

    private void issue(String purpose, String email, boolean send) {
        tokens.issue(
                new Wish("default", purpose, email, null, null, null, send),
                asked::add,
                shown::add);
    }

    private List<String> states() {
        return tokens.list().rows().stream().map(TrustTokenRow::state).toList();
    }

    @Test
    void showsTheLinkOnceOnlyWhereItIsNotMailed() {
        issue("magic_link", "ana@acme.example", true);
        assertThat(shown).isEmpty();
        assertThat(toasts).containsExactly("DONE A link for ana@acme.example was issued");

        issue("magic_link", "bob@acme.example", false);

        assertThat(shown).singleElement().extracting(Issued::email).isEqualTo("bob@acme.example");
        assertThat(asked).containsExactly(new Asked.Well(), new Asked.Well());
        assertThat(states()).containsExactly("open", "open");
    }

    @Test
    void revokesOneOrAllThatTheListIsChosenBy() {
        issue("magic_link", "ana@acme.example", true);
        issue("invite", "bob@acme.example", true);
        issue("invite", "cleo@acme.example", true);

        tokens.revoke(tokens.list().rows().getFirst(), "sent to the wrong person");
        assertThat(states()).containsExactly("revoked", "open", "open");
        assertThat(tokens.revocable()).as("without a kind or a user").isEmpty();

        tokens.kindProperty().set("invite");
        tokens.filterTextProperty().set("bob");
        settle();
        assertThat(tokens.revocable()).as("plain words choose nothing there").isEmpty();
        tokens.filterTextProperty().set("");
        settle();
        List<Long> counted = new ArrayList<>();
        tokens.countOpen(tokens.revocable().orElseThrow(), counted::add);
        assertThat(counted).containsExactly(2L);
        tokens.revokeAll(tokens.revocable().orElseThrow(), "");

        assertThat(states()).containsExactly("revoked", "revoked");
    }

    @Test
    void wipesWhatWasPastedOnceItWasJudged() {
        server.tokens().finds(FakeTokens.inspection(false, null));
        Secret token = Secret.ofText("v4.public.abc");

        tokens.inspect(token, "default");

        assertThat(tokens.inspectedProperty().get())
                .isInstanceOfSatisfying(
                        Inspected.Judged.class,
                        judged -> assertThat(judged.found().layers()).hasSize(6));
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> token.use(bytes -> bytes))
                .isInstanceOf(IllegalStateException.class);

        server.fallSilent("Nothing listens.");
        tokens.inspect(Secret.ofText("v4.public.abc"), "default");
        assertThat(tokens.inspectedProperty().get()).isInstanceOf(Inspected.Failed.class);
    }

    @ParameterizedTest
    @CsvSource({
        "v4.public.eyJ-_x.Zm9v, v4.public.eyJ-_x.Zm9v",
        "'  v4.public.eyJ.Zm9v \n', v4.public.eyJ.Zm9v",
        "https://t.example/auth/confirm?purpose=invite&token=v4.public.eyJ.Zm9v, v4.public.eyJ.Zm9v",
        "https://t.example/c?token=v4.public.eyJ.Zm9v&x=1, v4.public.eyJ.Zm9v",
        "rubbish, rubbish"
    })
    void findsTheTokenInWhatWasPasted(String pasted, String token) {
        assertThat(PastedToken.in(pasted)).isEqualTo(token);
    }

    @Test
    void showsMailsByTheirStateAndSendsThemAgain() {
        server.tokens()
                .hold(
                        new OutboxMail(
                                "mail_1",
                                "default",
                                "invite",
                                "ana@acme.example",
                                "You are invited",
                                null,
                                "failed",
                                5,
                                null,
                                "550 no such mailbox",
                                START,
                                null));
        tokens.mailStateProperty().set("failed");
        assertThat(tokens.outbox().rows()).hasSize(1);

        tokens.retry(tokens.outbox().rows().getFirst());

        assertThat(tokens.outbox().rows()).isEmpty();
        tokens.mailStateProperty().set("waiting");
        assertThat(tokens.outbox().rows()).hasSize(1);
    }
}
