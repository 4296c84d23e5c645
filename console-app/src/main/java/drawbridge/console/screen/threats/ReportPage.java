package drawbridge.console.screen.threats;

import drawbridge.console.ui.Formats;
import drawbridge.console.ui.Words;
import drawbridge.model.view.DrillFigure;
import drawbridge.model.view.DrillMark;
import drawbridge.model.view.DrillReport;
import drawbridge.model.view.DrillResult;
import drawbridge.model.view.DrillRun;
import drawbridge.model.view.DrillStep;
import drawbridge.model.view.ThreatReason;

import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * A report as one page of HTML without scripts, pictures or anything from elsewhere: it is mailed,
 * kept and printed. What a server told is text in it and nothing else. Safe for many threads.
 */
final class ReportPage {
    private final Words words;
    private final Formats formats;
    private final String template;

    ReportPage(Words words, Formats formats) {
        this.words = words;
        this.formats = formats;
        this.template = read();
    }

    private static String read() {
        try (InputStream file =
                Objects.requireNonNull(
                        ReportPage.class.getResourceAsStream("report.html"), "report.html")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The page of that run. */
    String of(DrillReport report, DrillRun run) {
        StringBuilder drills = new StringBuilder();
        StringBuilder rows = new StringBuilder();
        for (DrillResult drill : run.drills()) {
            row(rows, drill);
            drill(drills, drill);
        }
        Outcome outcome = Outcome.of(run.outcome());
        return template.replace("{{title}}", text(words.get("report.title", run.tenant())))
                .replace("{{outcome}}", outcome.key())
                .replace("{{verdict}}", text(words.oneOf("report.verdict", verdict(run))))
                .replace("{{compared}}", text(compared(run)))
                .replace("{{facts}}", facts(report, run))
                .replace("{{heads}}", heads())
                .replace("{{rows}}", rows)
                .replace("{{drills}}", drills)
                .replace("{{signedTitle}}", text(words.get("report.signed.title")))
                .replace("{{signedAbout}}", text(words.get("report.signed.about")))
                .replace("{{signed}}", signed(report));
    }

    /** Of a run that did not come to its end nothing is said that it did not show. */
    private static String verdict(DrillRun run) {
        return run.state().equals("ended") ? Outcome.of(run.outcome()).key() : run.state();
    }

    private String compared(DrillRun run) {
        Comparison found = Comparison.of(run);
        return found.isFirst()
                ? words.get("threats.compared.first")
                : words.get("threats.compared.counts", found.better(), found.worse(), found.same());
    }

    private String facts(DrillReport report, DrillRun run) {
        StringBuilder facts = new StringBuilder();
        Instant end = run.endedAt() == null ? report.signedAt() : run.endedAt();
        fact(facts, "tenant", run.tenant());
        fact(facts, "run", run.id());
        fact(facts, "began", when(run.startedAt()));
        fact(facts, "took", formats.span(Duration.between(run.startedAt(), end)));
        fact(facts, "by", run.by());
        fact(facts, "server", run.server());
        fact(facts, "node", run.node());
        fact(facts, "sandbox", run.sandbox());
        if (!run.why().isEmpty()) {
            fact(facts, "why", run.why());
        }
        return facts.toString();
    }

    private String when(Instant at) {
        return words.get("report.when", formats.dateTime(at), formats.utc(at));
    }

    private void fact(StringBuilder to, String key, String value) {
        to.append(
                "<dt>%s</dt><dd>%s</dd>\n"
                        .formatted(text(words.oneOf("report.fact", key)), text(value)));
    }

    private String heads() {
        StringBuilder heads = new StringBuilder();
        for (String key : new String[] {"threat", "outcome", "before", "change", "steps"}) {
            heads.append(
                    "<th scope=\"col\">%s</th>".formatted(text(words.oneOf("report.head", key))));
        }
        return heads.toString();
    }

    private void row(StringBuilder to, DrillResult drill) {
        Outcome outcome = Outcome.of(drill.outcome());
        DrillMark before = drill.before();
        Outcome then = Outcome.of(before == null ? null : before.outcome());
        String change =
                before == null || outcome == Outcome.UNKNOWN
                        ? "none"
                        : outcome.isBetterThan(then)
                                ? "better"
                                : then.isBetterThan(outcome) ? "worse" : "same";
        to.append(
                "<tr><th scope=\"row\"><a href=\"#%s\">%s</a></th><td>%s</td><td>%s</td><td class=\"change-%s\">%s</td><td class=\"number\">%s</td></tr>\n"
                        .formatted(
                                text(drill.id()),
                                text(words.oneOf("threat.name", drill.id())),
                                badge(outcome, state(drill)),
                                before == null
                                        ? text(words.get("report.never"))
                                        : text(
                                                words.get(
                                                        "report.before",
                                                        words.oneOf("threats.state", then.key()),
                                                        formats.dateTime(before.at()))),
                                change,
                                text(words.oneOf("report.change", change)),
                                text(formats.number(drill.steps().size()))));
    }

    /** The outcome's word, or why there is none. */
    private String state(DrillResult drill) {
        return drill.outcome() == null
                ? words.oneOf("threats.drillState", drill.state())
                : words.oneOf("threats.state", Outcome.of(drill.outcome()).key());
    }

    private static String badge(Outcome outcome, String word) {
        String sign =
                switch (outcome) {
                    case HOLDS -> "✓";
                    case WEAK -> "!";
                    case OPEN -> "✕";
                    case UNKNOWN -> "–";
                };
        return "<span class=\"badge %s\"><span aria-hidden=\"true\">%s</span> %s</span>"
                .formatted(outcome.key(), sign, text(word));
    }

    private void drill(StringBuilder to, DrillResult drill) {
        to.append(
                "<section id=\"%s\">\n<h2>%s %s</h2>\n"
                        .formatted(
                                text(drill.id()),
                                text(words.oneOf("threat.name", drill.id())),
                                badge(Outcome.of(drill.outcome()), state(drill))));
        if (!drill.says().isEmpty()) {
            to.append("<p class=\"says\">%s</p>\n".formatted(text(Sentence.of(drill.says()))));
        }
        to.append(
                "<dl class=\"against\"><dt>%s</dt><dd>%s</dd><dt>%s</dt><dd>%s</dd></dl>\n"
                        .formatted(
                                text(words.get("threats.column.naive")),
                                text(words.oneOf("threat.naive", drill.id())),
                                text(words.get("threats.column.ours")),
                                text(words.oneOf("threat.ours", drill.id()))));
        if (!drill.reasons().isEmpty()) {
            to.append("<ul class=\"reasons\">\n");
            for (ThreatReason reason : drill.reasons()) {
                to.append(
                        "<li>%s %s</li>\n"
                                .formatted(
                                        badge(
                                                Outcome.of(reason.state()),
                                                words.oneOf(
                                                        "threats.state",
                                                        Outcome.of(reason.state()).key())),
                                        text(Sentence.of(reason.what()))));
            }
            to.append("</ul>\n");
        }
        if (!drill.figures().isEmpty()) {
            to.append("<dl class=\"figures\">\n");
            for (DrillFigure figure : drill.figures()) {
                to.append(
                        "<div><dt>%s</dt><dd>%s</dd></div>\n"
                                .formatted(text(figure.name()), text(figure.value())));
            }
            to.append("</dl>\n");
        }
        drill.steps().forEach(step -> step(to, step));
        to.append("</section>\n");
    }

    private void step(StringBuilder to, DrillStep step) {
        Outcome outcome = Outcome.of(step.verdict());
        to.append(
                "<article class=\"step %s\">\n<h3><span class=\"no\">%s</span> %s</h3>\n"
                        .formatted(
                                outcome.key(),
                                text(formats.number(step.number())),
                                text(Sentence.of(step.tries()))));
        boolean prepares = step.verdict().equals("done");
        to.append(
                "<p class=\"must\">%s %s</p>\n"
                        .formatted(
                                badge(outcome, words.oneOf("threats.verdict", step.verdict())),
                                prepares ? "" : text(named("threats.step.must", step.must()))));
        if (step.saw() != null) {
            to.append("<p>%s</p>\n".formatted(text(named("threats.step.saw", step.saw()))));
        }
        if (step.status() > 0) {
            to.append(
                    "<p class=\"took\">%s</p>\n"
                            .formatted(text(StepWords.took(step, words, formats))));
        }
        to.append("<div class=\"exchange\">\n");
        exchange(to, words.get("threats.step.request"), step.request());
        exchange(to, words.get("threats.step.answer"), step.answer());
        to.append("</div>\n</article>\n");
    }

    private String named(String key, String part) {
        return words.get("report.named", words.get(key), Sentence.of(part));
    }

    private static void exchange(StringBuilder to, String name, String content) {
        if (!content.isEmpty()) {
            to.append(
                    "<div><h4>%s</h4>\n<pre>%s</pre></div>\n".formatted(text(name), text(content)));
        }
    }

    /** The signed text, where a program can find it and a browser does nothing with it. */
    private String signed(DrillReport report) {
        StringBuilder facts = new StringBuilder("<dl class=\"facts\">\n");
        fact(facts, "signedAt", when(report.signedAt()));
        fact(facts, "keyId", report.keyId());
        fact(facts, "publicKey", report.publicKey());
        fact(facts, "signature", report.signature());
        facts.append("</dl>\n<script type=\"application/json\" id=\"signed-report\">")
                .append(JsonMapper.shared().writeValueAsString(report).replace("<", "\\u003c"))
                .append("</script>");
        return facts.toString();
    }

    /** As text, in an element or an attribute in quotes. */
    private static String text(String raw) {
        return raw.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
