package drawbridge.console.screen.threats;

import drawbridge.console.ui.Formats;
import drawbridge.console.ui.Words;
import drawbridge.model.view.DrillStep;

/** What the drawer and the report say alike of a step. */
final class StepWords {
    private StepWords() {}

    /** How it was answered, how soon, and of how many calls that is one. */
    static String took(DrillStep step, Words words, Formats formats) {
        String one =
                words.get(
                        "threats.step.took",
                        Integer.toString(step.status()),
                        formats.micros(step.tookMicros()));
        return step.calls() > 1
                ? words.get("threats.step.calls", one, formats.number(step.calls()))
                : one;
    }
}
