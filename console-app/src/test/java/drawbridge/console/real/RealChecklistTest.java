package drawbridge.console.real;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A default install on the Checklist screen. */
class RealChecklistTest extends ChecklistOnScreen {
    @Test
    void hasNoFail() {
        lookAt();

        assertThat(rows().values()).allSatisfy(texts -> assertThat(texts).doesNotContain("Fail"));
        assertThat(row("Monitoring and alerts").toString())
                .contains("alerts are kept here and sent nowhere");
        robot.interact(() -> mend("Monitoring and alerts").fire());
        awaitText("Nothing needs you");
    }
}
