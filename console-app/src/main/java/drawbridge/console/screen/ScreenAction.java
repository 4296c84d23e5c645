package drawbridge.console.screen;

/**
 * One thing that can be done, as the palette offers it.
 *
 * @param icon its icon's name
 * @param name its words
 * @param run what it does, on the FX thread
 */
public record ScreenAction(String icon, String name, Runnable run) {}
