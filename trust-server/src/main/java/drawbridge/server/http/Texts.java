package drawbridge.server.http;

import java.util.Optional;

/** The texts of a JSON object, read one by one with type and length. */
interface Texts {
    /**
     * A text under the first of these names that is present. A null counts as absent.
     *
     * @param most how many characters it may have
     * @return empty when none of the names is present; an empty text is present
     * @throws ProblemException when it is no text, too long, or holds what no text may
     */
    Optional<String> text(int most, String... names);

    /**
     * The same for names that are spellings of one thing on which trust depends: they must not say
     * two things.
     */
    default Optional<String> only(int most, String... names) {
        Optional<String> found = Optional.empty();
        for (String name : names) {
            Optional<String> said = text(most, name);
            if (said.isPresent() && found.isPresent() && !found.equals(said)) {
                throw ProblemException.inField(
                        name,
                        "says something else than another spelling of the same field; send one");
            }
            found = found.or(() -> said);
        }
        return found;
    }
}
