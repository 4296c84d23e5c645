package drawbridge.server.cli;

/** What the programs end with; {@code docs/scripts.md} promises these numbers. */
final class ExitCodes {
    static final int OK = 0;

    /** Refused, found to be wrong, or a fault of ours. */
    static final int FAULT = 1;

    /** Wrong usage or configuration. */
    static final int USAGE = 2;

    /** Another process owns the data folder. */
    static final int FOLDER_OWNED = 3;

    /** A port is taken. */
    static final int PORT_TAKEN = 4;

    /** The database cannot be used. */
    static final int DATABASE = 5;

    /** No server could be reached, or it answered too little. */
    static final int UNREACHABLE = 6;

    /** A drill found something weak. */
    static final int WEAK = 7;

    /** A drill found something open. */
    static final int OPEN = 8;

    /** A drill could not be played. */
    static final int NOT_DRILLED = 9;

    /** A practice of the checklist could be kept better. */
    static final int COULD_BE_BETTER = 10;

    /** A practice of the checklist is not kept. */
    static final int NOT_KEPT = 11;

    private ExitCodes() {}
}
