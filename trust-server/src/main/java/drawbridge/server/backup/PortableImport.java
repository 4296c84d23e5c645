package drawbridge.server.backup;

import drawbridge.model.Secret;
import drawbridge.model.TenantId;
import drawbridge.server.audit.AuditEntry;
import drawbridge.server.audit.DatabaseAuditLog;
import drawbridge.server.config.DataFolder;
import drawbridge.server.crypto.Keys;
import drawbridge.server.crypto.PassphraseSeal;
import drawbridge.server.secret.DatabaseRootKey;
import drawbridge.server.secret.MasterKeys;
import drawbridge.server.session.EverythingEnded;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.DataScope.Why;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.ServerState;
import drawbridge.server.storage.SqliteFile;
import drawbridge.server.storage.StoreUnavailableException;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads an export into a data folder while no server runs. All is prepared in a file beside the
 * database, so that the import is whole or has not been. One thread, on a folder this process owns.
 *
 * <p>A copy is added to what is there; what is there already stays as it is. A move needs a folder
 * without accounts and takes everything over; its sessions live on only for {@link #SESSIONS_LAST}
 * after the export, for one that lies about longer may hold what was revoked since.
 */
public final class PortableImport {
    /** How old a move may be for its sessions to live on. */
    public static final Duration SESSIONS_LAST = Duration.ofHours(1);

    /**
     * What was imported, or would be.
     *
     * @param form {@code copy} or {@code move}
     * @param exportedAt when it was exported
     * @param added rows that came in, by table
     * @param kept rows that were there already and stay as they are, by table
     * @param sessionsEnded whether the sessions in it have ended; false when they live on or there
     *     are none
     * @param settings of the exporting server, for information
     */
    public record Imported(
            String form,
            Instant exportedAt,
            Map<String, Long> added,
            Map<String, Long> kept,
            boolean sessionsEnded,
            Map<String, String> settings) {
        public Imported {
            added = Collections.unmodifiableMap(new TreeMap<>(added));
            kept = Collections.unmodifiableMap(new TreeMap<>(kept));
            settings = Collections.unmodifiableMap(new TreeMap<>(settings));
        }
    }

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int BATCH = 500;

    private final DataFolder folder;
    private final Optional<Secret> masterKey;
    private final Backups backups;
    private final SecureRandom random;

    /**
     * @param masterKey the master key where it comes from the settings
     */
    public PortableImport(
            DataFolder folder, Optional<Secret> masterKey, Backups backups, SecureRandom random) {
        this.folder = folder;
        this.masterKey = masterKey;
        this.backups = backups;
        this.random = random;
    }

    /**
     * Imports.
     *
     * @param dryRun whether it only says what it would do
     * @throws BackupFailure when the file is no export, was changed, the passphrase is another one,
     *     it is of a newer version, or a move meets a server with accounts; nothing was changed
     *     then
     */
    public Imported importFrom(Path from, Secret passphrase, boolean dryRun, Instant now) {
        Path fresh = folder.path().resolve("drawbridge.db.imported");
        try (InputStream file = new BufferedInputStream(Files.newInputStream(from));
                BufferedReader lines =
                        new BufferedReader(
                                new InputStreamReader(
                                        PassphraseSeal.opening(file, passphrase),
                                        StandardCharsets.UTF_8))) {
            ObjectNode head = object(lines.readLine());
            boolean move = requireExport(head);
            if (move && accounts() > 0) {
                throw new BackupFailure(
                        "%s holds accounts already; a move needs a folder without any"
                                .formatted(folder.path()));
            }
            if (!move && folder.hadDatabase()) {
                backups.copy(folder.database(), fresh);
            } else {
                folder.emptyFile(fresh);
            }
            Imported imported = new Filling(head, move, now).fill(fresh, lines);
            if (dryRun) {
                delete(fresh);
            } else {
                new Restoring(folder, masterKey, backups, random).replaceBy(fresh, now);
            }
            return imported;
        } catch (PassphraseSeal.BrokenException e) {
            delete(fresh);
            throw new BackupFailure("%s: %s".formatted(from, e.getMessage()), e);
        } catch (IOException e) {
            delete(fresh);
            throw new BackupFailure("%s cannot be read: %s".formatted(from, e.getMessage()), e);
        } catch (RuntimeException e) {
            delete(fresh);
            throw e;
        }
    }

    private static void delete(Path fresh) {
        try {
            for (String beside : List.of("", "-wal", "-shm")) {
                Files.deleteIfExists(fresh.resolveSibling(fresh.getFileName() + beside));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("deleting what was begun", e);
        }
    }

    private long accounts() {
        return folder.hadDatabase()
                ? SqliteFile.number(folder.database(), "SELECT count(*) FROM user_account")
                        .orElse(1)
                : 0;
    }

    private static boolean requireExport(ObjectNode head) {
        if (!head.path("kind").asString("").equals(PortableExport.TYPE)) {
            throw new BackupFailure("this is no export of a trust server");
        }
        if (head.path("version").asInt(0) != PortableExport.VERSION) {
            throw new BackupFailure("the export is of a version this program does not know");
        }
        return head.path("form").asString("").equals("move");
    }

    private static ObjectNode object(@Nullable String line) {
        try {
            if (line != null && JSON.readTree(line) instanceof ObjectNode object) {
                return object;
            }
        } catch (JacksonException e) {
            throw new BackupFailure("a line of the export cannot be read", e);
        }
        throw new BackupFailure("a line of the export cannot be read");
    }

    /** One import into one file. */
    private final class Filling {
        private final ObjectNode head;
        private final boolean move;
        private final Instant now;
        private final Map<String, Long> added = new TreeMap<>();
        private final Map<String, Long> kept = new TreeMap<>();
        private final Map<String, String> settings = new TreeMap<>();
        private final Map<String, Set<String>> columns = new HashMap<>();
        private final List<ObjectNode> waiting = new ArrayList<>();

        private Filling(ObjectNode head, boolean move, Instant now) {
            this.head = head;
            this.move = move;
            this.now = now;
        }

        private Imported fill(Path fresh, BufferedReader lines) throws IOException {
            try (Database database = Database.openSqlite(fresh)) {
                MasterKeys masterKeys = new MasterKeys(masterKey, folder, database, random);
                Keys keys = masterKeys.open(now);
                if (!move) {
                    ServerState.prepare(database, now);
                }
                requireKnownSchema(database);
                boolean ended = false;
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    ObjectNode node = object(line);
                    switch (node.path("kind").asString("")) {
                        case "root-key" -> keys = adopt(database, masterKeys, node);
                        case "setting" ->
                                settings.put(
                                        node.path("name").asString(""),
                                        node.path("value").asString(""));
                        case "row" -> take(database, node);
                        case "end" -> ended = true;
                        default -> throw new BackupFailure("a line of the export is not known");
                    }
                }
                if (!ended) {
                    throw new BackupFailure("the export has no end");
                }
                flush(database);
                boolean sessionsEnded = finish(database, new DatabaseAuditLog(database, keys));
                return new Imported(
                        move ? "move" : "copy", exportedAt(), added, kept, sessionsEnded, settings);
            } catch (StoreUnavailableException e) {
                throw new BackupFailure("the export does not fit: " + e.getMessage(), e);
            }
        }

        private Instant exportedAt() {
            try {
                return Instant.parse(head.path("at").asString(""));
            } catch (DateTimeException e) {
                throw new BackupFailure("the export does not say when it was made", e);
            }
        }

        private void requireKnownSchema(Database database) {
            int here =
                    database.read(
                            DataScope.server(Why.SETUP),
                            "reading the schema",
                            PortableTables::schema);
            database.read(
                    DataScope.server(Why.SETUP),
                    "reading the tables",
                    handle -> {
                        for (String table : PortableTables.of(handle, move)) {
                            columns.put(table, PortableTables.columns(handle, table));
                        }
                        return true;
                    });
            if (head.path("schema").asInt(Integer.MAX_VALUE) > here) {
                throw new BackupFailure(
                        "the export was made by a newer version; import it with that one");
            }
        }

        private Keys adopt(Database database, MasterKeys masterKeys, ObjectNode node) {
            if (!move) {
                throw new BackupFailure("a copy brings no key");
            }
            byte[] bytes = Base64.getUrlDecoder().decode(node.path("key").asString(""));
            try (Secret root = Secret.takeOwnership(bytes);
                    Secret master = masterKeys.master()) {
                database.write(
                        DataScope.server(Why.SETUP),
                        "taking the root key over",
                        handle -> {
                            DatabaseRootKey.adopt(handle, root, master, now);
                            return true;
                        });
                return root.use(Keys::new);
            }
        }

        private void take(Database database, ObjectNode node) {
            waiting.add(node);
            if (waiting.size() == BATCH) {
                flush(database);
            }
        }

        private void flush(Database database) {
            database.write(
                    DataScope.server(Why.SETUP),
                    "importing",
                    handle -> {
                        waiting.forEach(node -> insert(handle, node));
                        return true;
                    });
            waiting.clear();
        }

        private void insert(Handle handle, ObjectNode node) {
            String table = node.path("table").asString("");
            Set<String> known = columns.get(table);
            if (known == null || !(node.get("values") instanceof ObjectNode values)) {
                throw new BackupFailure("the export has rows that this version does not know");
            }
            Map<String, JsonNode> given = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> value : values.properties()) {
                if (!known.contains(value.getKey())) {
                    throw new BackupFailure(
                            "the export has a column %s.%s that this version does not know"
                                    .formatted(table, value.getKey()));
                }
                given.put(value.getKey(), value.getValue());
            }
            Update update =
                    handle.createUpdate(
                            "INSERT INTO \"%s\" (\"%s\") VALUES (%s) ON CONFLICT DO NOTHING"
                                    .formatted(
                                            table,
                                            String.join("\", \"", given.keySet()),
                                            "?, ".repeat(given.size() - 1) + "?"));
            int place = 0;
            for (Map.Entry<String, JsonNode> value : given.entrySet()) {
                update.bind(place++, valueOf(value.getKey(), value.getValue()));
            }
            (update.execute() == 1 ? added : kept).merge(table, 1L, Long::sum);
        }

        private @Nullable Object valueOf(String column, JsonNode value) {
            if (!move && column.equals("revoked_through")) {
                return 0L; // a number of the other server's log, which says nothing here
            }
            if (value.isNull()) {
                return null;
            }
            if (value.isObject()) {
                return Base64.getUrlDecoder().decode(value.path(PortableExport.BYTES).asString(""));
            }
            return value.isNumber() ? (Object) value.longValue() : value.asString();
        }

        private boolean finish(Database database, DatabaseAuditLog audit) {
            boolean old = !now.isBefore(exportedAt().plus(SESSIONS_LAST));
            return database.write(
                    DataScope.server(Why.SETUP),
                    "finishing the import",
                    handle -> {
                        if (move) {
                            handle.createUpdate("UPDATE server_state SET sealed_at = NULL")
                                    .execute();
                        }
                        if (move && old) {
                            EverythingEnded.write(handle, 0, now, "old export", "server");
                        }
                        audit.append(
                                handle,
                                AuditEntry.of(TenantId.DEFAULT, now, "import.done", "server")
                                        .detail(
                                                "%s exported at %s; %d rows added, %d kept%s"
                                                        .formatted(
                                                                move ? "move" : "copy",
                                                                exportedAt(),
                                                                sum(added),
                                                                sum(kept),
                                                                move && old
                                                                        ? "; sessions ended"
                                                                        : "")));
                        return move && old;
                    });
        }

        private static long sum(Map<String, Long> counts) {
            return counts.values().stream().mapToLong(Long::longValue).sum();
        }
    }
}
