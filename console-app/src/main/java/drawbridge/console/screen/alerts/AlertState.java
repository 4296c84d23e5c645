package drawbridge.console.screen.alerts;

import drawbridge.model.view.AlertView;

import java.time.Instant;

/** How an alert stands now, in the order in which they are listed. */
enum AlertState {
    OPEN("open"),
    ACKNOWLEDGED("acknowledged"),
    SNOOZED("snoozed"),
    CLEARED("cleared");

    private final String key;

    AlertState(String key) {
        this.key = key;
    }

    static AlertState of(AlertView alert, Instant now) {
        if (!alert.isFiring()) {
            return CLEARED;
        }
        if (isSnoozed(alert, now)) {
            return SNOOZED;
        }
        return alert.acknowledgedBy() == null ? OPEN : ACKNOWLEDGED;
    }

    /** Whether nobody is told of it now; also of one that has cleared and may fire again. */
    static boolean isSnoozed(AlertView alert, Instant now) {
        Instant until = alert.snoozedUntil();
        return until != null && now.isBefore(until);
    }

    /** Its name among the words. */
    String key() {
        return key;
    }
}
