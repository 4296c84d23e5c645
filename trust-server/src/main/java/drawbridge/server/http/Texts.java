package drawbridge.server.http;

import java.util.Optional;

/** The texts of a JSON object, read one by one with type and length. */
interface Texts {
    /**
     * A text under whichever of these names is present: spellings of one field. A null counts as
     * absent.
     *
     * @param most how many characters it may have
     * @return empty when none of the names is present; an empty text is present
     * @throws ProblemException when it is no text, too long, or holds what no text may, or when two
     *     of the names say different things
     */
    Optional<String> text(int most, String... names);

    /** The refusal of a field that another spelling of it contradicts. */
    static ProblemException differs(String name) {
        return ProblemException.inField(
                name, "says something else than another spelling of the same field; send one");
    }
}
