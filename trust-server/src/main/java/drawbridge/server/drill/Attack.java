package drawbridge.server.drill;

import drawbridge.model.Threat;

/** One of the seven drills. Keeps nothing between two runs. */
interface Attack {
    /** What it plays. */
    Threat threat();

    /**
     * Plays it; what it sees goes to the stage.
     *
     * @throws DrillException when it cannot be played
     */
    void play(Stage stage);

    /** What it shows when it holds, as a sentence. */
    String holds();
}
