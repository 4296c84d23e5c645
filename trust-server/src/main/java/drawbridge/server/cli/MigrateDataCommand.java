package drawbridge.server.cli;

import drawbridge.server.Platform;
import drawbridge.server.backup.DatabaseMigration;
import drawbridge.server.config.DataFolder;
import drawbridge.server.config.ServerConfig;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.nio.file.Files;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code migrate-data}: from SQLite to PostgreSQL and back; the server must be stopped. */
@Command(
        name = "migrate-data",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.Provider.class,
        description = {
            "Moves everything from the data folder's SQLite file to a PostgreSQL, or back; the server must be stopped.",
            "",
            "DATABASE_URL names the PostgreSQL either way. Sessions go on in the new place; the old one is sealed and serves no more. Every table is counted and compared before anything counts. What was in the new place is kept as a backup; it must hold no accounts, or have been moved away itself.",
            ""
        })
final class MigrateDataCommand implements Callable<Integer> {
    private enum Target {
        POSTGRESQL,
        SQLITE;

        /** As it is written on the command line. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Mixin private AdminOptions at = new AdminOptions();

    @Option(
            names = "--to",
            paramLabel = "KIND",
            required = true,
            description = "Where to: ${COMPLETION-CANDIDATES}.")
    private Target to = Target.POSTGRESQL;

    private final FolderCommand folders;

    MigrateDataCommand(Terminal terminal, Platform platform, Clock clock) {
        this.folders = new FolderCommand(terminal, platform, clock);
    }

    @Override
    public Integer call() {
        ServerConfig config = at.config(folders.terminal().environment());
        ServerConfig.Postgres postgres =
                config.postgres()
                        .orElseThrow(() ->
                                new CommandFailure(
                                        ExitCodes.USAGE,
                                        "set DATABASE_URL to the PostgreSQL, also on the way back"));
        if (to == Target.POSTGRESQL && !Files.isDirectory(config.dataDir())) {
            throw new CommandFailure(
                    ExitCodes.USAGE,
                    "there is no data folder %s; --data-dir names the one to move from"
                            .formatted(config.dataDir()));
        }
        try (DataFolder folder = folders.own(config)) {
            DatabaseMigration migration =
                    new DatabaseMigration(
                            folder,
                            config.masterKey(),
                            postgres.migrating().orElse(postgres.url()),
                            folders.backups(config, folder),
                            folders.random());
            Instant now = folders.clock().instant();
            DatabaseMigration.Migrated migrated =
                    to == Target.POSTGRESQL ? migration.toPostgres(now) : migration.toSqlite(now);
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("movedTo", to.toString());
            answer.put("at", (to == Target.POSTGRESQL ? postgres.url() : folder.path()).toString());
            answer.put("compared", "every table, its rows counted and its contents by SHA-256");
            answer.put("rows", migrated.rows());
            answer.put("keptAs", migrated.keptAs().orElse(null));
            return folders.print(at, answer);
        }
    }
}
