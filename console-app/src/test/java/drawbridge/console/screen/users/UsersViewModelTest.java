package drawbridge.console.screen.users;

import static drawbridge.console.model.Sessions.START;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.console.client.UserCalls;
import drawbridge.console.fake.FakeConsole;
import drawbridge.console.fake.FakeServer;
import drawbridge.console.fake.FakeSupervisor;
import drawbridge.console.fake.FakeUsers;
import drawbridge.console.fake.ManualLater;
import drawbridge.console.fake.MutableClock;
import drawbridge.console.model.ConsoleModel;
import drawbridge.console.screen.Asked;
import drawbridge.console.screen.users.UsersViewModel.Standing;
import drawbridge.console.supervise.ServerState;
import drawbridge.console.ui.Background;
import drawbridge.console.ui.Formats;
import drawbridge.console.ui.Words;
import drawbridge.model.Problem;
import drawbridge.model.Secret;
import drawbridge.model.view.UserRow;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

class UsersViewModelTest {
    private final FakeConsole console = new FakeConsole(START);
    private final MutableClock clock = console.clock();
    private final ManualLater later = console.later();
    private final FakeSupervisor supervisor = console.supervisor();
    private final FakeServer server = console.server();
    private final Background background = console.background();
    private final ConsoleModel model = console.model();
    private final Words words = Words.in(Locale.ENGLISH);
    private final List<String> toasts = new ArrayList<>();
    private final List<Asked> asked = new ArrayList<>();
    private final UsersViewModel users =
            new UsersViewModel(
                    model,
                    background,
                    later,
                    words,
                    (tone, title, text) -> toasts.add(tone + " " + title));
    private final TenantsViewModel tenants =
            new TenantsViewModel(
                    model,
                    background,
                    words,
                    new Formats(words, Locale.ENGLISH, ZoneOffset.UTC),
                    (tone, title, text) -> toasts.add(tone + " " + text));

    @BeforeEach
    void run() {
        server.users().hold(FakeUsers.well("usr_ana", "ana@acme.example", "Ana", START));
        server.users().hold(FakeUsers.well("usr_bob", "bob@acme.example", "Bob", START));
        model.open();
        supervisor.enter(server.running());
        users.list().setShown(true);
        settle();
    }

    private void settle() {
        model.tick();
        later.elapse();
        model.tick();
    }

    private List<String> found() {
        return users.list().rows().stream().map(UserRow::email).toList();
    }

    private UserRow ana() {
        return users.list().rows().getFirst();
    }

    @Test
    void findsByWhatIsTypedAndByHowTheyStand() {
        assertThat(found()).containsExactly("ana@acme.example", "bob@acme.example");

        users.filterTextProperty().set("bob");
        assertThat(found()).as("not before the typing pauses").hasSize(2);
        settle();
        assertThat(found()).containsExactly("bob@acme.example");

        users.filterTextProperty().set("bob tenant:elsewhere");
        settle();
        assertThat(found()).isEmpty();

        users.find("");
        users.standingProperty().set(Standing.LOCKED);
        assertThat(found()).isEmpty();
    }

    @Test
    void namesTheWordThatCannotBeReadAndKeepsTheList() {
        users.filterTextProperty().set("ana tennant:acme");
        settle();

        assertThat(users.problemProperty().get())
                .hasValueSatisfying(problem -> {
                    assertThat(problem.position()).isEqualTo(4);
                    assertThat(problem.length()).isEqualTo("tennant:acme".length());
                    assertThat(problem.isBegun()).isFalse();
                });
        assertThat(found()).hasSize(2);
    }

    @Test
    void locksWithItsReasonAndUnlocks() {
        users.open(ana());

        users.lock(ana(), "left the company");

        assertThat(server.users().reasons()).containsExactly("left the company");
        assertThat(users.openProperty().get()).map(UserRow::state).contains("disabled");
        assertThat(ana().state()).isEqualTo("disabled");
        users.unlock(ana());
        assertThat(users.openProperty().get()).map(UserRow::state).contains("active");
        assertThat(toasts)
                .containsExactly(
                        "DONE ana@acme.example is locked", "DONE ana@acme.example is unlocked");
    }

