package drawbridge.server.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.node.ObjectNode;

import java.util.Map;

/** {@code session}: who is logged in, and ending it. */
@Command(name = "session", description = "Who is logged in, and ending it.")
final class SessionCommands extends AdminGroup {
    SessionCommands(Terminal terminal) {
        super(terminal);
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "list",
            description = "Lists sessions, newest first.")
    int list(
            @Mixin AdminOptions at,
            @Mixin Paging paging,
            @Option(
                            names = "--filter",
                            paramLabel = "FILTER",
                            description = "As in the console, such as 'user:ana state:live'.")
                    @Nullable String filter) {
        Map<String, String> query = query("filter", filter);
        paging.into(query);
        return show(
                at,
                client -> client.get("/v1/sessions", query),
                "ref",
                "email",
                "tenant",
                "ip",
                "state",
                "createdAt",
                "lastSeenAt");
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "show",
            description = "Shows a session and its timeline.")
    int show(
            @Mixin AdminOptions at,
            @Parameters(paramLabel = "REF", description = "Its reference, ref_…") String ref) {
        return show(at, client -> client.get("/v1/sessions/" + segment(ref), query()));
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "revoke",
            description = "Ends a session; for 30 s it can be restored.")
    int revoke(
            @Mixin AdminOptions at,
            @Parameters(paramLabel = "REF", description = "Its reference, ref_…") String ref,
            @Option(names = "--reason", paramLabel = "TEXT", description = "Why; audited.")
                    @Nullable String reason,
            @Option(names = "--final", description = "Leaves no way back.") boolean isFinal) {
        ObjectNode body = body("reason", reason);
        body.put("final", isFinal);
        return show(at, client -> client.post("/v1/sessions/" + segment(ref) + "/revoke", body));
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "restore",
            description = "Undoes a revocation that is still held.")
    int restore(
            @Mixin AdminOptions at,
            @Parameters(paramLabel = "REF", description = "Its reference, ref_…") String ref) {
        return show(at, client -> client.post("/v1/sessions/" + segment(ref) + "/restore", body()));
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "revoke-everything",
            description =
                    "The emergency: ends every session and every open token there is, of all tenants.")
    int revokeEverything(
            @Mixin AdminOptions at,
            @Option(names = "--reason", paramLabel = "TEXT", description = "Why; audited.")
                    @Nullable String reason) {
        return show(at, client -> client.post("/v1/revoke-everything", body("reason", reason)));
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "revoke-user",
            description = "Ends every session of a user.")
    int revokeUser(
            @Mixin AdminOptions at,
            @Parameters(paramLabel = "USER", description = "The user's id, usr_…, or address.")
                    String user,
            @Option(names = "--reason", paramLabel = "TEXT", description = "Why; audited.")
                    @Nullable String reason) {
        return show(
                at,
                client ->
                        client.post(
                                "/v1/users/"
                                        + segment(UserCommands.id(client, user))
                                        + "/revoke-sessions",
                                body("reason", reason)));
    }
}
