package drawbridge.console.screen;

/**
 * What a window offers of all that depends on where its server runs. Screens ask here instead of
 * asking whose server it is; what is not offered is not shown.
 *
 * @param process starting, stopping and restarting the server, and how its processes ended
 * @param log following the server's log, which is a file
 * @param folder what needs the server's files: its data folder, and paths in it
 * @param restore putting a backup back, for which the server has to be stopped
 * @param simulate opening a throw-away server beside it
 */
public record Capabilities(
        boolean process, boolean log, boolean folder, boolean restore, boolean simulate) {
    /** Of the server that this console supervises. */
    public static final Capabilities HERE = new Capabilities(true, true, true, true, true);

    /** Of a server that lives as long as its window. */
    public static final Capabilities THROW_AWAY = new Capabilities(true, true, true, true, false);

    /** Of a server that is reached over the network, by its admin API alone. */
    public static final Capabilities ELSEWHERE =
            new Capabilities(false, false, false, false, false);
}
