package drawbridge.model.view;

/**
 * Something a drill measured or set out from.
 *
 * @param name what, such as {@code sample size}
 * @param value how much, with its unit
 */
public record DrillFigure(String name, String value) {}
