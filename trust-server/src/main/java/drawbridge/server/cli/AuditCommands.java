package drawbridge.server.cli;

import drawbridge.model.view.AuditCheckpoint;
import drawbridge.model.view.AuditReport;
import drawbridge.server.Platform;
import drawbridge.server.audit.AuditFile;
import drawbridge.server.backup.StoppedServer;
import drawbridge.server.config.DataFolder;
import drawbridge.server.config.Reason;
import drawbridge.server.config.ServerConfig;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code audit}: what the audit holds, and whether it is whole. */
@Command(name = "audit", description = "What the audit holds, and whether it is whole.")
final class AuditCommands extends AdminGroup {
    private final FolderCommand folders;

    AuditCommands(Terminal terminal, Platform platform, Clock clock) {
        super(terminal);
        this.folders = new FolderCommand(terminal, platform, clock);
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "list",
            description = "Lists rows, newest first; asks a running server.")
    int list(
            @Mixin AdminOptions at,
            @Mixin Paging paging,
            @Option(names = "--tenant", paramLabel = "TENANT", description = "Of that tenant.")
                    @Nullable String tenant,
            @Option(
                            names = "--kind",
                            paramLabel = "KIND",
                            description = "Of that kind; 'session.*' for all that begin so.")
                    @Nullable String kind,
            @Option(names = "--actor", paramLabel = "ACTOR", description = "By that actor.")
                    @Nullable String actor,
            @Option(names = "--user", paramLabel = "USER", description = "About that user.")
                    @Nullable String user,
            @Option(names = "--ref", paramLabel = "REF", description = "About that session.")
                    @Nullable String ref,
            @Option(names = "--from", paramLabel = "TIME", description = "Not before.")
                    @Nullable String from,
            @Option(names = "--until", paramLabel = "TIME", description = "Before.")
                    @Nullable String until) {
        Map<String, String> query =
                query(
                        "tenant", tenant, "kind", kind, "actor", actor, "user", user, "ref", ref,
                        "from", from, "until", until);
        paging.into(query);
        return show(
                at,
                client -> client.get("/v1/audit", query),
                "at",
                "tenant",
                "number",
                "kind",
                "actor",
                "userId",
                "ref",
                "ip",
                "reason",
                "detail");
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "verify",
            description = {
                "Says whether anything was edited, deleted, moved or cut off.",
                "",
                "Looks at a running server, at the data folder of a stopped one, or at an export, for which nothing else is needed. Ends with 0 when all is sound, with 1 when something was found.",
                ""
            })
    int verify(
            @Mixin AdminOptions at,
            @Option(names = "--file", paramLabel = "EXPORT", description = "An export.")
                    @Nullable Path file,
            @Option(
                            names = "--public-key",
                            paramLabel = "KEY",
                            description =
                                    "The server's key in base64url, as you know it from elsewhere; without it the export's own counts.")
                    @Nullable String publicKey,
            @Option(
                            names = "--witness",
                            paramLabel = "FILE",
                            description = "Checkpoints kept elsewhere, one JSON object a line.")
                    @Nullable Path witness) {
        List<AuditCheckpoint> witnesses = witness == null ? List.of() : read(witness);
        JsonNode report;
        if (file != null) {
            report = tree(verifyFile(file, publicKey, witnesses));
        } else if (witnesses.isEmpty() && folders.isServed(at)) {
            try (AdminClient client = AdminClient.open(at, terminal)) {
                report = client.post("/v1/audit/verify", body());
            }
        } else {
            report = tree(verifyFolder(at, witnesses));
        }
        return print(at, report);
    }

    private static JsonNode tree(AuditReport report) {
        return JsonMapper.shared().valueToTree(report);
    }

