package drawbridge.server.alert;

import java.util.List;
import java.util.Optional;

/**
 * How a rule was judged.
 *
 * @param off why it could not be; empty when it was
 * @param now what was seen, in the rule's unit
 * @param usual what is usual; 0 when that is not compared
 * @param limit from where on it fires
 */
record Reading(
        Optional<String> off, double now, double usual, double limit, List<Finding> findings) {
    Reading {
        findings = List.copyOf(findings);
    }

    static Reading off(String why) {
        return new Reading(Optional.of(why), 0, 0, 0, List.of());
    }

    /** Of a rule that compares nothing with what is usual. */
    static Reading of(long now, int limit, List<Finding> findings) {
        return new Reading(Optional.empty(), (double) now, 0, limit, findings);
    }
}
