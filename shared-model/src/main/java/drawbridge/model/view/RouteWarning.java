package drawbridge.model.view;

/**
 * A rule that can never decide.
 *
 * @param line its line
 * @param shadowedBy the earlier line that decides instead
 * @param text one sentence
 */
public record RouteWarning(int line, int shadowedBy, String text) {}
