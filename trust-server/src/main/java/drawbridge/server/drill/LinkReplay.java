package drawbridge.server.drill;

import drawbridge.model.Threat;
import drawbridge.model.view.ThreatReason;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/**
 * A link that logs in is looked at by a mail scanner, opened twice at the same time, and once more
 * later. It must be worth one login, no more and, whatever scanners do, no less.
 */
final class LinkReplay implements Attack {
    private static final Executor SIDE_BY_SIDE =
            work -> Thread.ofVirtual().name("drill-link").start(work);

    @Override
    public Threat threat() {
        return Threat.LINK_REPLAY;
    }

    @Override
    public String holds() {
        return "the link was worth exactly one login: no look at it used it up, and no second use of it was taken";
    }

    private record Link(String token, URI url, Duration lifetime) {
        @Override
        public String toString() {
            return "Link[redacted]";
        }
    }

    @Override
    public void play(Stage stage) {
        Sandbox sandbox = stage.sandbox();
        Link superseded = issue(stage, "the link of a first mail");
        Link link = issue(stage, "the link of a second mail");
        Exchange old = open(sandbox, superseded);
        stage.judge(
                "the link of the first mail, after the second was sent",
                "refused: a newer link ends older ones",
                old,
                !old.isGood(),
                used("a link worked although a newer one had been sent"));
        look(stage, link);
        atOnce(stage, link);
        Exchange later = open(sandbox, link);
        stage.judge(
                "the same link once more, later",
                "refused",
                later,
                !later.isGood(),
                used("a link that was used worked once more"));
        stage.figure("lifetime of a link", link.lifetime().toMinutes() + " min");
        stage.check(
                "how long a link works until it is used",
                "an hour at most",
                link.lifetime().compareTo(Controls.LONGEST_LINK) <= 0,
                link.lifetime().toMinutes() + " minutes",
                List.of(Controls.linkLivesLong(sandbox.settings())));
    }

    private static List<ThreatReason> used(String what) {
        return List.of(Reasons.ofServer("link_used_twice", what));
    }

    private static Link issue(Stage stage, String what) {
        Sandbox sandbox = stage.sandbox();
        Exchange issued =
                sandbox.bridge("/bridge/tokens", sandbox.own())
                        .json(
                                Map.of(
                                        "purpose", "magic_link",
                                        "email", "linked@drill.invalid",
                                        "send", false))
                        .send();
        stage.prepared(what + " is issued", issued);
        String token = issued.body().path("data").path("token").asString("");
        sandbox.hide(token, "token of " + what);
        String expires = issued.body().path("data").path("expires_at").asString("");
        return new Link(
                token,
                URI.create(issued.body().path("data").path("link").asString("")),
                Duration.between(stage.now(), Instant.parse(expires)));
    }

    private static Exchange open(Sandbox sandbox, Link link) {
        return sandbox.client("POST", "/token/login", sandbox.newAddress())
                .header("User-Agent", "Mozilla/5.0 (drill)")
                .json(Map.of("token", link.token()))
                .send();
    }

    /** What reads mails before people do follows every link in them. */
    private static void look(Stage stage, Link link) {
        Sandbox sandbox = stage.sandbox();
        String scanner = sandbox.newAddress();
        Exchange page =
                sandbox.client("GET", "/confirm?" + link.url().getRawQuery(), scanner)
                        .header("User-Agent", "MailScanner/1.0")
                        .send();
        stage.judge(
                "a scanner fetches the link",
                "a page for people; no session, nothing used up",
                page,
                page.isGood()
                        && page.cookies().stream()
                                .noneMatch(cookie -> cookie.contains("session_id=ses_")),
                List.of(
                        Reasons.ofServer(
                                "scanner_logged_in",
                                "a scanner that fetched the link got a session")));
        Exchange check =
                sandbox.client("GET", "/token/validate?token=" + link.token(), scanner)
                        .header("User-Agent", "MailScanner/1.0")
                        .send();
        stage.judge(
                "the scanner asks whether the link's token is good",
                "it is: looking used nothing up",
                check,
                check.isGood(),
                List.of(
                        Reasons.ofServer(
                                "looking_consumes", "a scanner that fetched the link used it up")));
    }

    private static void atOnce(Stage stage, Link link) {
        Sandbox sandbox = stage.sandbox();
        CompletableFuture<Exchange> one =
                CompletableFuture.supplyAsync(() -> open(sandbox, link), SIDE_BY_SIDE);
        CompletableFuture<Exchange> other =
                CompletableFuture.supplyAsync(() -> open(sandbox, link), SIDE_BY_SIDE);
        Exchange first;
        Exchange second;
        try {
            first = one.join();
            second = other.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof DrillException cause ? cause : e;
        }
        int logins = (first.isGood() ? 1 : 0) + (second.isGood() ? 1 : 0);
        stage.judge(
                "two open the link at the same time",
                "exactly one is logged in",
                first.isGood() ? second : first,
                2,
                logins == 1,
                "one was answered with %s, the other with %s"
                        .formatted(first.brief(), second.brief()),
                logins == 0
                        ? List.of(
                                Reasons.ofServer("looking_consumes", "the link worked for nobody"))
                        : used("one link logged two in"));
    }
}
