package drawbridge.console.screen.routes;

import static drawbridge.console.fake.FakeRoutes.rule;
import static drawbridge.console.model.Sessions.START;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.console.fake.FakeConsole;
import drawbridge.console.fake.FakeRoutes;
import drawbridge.console.fake.FakeServer;
import drawbridge.console.fake.FakeSupervisor;
import drawbridge.console.fake.ManualLater;
import drawbridge.console.fake.MutableClock;
import drawbridge.console.model.ConsoleModel;
import drawbridge.console.screen.routes.RuleDraft.Change;
import drawbridge.console.supervise.ServerState;
import drawbridge.console.ui.Background;
import drawbridge.console.ui.Words;
import drawbridge.model.view.RouteRule;
import drawbridge.model.view.RouteUses;
import drawbridge.model.view.TenantName;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

class RoutesViewModelTest {
    private final FakeConsole console = new FakeConsole(START);
    private final MutableClock clock = console.clock();
    private final ManualLater later = console.later();
    private final FakeSupervisor supervisor = console.supervisor();
    private final FakeServer server = console.server();
    private final FakeRoutes there = server.routes();
    private final Background background = console.background();
    private final ConsoleModel model = console.model();
    private final List<String> toasts = new ArrayList<>();
    private final RoutesViewModel routes =
            new RoutesViewModel(
                    model,
                    background,
                    later,
                    Words.in(Locale.ENGLISH),
                    (tone, title, text) -> toasts.add(tone + " " + title + " " + text));

    @BeforeEach
    void run() {
        there.put(
                "default",
                "admin",
                "first",
                rule("POST", "/payments/*", "STANDARD"),
                rule("GET", "/app/**", "STANDARD"),
                rule("*", "/**", "STANDARD"));
        model.open();
        supervisor.enter(server.running());
        settle();
        routes.shown();
        settle();
    }

    private void settle() {
        model.tick();
        later.elapse();
        later.elapse();
    }

    private void passSeconds(int seconds) {
        for (int i = 0; i < seconds; i++) {
            clock.advance(Duration.ofSeconds(1));
            settle();
        }
    }

    private List<String> patterns() {
        return routes.draft().stream().map(rule -> rule.patternProperty().get()).toList();
    }

    @Test
    void judgesTheDraftBeforeAnythingIsSavedAndSavesItAsAVersion() {
        routes.proposeMode(0, "STRICT");
        routes.draft().get(0).patternProperty().set("/payments/**");
        assertThat(there.whatIfs()).isZero(); // typing goes on
        settle();

        assertThat(routes.changesProperty().get()).isEqualTo(1);
        assertThat(there.whatIfs()).isEqualTo(1);
        assertThat(routes.judgementProperty().get()).isInstanceOf(Judgement.Done.class);
        assertThat(there.inForce("default").version()).isEqualTo(1);
        assertThat(routes.canSave()).isTrue();

        routes.save("payments are strict");
        settle();

        assertThat(there.inForce("default").version()).isEqualTo(2);
        assertThat(there.inForce("default").note()).isEqualTo("payments are strict");
        assertThat(there.inForce("default").rules().getFirst().mode()).isEqualTo("STRICT");
        assertThat(routes.isDirty()).isFalse();
        assertThat(toasts).singleElement().asString().startsWith("DONE Version 2");
    }

    @Test
    void keepsTheWishToReviewUntilTheDraftIsJudged() {
        assertThat(routes.awaitReview()).isFalse(); // nothing is staged
        routes.proposeMode(0, "STRICT");
        assertThat(routes.awaitReview()).isTrue();
        settle();
        assertThat(routes.canSave()).isTrue();
        assertThat(routes.takeAwaitedReview()).isTrue();
        assertThat(routes.takeAwaitedReview()).isFalse(); // once
        assertThat(routes.awaitReview()).isFalse(); // it is judged: nothing to wait for

        routes.proposeMode(0, "ADVANCED");
        assertThat(routes.awaitReview()).isTrue();
        routes.proposeMode(1, "ADVANCED"); // whoever goes on wants no dialog yet
        settle();
        assertThat(routes.takeAwaitedReview()).isFalse();
    }

    @Test
    void tellsWhichFieldIsWrongInTheWordsOfTheServer() {
        routes.proposePattern(1, "app");
        settle();

        RuleDraft.Wrong wrong = routes.draft().get(1).wrongProperty().get().orElseThrow();
        assertThat(wrong.field()).isEqualTo(RuleDraft.Field.PATTERN);
        assertThat(wrong.text()).isEqualTo("must begin with a slash");
        assertThat(routes.judgementProperty().get())
                .isEqualTo(new Judgement.Wrong("Line 2, pattern: must begin with a slash"));
        assertThat(routes.canSave()).isFalse();

        routes.proposePattern(1, "/app");
        settle();

        assertThat(routes.draft().get(1).wrongProperty().get()).isEmpty();
        assertThat(routes.canSave()).isTrue();
    }

    @Test
    void readsNoRateThatIsNoNumber() {
        routes.draft().get(2).rateProperty().set("many");
        settle();

        assertThat(routes.draft().get(2).wrongProperty().get().orElseThrow().field())
                .isEqualTo(RuleDraft.Field.RATE);
        assertThat(there.whatIfs()).isZero();
        assertThat(routes.changesProperty().get()).isEqualTo(1);
    }

