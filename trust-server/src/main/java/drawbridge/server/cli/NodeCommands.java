package drawbridge.server.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code node}: the servers that share a database. */
@Command(name = "node", description = "The servers that share a database.")
final class NodeCommands extends AdminGroup {
    NodeCommands(Terminal terminal) {
        super(terminal);
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "list",
            description = "Lists the servers of this database and what each has applied.")
    int list(@Mixin AdminOptions at) {
        return show(
                at,
                client -> client.get("/v1/nodes", query()),
                "node",
                "incarnation",
                "applied",
                "lease",
                "silentMillis",
                "version",
                "url",
                "self");
    }
}
