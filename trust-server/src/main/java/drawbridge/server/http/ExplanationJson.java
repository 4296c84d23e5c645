package drawbridge.server.http;

import drawbridge.model.Signal;
import drawbridge.model.ValidationMode;
import drawbridge.server.bridge.Explanation;
import drawbridge.server.bridge.Recent.Judged;
import drawbridge.server.bridge.Recent.Seen;
import drawbridge.server.judge.Verdict.Reason;
import drawbridge.server.policy.PolicyRule;
import drawbridge.server.policy.RouteTable.Decision;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Locale;

/** Explanations as the admin API shows them. */
final class ExplanationJson {
    private ExplanationJson() {}

    /** What was asked, by whom, of which session, and how it ended. */
    static void put(ObjectNode json, Judged call) {
        json.put("caller", call.caller().name());
        json.put("callerId", call.caller().id());
        json.put("tenant", call.caller().tenant().value());
        json.put("route", call.route());
        json.put("verdict", call.ending().name().toLowerCase(Locale.ROOT));
        Reason reason = call.reason();
        json.put("reason", reason == null ? null : reason.wireName());
        Signal signal = call.signal();
        json.put("signal", signal == null ? null : signal.wireName());
        Seen session = call.session();
        ObjectNode shown = session == null ? null : Json.object();
        if (session != null && shown != null) {
            shown.put("ref", session.ref());
            shown.put("userId", session.userId());
            shown.put("source", session.source().wireName());
            shown.put("openedNumber", session.openedNumber());
            shown.put("createdAt", session.createdAt().toString());
            var evidence = session.compared().evidence();
            shown.put("deviceEvidence", evidence == null ? null : evidence.wireName());
        }
        json.set("session", shown);
        json.set("mode", mode(call));
    }

    private static ObjectNode mode(Judged call) {
        ObjectNode json = Json.object();
        Decision decision = call.ruling().decision();
        ValidationMode asked = call.asked();
        PolicyRule rule = decision.rule();
        json.put("mode", call.ruling().mode().name());
        json.put("decidedBy", call.ruling().by().wireName());
        json.put("floor", call.caller().floor().name());
        json.put("asked", asked == null ? null : asked.name());
        json.put("policyVersion", decision.version());
        json.put("route", decision.why().name().toLowerCase(Locale.ROOT));
        json.set("rule", rule == null ? null : PolicyJson.numbered(decision.line(), rule));
        json.put("note", decision.note());
        return json;
    }

    /** The checks, and what would have made it pass. */
    static void put(ObjectNode json, Explanation explanation) {
        ArrayNode checks = json.putArray("checks");
        for (Explanation.Step step : explanation.steps()) {
            ObjectNode one = checks.addObject();
            one.put("check", step.name());
            one.put("result", step.result());
            one.put("expected", step.expected());
            one.put("seen", step.seen());
            one.put("note", step.note());
        }
        ArrayNode pass = json.putArray("wouldPass");
        explanation.wouldPass().forEach(pass::add);
        ArrayNode modes = json.putArray("passesUnder");
        explanation.passesUnder().forEach(mode -> modes.add(mode.name()));
    }
}
