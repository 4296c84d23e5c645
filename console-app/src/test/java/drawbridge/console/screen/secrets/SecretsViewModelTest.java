package drawbridge.console.screen.secrets;

import static drawbridge.console.model.Sessions.START;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.console.client.SecretCalls.CallerSecret;
import drawbridge.console.client.SecretCalls.CallerWish;
import drawbridge.console.fake.FakeConsole;
import drawbridge.console.fake.FakeSecrets;
import drawbridge.console.fake.FakeServer;
import drawbridge.console.fake.FakeSupervisor;
import drawbridge.console.fake.ManualLater;
import drawbridge.console.fake.MutableClock;
import drawbridge.console.model.ConsoleModel;
import drawbridge.console.screen.secrets.SecretsViewModel.Asked;
import drawbridge.console.supervise.ServerState;
import drawbridge.console.ui.Background;
import drawbridge.console.ui.Formats;
import drawbridge.console.ui.Words;
import drawbridge.model.Problem;
import drawbridge.model.event.ServerEvent;
import drawbridge.model.view.CallerRow;
import drawbridge.model.view.CallerRow.Version;
import drawbridge.model.view.SecretUse;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

class SecretsViewModelTest {
    private static final String SHOP = "clr_shop";

    private final FakeConsole console = new FakeConsole(START);
    private final MutableClock clock = console.clock();
    private final ManualLater later = console.later();
    private final FakeSupervisor supervisor = console.supervisor();
    private final FakeServer server = console.server();
    private final Background background = console.background();
    private final ConsoleModel model = console.model();
    private final Words words = Words.in(Locale.ENGLISH);
    private final List<String> toasts = new ArrayList<>();
    private final List<CallerSecret> shown = new ArrayList<>();
    private final List<Asked> asked = new ArrayList<>();
    private final SecretsViewModel secrets =
            new SecretsViewModel(
                    model,
                    background,
                    later,
                    words,
                    new Formats(words, Locale.ENGLISH, ZoneOffset.UTC),
                    (tone, title, text) -> toasts.add(tone + " " + title));

    @BeforeEach
    void run() {
        model.open();
        supervisor.enter(server.running());
        secrets.create(wish("shop"), asked::add, shown::add);
        settle();
    }

    private static CallerWish wish(String name) {
        return new CallerWish(
                name,
                null,
                "drawbridge",
                "required",
                "STANDARD",
                "60s",
                "0s",
                "device",
                List.of("validate"),
                List.of());
    }

    private void settle() {
        model.tick();
        later.elapse();
    }

    private CallerState shop() {
        return secrets.caller(SHOP).orElseThrow();
    }

    private Version version(int number) {
        return shop().row().secrets().stream()
                .filter(version -> version.version() == number)
                .findFirst()
                .orElseThrow();
    }

    private CallerRow withRight(CallerRow.Right right) {
        CallerRow row = shop().row();
        return new CallerRow(
                row.id(),
                row.name(),
                row.tenant(),
                row.kit(),
                row.signals(),
                row.floor(),
                row.lease(),
                row.remember(),
                row.advancedMeans(),
                row.networks(),
                row.settingsFrom(),
                row.createdAt(),
                List.of(right),
                row.secrets(),
                row.rotation(),
                row.weaknesses());
    }

    private void used(SecretUse... uses) {
        server.tell(seq -> new ServerEvent.SecretsUsed(seq, clock.instant(), List.of(uses)));
    }

    @Test
    void handsNewSecretOnOnceAndKeepsNone() {
        assertThat(asked).containsExactly(new Asked.Well());
        assertThat(shown).hasSize(1);
        String text =
                shown.getFirst()
                        .secret()
                        .use(bytes -> new String(bytes, StandardCharsets.US_ASCII));
        assertThat(text).isEqualTo(FakeSecrets.TEXT);
        assertThat(shown.getFirst().toString()).doesNotContain(FakeSecrets.TEXT);
    }

