package drawbridge.server.simulate;

/** The simulation cannot begin; the message says what must be done first. */
public final class SimulationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SimulationException(String sentence) {
        super(sentence);
    }

    SimulationException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
