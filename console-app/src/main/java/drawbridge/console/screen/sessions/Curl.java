package drawbridge.console.screen.sessions;

/**
 * Calls of the admin API as a command for a shell. The admin token never stands in it: the shell
 * puts it in from the variable {@code DRAWBRIDGE_ADMIN_TOKEN}.
 */
final class Curl {
    private static final String AUTHORIZED =
            "curl -sS -H \"Authorization: Bearer $DRAWBRIDGE_ADMIN_TOKEN\"";

    private Curl() {}

    /** Reads a path. */
    static String get(String adminUrl, String path) {
        return AUTHORIZED + " " + quoted(joined(adminUrl, path));
    }

    /** Posts JSON to a path. */
    static String post(String adminUrl, String path, String json) {
        return AUTHORIZED
                + " -H 'Content-Type: application/json' -d "
                + quoted(json)
                + " "
                + quoted(joined(adminUrl, path));
    }

    private static String joined(String adminUrl, String path) {
        return (adminUrl.endsWith("/") ? adminUrl.substring(0, adminUrl.length() - 1) : adminUrl)
                + path;
    }

    /** One word to a POSIX shell, whatever it holds. */
    static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