    @Test
    void showsTheShareOfTheOldSecretAsItIsToldEachSecond() {
        secrets.rotate(SHOP, "24h", shown::add);
        settle();

        used(
                new SecretUse(SHOP, 1, 30, clock.instant()),
                new SecretUse(SHOP, 2, 10, clock.instant()));
        assertThat(shop().oldUse().orElseThrow().share()).isEqualTo(0.75);
        clock.advance(Duration.ofMinutes(1));
        used(new SecretUse(SHOP, 1, 0, START), new SecretUse(SHOP, 2, 40, clock.instant()));

        CallerState.Use use = shop().use(version(1));
        assertThat(use.share()).isZero();
        assertThat(use.isQuiet(clock.instant())).isFalse();
        assertThat(use.isQuiet(START.plus(Duration.ofMinutes(10)))).isTrue();
    }

    @Test
    void countsTheQuietTimeAnewWhenTheOldSecretIsUsedAgain() {
        secrets.rotate(SHOP, "24h", shown::add);
        settle();
        clock.advance(Duration.ofMinutes(9));

        used(new SecretUse(SHOP, 1, 0, clock.instant()));

        CallerState.Use use = shop().use(version(1));
        assertThat(use.isQuiet(START.plus(Duration.ofMinutes(10)))).isFalse();
        assertThat(use.isQuiet(START.plus(Duration.ofMinutes(19)))).isTrue();
    }

    @Test
    void readsAgainWhenRightsWereUsedWhileACallerIsLookedAt() {
        CallerRow.Right used = new CallerRow.Right("validate", true, 1, START);
        CallerRow.Right usedAgain = new CallerRow.Right("validate", true, 2, START.plusSeconds(20));

        server.secrets().hold(withRight(used));
        secrets.lookedAt(true);
        assertThat(shop().row().scopes()).containsExactly(used);

        server.secrets().hold(withRight(usedAgain));
        clock.advance(Duration.ofSeconds(20));
        settle();
        assertThat(shop().row().scopes()).containsExactly(usedAgain);
    }

    @Test
    void burnsAndReplacesInThatOrder() {
        secrets.burnAndReplace(SHOP, shown::add);
        settle();

        assertThat(server.secrets().asked())
                .containsExactly("create shop", "rotate clr_shop 0s", "burn clr_shop 1");
        assertThat(version(1).state()).isEqualTo("burned");
        assertThat(shop().row().newest().orElseThrow().version()).isEqualTo(2);
        assertThat(shown).hasSize(2);
    }

    @Test
    void tellsWhatIsWrongAtItsField() {
        server.secrets()
                .refuse(
                        new Problem(
                                false,
                                "networks: must be networks",
                                "networks: must be networks",
                                "INVALID_FIELD",
                                "networks",
                                null));

        secrets.create(wish("other"), asked::add, shown::add);

        assertThat(asked)
                .last()
                .isEqualTo(new Asked.Badly("networks", "networks: must be networks"));
        assertThat(shown).hasSize(1);
    }

    @Test
    void saysThatNothingWasSentWhileThereIsNoServer() {
        supervisor.enter(new ServerState.Stopped());

        secrets.create(wish("other"), asked::add, shown::add);

        assertThat(asked).last().isInstanceOf(Asked.Badly.class);
        assertThat(secrets.callers()).as("what was read stays").hasSize(1);
        assertThat(secrets.canAct()).isFalse();
    }

    @Test
    void callsSecretOverdueByTimeAlone() {
        assertThat(shop().flags(clock.instant())).isEmpty();

        assertThat(shop().flags(START.plus(Duration.ofDays(90)))).containsExactly("overdue");
        assertThat(secrets.attention()).isZero();
    }

    @Test
    void findsCallersByWhatIsWrongWithThem() {
        clock.advance(Duration.ofDays(91));
        settle();

        secrets.filterProperty().set("overdue");
        assertThat(secrets.callers()).hasSize(1);
        secrets.filterProperty().set("when-sent");
        assertThat(secrets.callers()).isEmpty();
    }
}
