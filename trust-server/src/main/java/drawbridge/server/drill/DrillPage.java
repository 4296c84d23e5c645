package drawbridge.server.drill;

import drawbridge.model.view.DrillFigure;
import drawbridge.model.view.DrillMark;
import drawbridge.model.view.DrillReport;
import drawbridge.model.view.DrillResult;
import drawbridge.model.view.DrillRun;
import drawbridge.model.view.DrillStep;
import drawbridge.model.view.ThreatReason;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;

/** The signed report as one page that needs nothing else, with what was signed inside it. */
public final class DrillPage {
    private static final String STYLE =
            """
            body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1c2128}
            h1{font-size:1.6rem}h2{font-size:1.15rem;margin:2rem 0 .3rem}
            .mark{display:inline-block;min-width:4.5rem;padding:.1rem .5rem;border-radius:.3rem;color:#fff;font-weight:600;
              font-size:.85rem;text-align:center;background:#57606a}
            .holds,.held{background:#1a7f37}.weak{background:#9a6700}.open{background:#cf222e}
            table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:.25rem .6rem .25rem 0;
              border-bottom:1px solid #d0d7de}
            pre{white-space:pre-wrap;overflow-wrap:anywhere;background:#f6f8fa;padding:.6rem;font-size:12px}
            summary{cursor:pointer;padding:.2rem 0}small{color:#57606a}
            @page{size:A4;margin:14mm}
            @media print{body{margin:0;padding:0;max-width:none;font-size:10pt;print-color-adjust:exact;-webkit-print-color-adjust:exact}
              h2,h2+p,summary{break-after:avoid}tr,summary{break-inside:avoid}pre{font-size:7pt;margin:.2rem 0 .6rem}
              details::details-content{content-visibility:visible;display:block}}
            """;

    private DrillPage() {}

    /** The page, in UTF-8. */
    public static String of(DrillReport report) {
        DrillRun run = DrillReports.run(report);
        StringBuilder page = new StringBuilder(64 * 1024);
        page.append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
                .append(text("Drills of " + run.tenant()))
                .append("</title><style>")
                .append(STYLE)
                .append("</style></head><body><h1>Drills of ")
                .append(text(run.tenant()))
                .append(' ')
                .append(mark(run.outcome() == null ? run.state() : run.outcome()))
                .append("</h1><p>")
                .append(
                        text(
                                "Run %s on node %s, version %s, from %s to %s, asked for by %s. %s %s"
                                        .formatted(
                                                run.id(),
                                                run.node(),
                                                run.server(),
                                                run.startedAt(),
                                                run.endedAt(),
                                                run.by(),
                                                run.state(),
                                                run.why())))
                .append("</p><table><tr><th>Threat<th>Outcome<th>Before<th>Last held</tr>");
        for (DrillResult drill : run.drills()) {
            page.append("<tr><td>")
                    .append(text(drill.id()))
                    .append("<td>")
                    .append(mark(outcome(drill)))
                    .append("<td>")
                    .append(text(when(drill.before(), true)))
                    .append("<td>")
                    .append(text(when(drill.lastHeld(), false)))
                    .append("</tr>");
        }
        page.append("</table>");
        run.drills().forEach(drill -> drill(page, drill));
        page.append("<h2>Signature</h2><p>Ed25519 by key <code>")
                .append(text(report.keyId()))
                .append("</code> at ")
                .append(text(report.signedAt().toString()))
                .append(
                        ". What was signed is in this page, as JSON, in the element <code>drawbridge-report</code>.</p>")
                .append("<script type=\"application/json\" id=\"drawbridge-report\">")
                // Within JSON texts alone, where this spelling means the same.
                .append(JsonMapper.shared().writeValueAsString(report).replace("<", "\\u003c"))
                .append("</script></body></html>\n");
        return page.toString();
    }

    private static void drill(StringBuilder page, DrillResult drill) {
        page.append("<h2>")
                .append(text(drill.id()))
                .append(' ')
                .append(mark(outcome(drill)))
                .append("</h2><p>")
                .append(text(drill.says()))
                .append("</p>");
        if (!drill.reasons().isEmpty()) {
            page.append("<ul>");
            for (ThreatReason reason : drill.reasons()) {
                page.append("<li>").append(text(reason.code() + ": " + reason.what()));
            }
            page.append("</ul>");
        }
        page.append("<table>");
        for (DrillFigure figure : drill.figures()) {
            page.append("<tr><th>")
                    .append(text(figure.name()))
                    .append("<td>")
                    .append(text(figure.value()))
                    .append("</tr>");
        }
        page.append("</table>");
        drill.steps().forEach(step -> step(page, step));
    }

    private static void step(StringBuilder page, DrillStep step) {
        page.append("<details><summary>")
                .append(mark(step.verdict()))
                .append(' ')
                .append(text(step.number() + ". " + step.tries()))
                .append("</summary><p>")
                .append(text("Must: " + step.must()))
                .append(step.saw() == null ? "" : "<br>" + text("Seen: " + step.saw()))
                .append("<br><small>")
                .append(
                        text(
                                "%s, %d µs, %d calls"
                                        .formatted(step.at(), step.tookMicros(), step.calls())))
                .append("</small></p>");
        if (!step.request().isEmpty()) {
            page.append("<pre>")
                    .append(text(step.request()))
                    .append("</pre><pre>")
                    .append(text(step.answer()))
                    .append("</pre>");
        }
        page.append("</details>");
    }

    private static String outcome(DrillResult drill) {
        return drill.outcome() == null ? drill.state() : drill.outcome();
    }

    private static String when(@Nullable DrillMark mark, boolean withOutcome) {
        return mark == null ? "never" : mark.at() + (withOutcome ? " " + mark.outcome() : "");
    }

    private static String mark(String word) {
        return "<span class=\"mark " + text(word) + "\">" + text(word) + "</span>";
    }

    private static String text(String plain) {
        return plain.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