    private int print(AdminOptions at, JsonNode report) {
        boolean sound = report.path("sound").asBoolean(false);
        if (at.json()) {
            Rendering.print(terminal, true, report);
        } else {
            for (JsonNode chain : report.path("tenants")) {
                terminal.out()
                        .printf(
                                "%s: %d rows, %d checkpoints, signed through row %d%n",
                                chain.path("tenant").asString(""),
                                chain.path("rows").asLong(0),
                                chain.path("checkpoints").asLong(0),
                                chain.path("witnessedThrough").asLong(0));
            }
            terminal.out().println("public key: " + report.path("publicKey").asString(""));
            for (JsonNode finding : report.path("findings")) {
                terminal.out()
                        .printf(
                                "FOUND %-10s %s %s%n",
                                finding.path("kind").asString(""),
                                finding.path("tenant").asString(""),
                                finding.path("text").asString(""));
            }
            long all = report.path("findingsInAll").asLong(0);
            terminal.out().println(sound ? "The audit is whole." : all + " findings.");
        }
        return sound ? ExitCodes.OK : ExitCodes.FAULT;
    }

    private static List<AuditCheckpoint> read(Path witness) {
        List<AuditCheckpoint> kept = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(witness)) {
                if (!line.isBlank()) {
                    kept.add(AuditFile.checkpoint(line));
                }
            }
            return kept;
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCodes.USAGE, "%s cannot be read: %s".formatted(witness, Reason.of(e)), e);
        }
    }

    private static AuditReport verifyFile(
            Path file, @Nullable String publicKey, List<AuditCheckpoint> witnesses) {
        try (InputStream in = Files.newInputStream(file)) {
            Optional<byte[]> trusted =
                    Optional.ofNullable(publicKey).map(Base64.getUrlDecoder()::decode);
            return AuditFile.verify(in, trusted, witnesses);
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCodes.USAGE, "%s cannot be read: %s".formatted(file, Reason.of(e)), e);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCodes.USAGE, "--public-key is no key in base64url", e);
        }
    }

    private AuditReport verifyFolder(AdminOptions at, List<AuditCheckpoint> witnesses) {
        ServerConfig config = at.config(terminal.environment());
        try (DataFolder folder = folders.own(config);
                StoppedServer server = folders.open(config, folder)) {
            AuditReport report = server.inspection().verify(witnesses);
            if (report.sound()) {
                server.note("audit.verified", "sound");
            }
            return report;
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "export",
            description = "Writes the audit with its hashes and signatures to a new file.")
    int export(
            @Mixin AdminOptions at,
            @Option(
                            names = "--to",
                            paramLabel = "FILE",
                            required = true,
                            description = "The file; only you may read it.")
                    Path to,
            @Option(names = "--tenant", paramLabel = "TENANT", description = "Of that tenant.")
                    @Nullable String tenant) {
        NewFile.write(folders.platform(), to, file -> write(at, file, tenant));
        return folders.print(at, Map.of("exportedTo", to.toString()));
    }

    private void write(AdminOptions at, OutputStream out, @Nullable String tenant)
            throws IOException {
        if (!folders.isServed(at)) {
            exportFolder(at, out, tenant);
            return;
        }
        String query = tenant == null ? "" : "?tenant=" + segment(tenant);
        try (AdminClient client = AdminClient.open(at, terminal);
                InputStream in = client.stream("/v1/audit/export" + query)) {
            in.transferTo(out);
        }
    }

    private void exportFolder(AdminOptions at, OutputStream out, @Nullable String tenant)
            throws IOException {
        ServerConfig config = at.config(terminal.environment());
        try (DataFolder folder = folders.own(config);
                StoppedServer server = folders.open(config, folder)) {
            server.note("audit.exported", tenant == null ? "all tenants" : "tenant=" + tenant);
            server.checkpoint();
            server.inspection().export(out, tenant, folders.clock().instant());
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "checkpoints",
            description = "Lists the signed checkpoints; asks a running server.")
    int checkpoints(
            @Mixin AdminOptions at,
            @Mixin Paging paging,
            @Option(names = "--tenant", paramLabel = "TENANT", description = "Of that tenant.")
                    @Nullable String tenant) {
        Map<String, String> query = query("tenant", tenant);
        paging.into(query);
        return show(
                at,
                client -> client.get("/v1/audit/checkpoints", query),
                "sequence",
                "number",
                "at",
                "hash");
    }
}