    @Test
    void movesRulesAndTakesEachStepBack() {
        routes.move(2, 0);
        assertThat(routes.draft().get(0).changeProperty().get()).isEqualTo(Change.MOVED);
        routes.add(0);
        routes.remove(routes.draft().get(2));

        assertThat(patterns()).containsExactly("/**", "/", "/app/**");
        assertThat(routes.draft().get(1).changeProperty().get()).isEqualTo(Change.ADDED);
        assertThat(routes.changesProperty().get()).isEqualTo(3);

        routes.undo();
        assertThat(patterns()).containsExactly("/**", "/", "/payments/*", "/app/**");
        routes.undo();
        routes.undo();
        assertThat(patterns()).containsExactly("/payments/*", "/app/**", "/**");
        assertThat(routes.isDirty()).isFalse();
        assertThat(routes.undo()).isFalse();
    }

    @Test
    void takesTypingInOneFieldBackAtOnce() {
        routes.proposePattern(0, "/p");
        routes.proposePattern(0, "/pa");
        routes.proposePattern(0, "/pay");
        routes.undo();

        assertThat(patterns()).contains("/payments/*");
    }

    @Test
    void losesNothingWhenSomebodyElseIsQuicker() {
        routes.proposeMode(0, "STRICT");
        there.put(
                "default",
                "admin",
                "theirs",
                rule("*", "/admin/**", "STRICT"),
                rule("POST", "/payments/*", "STANDARD"),
                rule("GET", "/app/**", "STANDARD"),
                rule("*", "/**", "STANDARD"));
        settle();
        routes.save("");
        settle();

        assertThat(there.inForce("default").version()).isEqualTo(2);
        assertThat(routes.conflictProperty().get().orElseThrow().version()).isEqualTo(2);
        assertThat(routes.draft().getFirst().modeProperty().get()).isEqualTo("STRICT");
        assertThat(routes.canSave()).isFalse();

        routes.rebase();
        settle();

        assertThat(patterns()).containsExactly("/admin/**", "/payments/*", "/app/**", "/**");
        assertThat(routes.changesProperty().get()).isEqualTo(1);
        routes.save("");
        settle();
        assertThat(there.inForce("default").version()).isEqualTo(3);
        assertThat(there.inForce("default").rules().get(1).mode()).isEqualTo("STRICT");
    }

    @Test
    void noticesAnotherVersionByItselfAndShowsItWhileNothingIsStaged() {
        there.put("default", "admin", "theirs", rule("*", "/admin/**", "STRICT"));
        passSeconds(6);

        assertThat(patterns()).containsExactly("/admin/**");
        assertThat(routes.conflictProperty().get()).isEmpty();
    }

    @Test
    void keepsTheDraftWhileTheServerIsAway() {
        routes.proposeMode(0, "STRICT");
        supervisor.enter(
                new ServerState.Waiting("killed by signal 9", 1, clock.instant().plusSeconds(4)));
        settle();

        assertThat(routes.judgementProperty().get()).isInstanceOf(Judgement.Failed.class);
        assertThat(routes.canSave()).isFalse();

        supervisor.enter(server.running());
        settle();
        routes.judge();

        assertThat(routes.draft().getFirst().modeProperty().get()).isEqualTo("STRICT");
        assertThat(routes.canSave()).isTrue();
    }

    @Test
    void putsTheDraftAsideForAnotherTenant() {
        there.tenant(new TenantName("acme", "Acme"));
        there.put("acme", "admin", "", rule("*", "/acme", "ADVANCED"));
        routes.proposeMode(0, "STRICT");

        routes.choose("acme");
        settle();
        assertThat(patterns()).containsExactly("/acme");
        assertThat(routes.isDirty()).isFalse();

        routes.choose("default");
        settle();
        assertThat(routes.draft().getFirst().modeProperty().get()).isEqualTo("STRICT");
        assertThat(routes.isDirty()).isTrue();
    }

    @Test
    void bringsAnOldVersionBackByItsNumberUnlessItWasEdited() {
        there.put("default", "admin", "second", rule("*", "/**", "STRICT"));
        routes.refetch();
        settle();

        routes.proposeVersion(1);
        settle();
        assertThat(patterns()).hasSize(3);
        routes.save("");
        settle();
        assertThat(there.inForce("default").note()).isEqualTo("version 1 restored");

        routes.proposeVersion(2);
        routes.proposeMode(0, "ADVANCED");
        settle();
        routes.save("edited");
        settle();
        assertThat(there.inForce("default").note()).isEqualTo("edited");
    }

    @Test
    void movesRulesByFileThroughTheDraft(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("policies.json");
        routes.exportTo(file);
        assertThat(Files.readString(file)).contains("\"/payments/*\"");

        Files.writeString(file, Files.readString(file).replace("/payments/*", "/pay/*"));
        routes.importFrom(file);
        settle();

        assertThat(patterns()).containsExactly("/pay/*", "/app/**", "/**");
        assertThat(routes.suggestedNoteProperty().get()).isEqualTo("imported from policies.json");
        assertThat(there.inForce("default").version()).isEqualTo(1);

        Files.writeString(file, "{\"format\":\"something/9\",\"rules\":[]}");
        routes.importFrom(file);
        assertThat(toasts).last().asString().startsWith("PROBLEM File not read");
    }

    @Test
    void showsCountsBesideTheRuleWhereverTheDraftPutsIt() {
        RouteRule first = there.inForce("default").rules().getFirst();
        there.used(first.route(), new RouteUses.Use(7, 0, List.of(), List.of(7L), List.of(0L)));
        passSeconds(6);
        routes.move(0, 2);

        assertThat(routes.draft().get(2).useProperty().get().orElseThrow().calls()).isEqualTo(7);
    }
}
