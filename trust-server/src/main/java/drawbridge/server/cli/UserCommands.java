package drawbridge.server.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Map;

/** {@code user}: accounts. */
@Command(name = "user", description = "Accounts.")
final class UserCommands extends AdminGroup {
    UserCommands(Terminal terminal) {
        super(terminal);
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "list",
            description = "Lists accounts, newest first.")
    int list(
            @Mixin AdminOptions at,
            @Mixin Paging paging,
            @Option(
                            names = "--filter",
                            paramLabel = "FILTER",
                            description = "Part of an address or a name.")
                    @Nullable String filter) {
        Map<String, String> query = query("filter", filter);
        paging.into(query);
        return show(
                at,
                client -> client.get("/v1/users", query),
                "id",
                "email",
                "userName",
                "tenant",
                "userType",
                "state",
                "verified",
                "lastLoginAt");
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "create",
            description = "Makes an account; its password is read from standard input.")
    int create(
            @Mixin AdminOptions at,
            @Parameters(paramLabel = "EMAIL", description = "Its address.") String email,
            @Option(names = "--tenant", paramLabel = "TENANT", description = "Its tenant.")
                    @Nullable String tenant,
            @Option(names = "--name", paramLabel = "NAME", description = "First name.")
                    @Nullable String name,
            @Option(names = "--last-name", paramLabel = "NAME", description = "Last name.")
                    @Nullable String lastName,
            @Option(names = "--type", paramLabel = "TYPE", description = "Such as user or admin.")
                    @Nullable String type) {
        ObjectNode body =
                body(
                        "email",
                        email,
                        "tenant",
                        tenant,
                        "name",
                        name,
                        "lastName",
                        lastName,
                        "userType",
                        type);
        body.put("password", terminal.readSecretLine());
        return show(at, client -> client.post("/v1/users", body));
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "disable",
            description = "Ends every session of a user and lets none begin.")
    int disable(
            @Mixin AdminOptions at,
            @Parameters(paramLabel = "USER", description = "The user's id, usr_…, or address.")
                    String user) {
        return show(at, client -> act(client, user, "disable", body()));
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "enable",
            description = "Lets a disabled user log in again.")
    int enable(
            @Mixin AdminOptions at,
            @Parameters(paramLabel = "USER", description = "The user's id, usr_…, or address.")
                    String user) {
        return show(at, client -> act(client, user, "enable", body()));
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "set-type",
            description = "Makes a user one of another type, such as admin.")
    int setType(
            @Mixin AdminOptions at,
            @Parameters(paramLabel = "USER", description = "The user's id, usr_…, or address.")
                    String user,
            @Parameters(paramLabel = "TYPE", description = "Such as user or admin.") String type) {
        return show(
                at,
                client ->
                        client.patch(
                                "/v1/users/" + segment(id(client, user)), body("userType", type)));
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "set-password",
            description = "Sets a password, read from standard input, and ends every session.")
    int setPassword(
            @Mixin AdminOptions at,
            @Parameters(paramLabel = "USER", description = "The user's id, usr_…, or address.")
                    String user) {
        ObjectNode body = body();
        body.put("password", terminal.readSecretLine());
        return show(at, client -> act(client, user, "set-password", body));
    }

    private static JsonNode act(AdminClient client, String user, String what, ObjectNode body) {
        return client.post("/v1/users/" + segment(id(client, user)) + "/" + what, body);
    }

    /** The id that was given, or that of the one account with the address that was given. */
    static String id(AdminClient client, String user) {
        if (!user.contains("@")) {
            return user;
        }
        String address = user.strip();
        List<String> found =
                client.get("/v1/users", query("filter", address, "limit", "100"))
                        .path("items")
                        .valueStream()
                        .filter(item -> item.path("email").asString("").equalsIgnoreCase(address))
                        .map(item -> item.path("id").asString(""))
                        .toList();
        if (found.size() == 1) {
            return found.getFirst();
        }
        throw new CommandFailure(
                ExitCodes.FAULT,
                found.isEmpty()
                        ? "no account has the address " + address
                        : "%d tenants have an account with the address %s; give one of %s"
                                .formatted(found.size(), address, String.join(", ", found)));
    }
}