    @Test
    void saysWhyItWasNotDoneAndChangesNothing() {
        server.refuse(new Problem(false, "busy", "try later", "BUSY", null, "req-1"));

        users.lock(ana(), "");

        assertThat(toasts).containsExactly("PROBLEM ana@acme.example");
        assertThat(ana().state()).isEqualTo("active");
        assertThat(users.workingProperty().get()).isFalse();
    }

    @Test
    void mailsALinkWithoutSeeingIt() {
        users.mail(ana(), "password_reset");

        assertThat(server.tokens().wishes())
                .singleElement()
                .satisfies(wish -> {
                    assertThat(wish.userId()).isEqualTo("usr_ana");
                    assertThat(wish.send()).isTrue();
                });
    }

    @Test
    void wipesThePasswordOfANewAccountAndTellsItsFaultAtItsField() {
        Secret weak = Secret.ofText("short");
        users.create(wish(weak), asked::add);
        Secret good = Secret.ofText("violet harbour lantern 42");
        users.create(wish(good), asked::add);

        assertThat(asked)
                .containsExactly(
                        new Asked.Badly("password", "password: give 15 characters or more"),
                        new Asked.Well());
        assertThat(users.openProperty().get()).map(UserRow::email).contains("new@acme.example");
        for (Secret password : List.of(weak, good)) {
            assertThat(isWiped(password)).isTrue();
        }
    }

    private static UserCalls.Wish wish(Secret password) {
        return new UserCalls.Wish("default", "new@acme.example", "", "", "user", false, password);
    }

    private static boolean isWiped(Secret secret) {
        try {
            secret.use(bytes -> bytes);
            return false;
        } catch (IllegalStateException e) {
            return true;
        }
    }

    @Test
    void readsAgainWhatIsShownAndNothingElse() {
        server.users().hold(FakeUsers.well("usr_cleo", "cleo@acme.example", "Cleo", START));
        for (int i = 0; i < 6; i++) {
            clock.advance(Duration.ofSeconds(1));
            model.tick();
        }
        assertThat(found()).contains("cleo@acme.example");

        users.list().setShown(false);
        server.users().hold(FakeUsers.well("usr_dan", "dan@acme.example", "Dan", START));
        for (int i = 0; i < 6; i++) {
            clock.advance(Duration.ofSeconds(1));
            model.tick();
        }
        assertThat(found()).doesNotContain("dan@acme.example");
    }

    @Test
    void keepsWhatWasReadWhenTheServerGoesAway() {
        supervisor.enter(new ServerState.Waiting("killed by signal 9", 2, START.plusSeconds(4)));
        settle();

        assertThat(found()).hasSize(2);
        assertThat(users.canAct()).isFalse();
        users.lock(ana(), "");
        assertThat(server.users().reasons()).isEmpty();
    }

    @Test
    void knowsOfSeveralTenantsOnlyOnceThereAreSeveral() {
        assertThat(tenants.severalProperty().get()).isFalse();

        tenants.create(
                "acme",
                "Acme",
                new drawbridge.console.client.TenantCalls.Bounds(5, 0, 0),
                asked::add);

        assertThat(tenants.severalProperty().get()).isTrue();
        assertThat(tenants.ids()).containsExactly("default", "acme");
        tenants.suspend(tenants.list().rows().get(1), "unpaid");
        assertThat(tenants.list().rows().get(1).state()).isEqualTo("suspended");
        tenants.resume(tenants.list().rows().get(1));
        tenants.endSessions(tenants.list().rows().get(1), "");
        assertThat(toasts)
                .containsExactly(
                        "DONE acme was created.",
                        "DONE acme is suspended; its sessions have ended.",
                        "DONE acme is active again.",
                        "DONE 0 sessions ended, on every node, in 9 ms.");
    }
}
