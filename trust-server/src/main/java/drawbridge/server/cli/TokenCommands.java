package drawbridge.server.cli;

import drawbridge.server.Platform;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.node.ObjectNode;

import java.util.Map;

/** {@code token}: trust tokens, each good for one thing once. */
@Command(name = "token", description = "Trust tokens, each good for one thing once.")
final class TokenCommands extends AdminGroup {
    private final Platform platform;

    TokenCommands(Terminal terminal, Platform platform) {
        super(terminal);
        this.platform = platform;
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "list",
            description = "Lists tokens, newest first.")
    int list(
            @Mixin AdminOptions at,
            @Mixin Paging paging,
            @Option(names = "--purpose", paramLabel = "PURPOSE", description = "Only for that.")
                    @Nullable String purpose,
            @Option(names = "--state", paramLabel = "STATE", description = "Only in that state.")
                    @Nullable String state,
            @Option(names = "--user", paramLabel = "USER", description = "Only of that user.")
                    @Nullable String user) {
        Map<String, String> query = query("purpose", purpose, "state", state, "user", user);
        paging.into(query);
        return show(
                at,
                client -> client.get("/v1/tokens", query),
                "id",
                "purpose",
                "email",
                "tenant",
                "state",
                "issuedAt",
                "expiresAt");
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "issue",
            description = "Issues a token and tells it, once.")
    int issue(
            @Mixin AdminOptions at,
            @Mixin Delivery delivery,
            @Parameters(
                            paramLabel = "PURPOSE",
                            description = "email_verify, password_reset, invite or magic_link.")
                    String purpose,
            @Option(names = "--user", paramLabel = "USER", description = "For that user.")
                    @Nullable String user,
            @Option(names = "--email", paramLabel = "EMAIL", description = "For that address.")
                    @Nullable String email,
            @Option(names = "--tenant", paramLabel = "TENANT", description = "Of that tenant.")
                    @Nullable String tenant,
            @Option(
                            names = "--lifetime",
                            paramLabel = "TIME",
                            description = "How long it is good, such as 2h; 1m to 31d.")
                    @Nullable String lifetime,
            @Option(
                            names = "--send",
                            description = "Mails the link; then the token need not be told here.")
                    boolean send) {
        if (!send) {
            delivery.require();
        }
        ObjectNode body =
                body(
                        "purpose",
                        purpose,
                        "userId",
                        user,
                        "email",
                        email,
                        "tenant",
                        tenant,
                        "lifetime",
                        lifetime);
        body.put("send", send);
        return show(
                at,
                client ->
                        delivery.deliver(
                                client.post("/v1/tokens", body), platform, "token", "link"));
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "revoke",
            description = "Ends a token that is still open.")
    int revoke(
            @Mixin AdminOptions at,
            @Parameters(paramLabel = "ID", description = "The token's id.") String id,
            @Option(names = "--reason", paramLabel = "TEXT", description = "Why; audited.")
                    @Nullable String reason) {
        return show(
                at,
                client ->
                        client.post(
                                "/v1/tokens/" + segment(id) + "/revoke", body("reason", reason)));
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "inspect",
            description = "Judges a token, read from standard input, without spending it.")
    int inspect(@Mixin AdminOptions at) {
        ObjectNode body = body("token", terminal.readSecretLine());
        return show(at, client -> client.post("/v1/tokens/inspect", body));
    }
}
