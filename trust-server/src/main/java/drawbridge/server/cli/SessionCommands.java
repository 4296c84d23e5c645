package drawbridge.server.cli;

import drawbridge.server.Platform;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** {@code session}: who is logged in, and ending it. */
@Command(name = "session", description = "Who is logged in, and ending it.")
final class SessionCommands extends AdminGroup {
    private static final Duration LOOK_EVERY = Duration.ofMillis(250);

    private final Platform platform;

    SessionCommands(Terminal terminal, Platform platform) {
        super(terminal);
        this.platform = platform;
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

    @Command(
            mixinStandardHelpOptions = true,
            name = "revoke-matching",
            description = {
                "Ends all live sessions that a filter finds; for 30 s they can be restored at once.",
                "Without --count it says how many there are and ends none."
            })
    int revokeMatching(
            @Mixin AdminOptions at,
            @Parameters(
                            paramLabel = "FILTER",
                            description = "As in the console; '' for all there are.")
                    String filter,
            @Option(
                            names = "--count",
                            paramLabel = "N",
                            description = "How many there are, as you were told.")
                    @Nullable Integer count,
            @Option(names = "--reason", paramLabel = "TEXT", description = "Why; audited.")
                    @Nullable String reason) {
        try (AdminClient client = AdminClient.open(at, terminal)) {
            if (count == null) {
                JsonNode page =
                        client.get(
                                "/v1/sessions",
                                query("filter", filter + " state:live", "limit", "1"));
                terminal.err()
                        .printf(
                                "%d live sessions match; to end them, give --count %<d%n",
                                page.path("total").asLong(0));
                return ExitCodes.USAGE;
            }
            ObjectNode body = body("filter", filter, "reason", reason);
            body.put("seen", count);
            body.put("typed", count);
            return follow(at, client, client.post("/v1/revocations", body));
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "revocations",
            description = "Lists the last revocations of many, newest first.")
    int revocations(@Mixin AdminOptions at) {
        return show(
                at,
                client -> client.get("/v1/revocations", query()),
                "id",
                "state",
                "ended",
                "total",
                "restored",
                "startedAt",
                "undoUntil",
                "filter");
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "undo-revocation",
            description = "Restores all that a revocation of many has ended.")
    int undoRevocation(
            @Mixin AdminOptions at,
            @Parameters(paramLabel = "ID", description = "Its id, rev-…") String id) {
        try (AdminClient client = AdminClient.open(at, terminal)) {
            return follow(
                    at, client, client.post("/v1/revocations/" + segment(id) + "/undo", body()));
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "cancel-revocation",
            description = "Stops a revocation of many; what it has ended stays held.")
    int cancelRevocation(
            @Mixin AdminOptions at,
            @Parameters(paramLabel = "ID", description = "Its id, rev-…") String id) {
        return show(
                at, client -> client.post("/v1/revocations/" + segment(id) + "/cancel", body()));
    }

    /** Says how far it is until it has ended, then prints it. */
    private int follow(AdminOptions at, AdminClient client, JsonNode begun) {
        JsonNode job = begun;
        String path = "/v1/revocations/" + segment(job.path("id").asString(""));
        while (isWorking(job)) {
            boolean isUndo = stateOf(job).equals("restoring");
            terminal.err()
                    .printf(
                            "%s: %d of %d%n",
                            stateOf(job),
                            job.path(isUndo ? "restored" : "ended").asLong(0),
                            job.path(isUndo ? "ended" : "total").asLong(0));
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
            job = client.get(path, query());
        }
        Rendering.print(terminal, at.json(), job);
        return stateOf(job).equals("failed") ? ExitCodes.FAULT : ExitCodes.OK;
    }

    private static boolean isWorking(JsonNode job) {
        return stateOf(job).equals("running") || stateOf(job).equals("restoring");
    }

    private static String stateOf(JsonNode job) {
        return job.path("state").asString("");
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "export",
            description = "Writes all sessions that a filter finds to a new file; audited.")
    int export(
            @Mixin AdminOptions at,
            @Option(
                            names = "--to",
                            paramLabel = "FILE",
                            required = true,
                            description = "The file; only you may read it.")
                    Path to,
            @Option(names = "--filter", paramLabel = "FILTER", description = "As in the console.")
                    @Nullable String filter,
            @Option(names = "--format", paramLabel = "FORMAT", description = "csv or json.")
                    @Nullable String format) {
        String query =
                "?filter="
                        + segment(filter == null ? "" : filter)
                        + "&format="
                        + segment(format == null ? "csv" : format);
        NewFile.write(
                platform,
                to,
                file -> {
                    try (AdminClient client = AdminClient.open(at, terminal);
                            InputStream in = client.stream("/v1/sessions/export" + query)) {
                        in.transferTo(file);
                    }
                });
        return ExitCodes.OK;
    }
}
