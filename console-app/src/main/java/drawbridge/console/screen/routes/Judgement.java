package drawbridge.console.screen.routes;

import drawbridge.model.view.PolicyDifference;
import drawbridge.model.view.WhatIfResult;

/** What is known of a draft before it is saved. */
sealed interface Judgement {
    /** Nothing differs from what is in force. */
    record Nothing() implements Judgement {}

    /** It is being judged. */
    record Running() implements Judgement {}

    /** The server judged it. */
    record Done(WhatIfResult effect, PolicyDifference difference) implements Judgement {}

    /** A field is wrong; which, its row says. */
    record Wrong(String text) implements Judgement {}

    /** The server could not be asked. */
    record Failed(String why) implements Judgement {}
}
