package drawbridge.server.alert;

import drawbridge.model.view.AlertFact;

import java.util.List;

/**
 * A rule's cause that is there now.
 *
 * @param subject what it is about; with the rule it names the alert
 * @param summary one sentence, without secrets
 * @param evidence what was seen
 */
record Finding(String subject, String summary, List<AlertFact> evidence) {
    Finding {
        evidence = List.copyOf(evidence);
    }
}
