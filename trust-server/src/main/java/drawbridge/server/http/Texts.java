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
}
