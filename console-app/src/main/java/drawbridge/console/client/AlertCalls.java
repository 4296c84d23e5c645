package drawbridge.console.client;

import drawbridge.model.view.AlertRules;
import drawbridge.model.view.AlertTest;
import drawbridge.model.view.AlertView;
import drawbridge.model.view.AlertsView;

/**
 * The part of the admin API that is about alerts. Blocks like every call of {@link TrustClient};
 * safe for many threads.
 */
public interface AlertCalls {
    /** {@code GET /v1/alerts}: what fires, what cleared within a day, and where it is sent. */
    Reply<AlertsView> alerts();

    /** {@code GET /v1/alerts/rules}: every rule and how it was last judged. */
    Reply<AlertRules> rules();

    /** {@code PUT /v1/alerts/rules}: when that rule fires from now on; the others stay. */
    Reply<AlertRules> change(String rule, boolean on, int least, int factor);

    /** {@code POST /v1/alerts/{id}/acknowledge}: somebody has it in hand. */
    Reply<AlertView> acknowledge(String id);

    /** {@code POST /v1/alerts/{id}/reopen}: takes that back. */
    Reply<AlertView> reopen(String id);

    /**
     * {@code POST /v1/alerts/{id}/snooze}: nobody is told of it for a while.
     *
     * @param length such as {@code 2h}
     */
    Reply<AlertView> snooze(String id, String length);

    /** {@code POST /v1/alerts/{id}/wake}: takes that back. */
    Reply<AlertView> wake(String id);

    /**
     * {@code POST /v1/alerts/test}: sends a test message, once; as slow as who takes it.
     *
     * @param channel {@code webhook} or {@code mail}
     */
    Reply<AlertTest> test(String channel);
}
