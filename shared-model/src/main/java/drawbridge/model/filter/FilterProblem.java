package drawbridge.model.filter;

/**
 * A filter line that cannot be read.
 *
 * @param position where the wrong word begins, counted in characters from 0
 * @param length how many characters it has; 0 at the end of the line
 * @param message what was wrong and what would be right, as a sentence
 * @param isBegun whether the word ends the line and may yet become right by what is written behind
 *     it; every word before it is right
 */
public record FilterProblem(int position, int length, String message, boolean isBegun) {}
