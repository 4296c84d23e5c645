package drawbridge.model.view;

/**
 * How strictly a caller's calls are judged whatever the routes say.
 *
 * @param id its id
 * @param name its name
 * @param signals {@code required}, or {@code when-sent}: what it does not send is not compared
 * @param floor the mode every call of it is judged by at least
 * @param advancedMeans {@code device}, or {@code agent}: ADVANCED compares the user agent instead
 */
public record CallerStrictness(
        String id, String name, String signals, String floor, String advancedMeans) {}
