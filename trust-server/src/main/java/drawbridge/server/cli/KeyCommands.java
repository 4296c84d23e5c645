package drawbridge.server.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code key}: the keys that sign trust tokens. */
@Command(name = "key", description = "The keys that sign trust tokens.")
final class KeyCommands extends AdminGroup {
    private static final String[] COLUMNS = {
        "id", "state", "origin", "createdAt", "signingSince", "stoppedAt", "lastExpiry"
    };

    KeyCommands(Terminal terminal) {
        super(terminal);
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "list",
            description = "Lists the keys and what each is used for.")
    int list(@Mixin AdminOptions at) {
        return show(at, client -> client.get("/v1/keys", query()), COLUMNS);
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "rotate",
            description =
                    "Signs with the next key; the present one verifies until its last token expires.")
    int rotate(@Mixin AdminOptions at) {
        return show(at, client -> client.post("/v1/keys/rotate", body()), COLUMNS);
    }
}
