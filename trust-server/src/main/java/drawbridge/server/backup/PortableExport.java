package drawbridge.server.backup;

import drawbridge.model.Secret;
import drawbridge.model.TenantId;
import drawbridge.model.view.ConfigEntry;
import drawbridge.server.audit.AuditEntry;
import drawbridge.server.audit.DatabaseAuditLog;
import drawbridge.server.config.DataFolder;
import drawbridge.server.crypto.Keys;
import drawbridge.server.crypto.PassphraseSeal;
import drawbridge.server.secret.MasterKeys;
import drawbridge.server.session.EverythingEnded;
import drawbridge.server.storage.DataScope;
import drawbridge.server.storage.DataScope.Why;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.PostgresUrl;
import drawbridge.server.storage.ServerState;
import drawbridge.server.storage.Times;

import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Writes what a server knows into one file under a passphrase, for another machine or storage. One
 * thread, on a folder this process owns.
 *
 * <p>A copy holds accounts, callers without secrets, tenants and policies, and leaves the server as
 * it is. A move holds everything and the root key, and seals the server in the same step: it never
 * answers again, so that nothing revoked there can live on here.
 */
public final class PortableExport {
    static final String TYPE = "drawbridge.export";
    static final int VERSION = 1;
    static final String BYTES = "$bytes";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /**
     * What was exported.
     *
     * @param rows how many rows of each table
     * @param sessions whether the sessions went along
     */
    public record Exported(Map<String, Long> rows, boolean sessions) {
        public Exported {
            rows = Collections.unmodifiableMap(new TreeMap<>(rows));
        }
    }

    private final DataFolder folder;
    private final Optional<Secret> masterKey;
    private final Optional<PostgresUrl> elsewhere;
    private final Backups backups;
    private final List<ConfigEntry> settings;
    private final SecureRandom random;

    /**
     * @param masterKey the master key where it comes from the settings
     * @param elsewhere where the database is; empty for the folder's own
     * @param backups where a database of an older version is kept as it was
     * @param settings in effect; those that are no secrets go along for information
     */
    public PortableExport(
            DataFolder folder,
            Optional<Secret> masterKey,
            Optional<PostgresUrl> elsewhere,
            Backups backups,
            List<ConfigEntry> settings,
            SecureRandom random) {
        this.folder = folder;
        this.masterKey = masterKey;
        this.elsewhere = elsewhere;
        this.backups = backups;
        this.settings = List.copyOf(settings);
        this.random = random;
    }

    /**
     * Exports into a new file that only its owner may read.
     *
     * @param seal whether it is a move
     * @throws BackupFailure when there is nothing to export, or it cannot be written
     */
    public Exported export(Path to, Secret passphrase, boolean seal, Instant now) {
        try (Database database = open(now);
                Secret root = new MasterKeys(masterKey, folder, database, random).openRoot(now)) {
            ServerState.prepare(database, now);
            note(database, root.use(Keys::new), seal, to, now);
            Path part = folder.emptyFile(to.resolveSibling("." + to.getFileName() + ".part"));
            Map<String, Long> rows;
            try (OutputStream out =
                    PassphraseSeal.sealing(
                            new BufferedOutputStream(Files.newOutputStream(part)),
                            passphrase,
                            random)) {
                rows =
                        database.snapshot(
                                DataScope.server(Why.SETUP),
                                "exporting",
                                handle -> write(handle, out, root, seal, now));
            }
            folder.putInPlace(part, to);
            return new Exported(rows, seal);
        } catch (IOException e) {
            throw new BackupFailure(to + " cannot be written: " + e.getMessage(), e);
        }
    }

    /** Lets a sealed server answer again; all its sessions and open tokens end, for they moved. */
    public void reopen(Instant now) {
        try (Database database = open(now)) {
            Keys keys = new MasterKeys(masterKey, folder, database, random).open(now);
            ServerState.prepare(database, now);
            if (!ServerState.isSealed(database)) {
                throw new BackupFailure(folder.path() + " is not sealed");
            }
            DatabaseAuditLog audit = new DatabaseAuditLog(database, keys);
            database.write(
                    DataScope.server(Why.SETUP),
                    "reopening the server",
                    handle -> {
                        EverythingEnded.write(handle, 0, now, "reopened", "server");
                        audit.append(
                                handle,
                                AuditEntry.of(TenantId.DEFAULT, now, "export.reopened", "server")
                                        .detail("all sessions and open tokens ended"));
                        return handle.createUpdate("UPDATE server_state SET sealed_at = NULL")
                                .execute();
                    });
        }
    }

    private Database open(Instant now) {
        if (elsewhere.isPresent()) {
            return backups.openUpgraded(
                    elsewhere.get(), Optional.empty(), Database.Pool.USUAL, now);
        }
        if (!folder.hadDatabase()) {
            throw new BackupFailure("there is no database in " + folder.path());
        }
        return backups.openUpgraded(now);
    }

    /** Before anything is written: what leaves is audited, and a server that moves is sealed. */
    private static void note(Database database, Keys keys, boolean seal, Path to, Instant now) {
        DatabaseAuditLog audit = new DatabaseAuditLog(database, keys);
        database.write(
                DataScope.server(Why.SETUP),
                "auditing the export",
                handle -> {
                    if (seal) {
                        handle.createUpdate(
                                        "UPDATE server_state SET sealed_at = :now WHERE sealed_at"
                                                + " IS NULL")
                                .bind("now", Times.micros(now))
                                .execute();
                    }
                    audit.append(
                            handle,
                            AuditEntry.of(
                                            TenantId.DEFAULT,
                                            now,
                                            seal ? "export.sealed" : "export.copied",
                                            "server")
                                    .detail(String.valueOf(to.getFileName())));
                    return true;
                });
    }

    private Map<String, Long> write(
            Handle handle, OutputStream out, Secret root, boolean move, Instant now) {
        ObjectNode head = node(TYPE);
        head.put("version", VERSION);
        head.put("schema", PortableTables.schema(handle));
        head.put("form", move ? "move" : "copy");
        head.put("at", now.toString());
        line(out, head);
        if (move) {
            String key =
                    root.use(
                            bytes -> Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
            line(out, node("root-key").put("key", key));
        }
        for (ConfigEntry entry : settings) {
            if (!entry.secret() && !entry.source().equals("default")) {
                line(out, node("setting").put("name", entry.key()).put("value", entry.value()));
            }
        }
        Map<String, Long> counts = new TreeMap<>();
        for (String table : PortableTables.of(handle, move)) {
            counts.put(table, rows(handle, table, out));
        }
        ObjectNode end = node("end");
        end.put("rows", counts.values().stream().mapToLong(Long::longValue).sum());
        line(out, end);
        return counts;
    }

    private static long rows(Handle handle, String table, OutputStream out) {
        long[] count = new long[1];
        handle.createQuery("SELECT * FROM \"" + table + "\"")
                .setFetchSize(Database.FETCHED_AT_ONCE)
                .mapToMap()
                .useStream(rows ->
                        rows.forEach(row -> {
                            ObjectNode node = node("row").put("table", table);
                            ObjectNode values = node.putObject("values");
                            row.forEach((column, value) -> put(values, column, value));
                            line(out, node);
                            count[0]++;
                        }));
        return count[0];
    }

    private static void put(ObjectNode values, String column, @Nullable Object value) {
        switch (value) {
            case null -> values.putNull(column);
            case byte[] bytes ->
                    values.putObject(column)
                            .put(BYTES, Base64.getUrlEncoder().encodeToString(bytes));
            case Number number -> values.put(column, number.longValue());
            default -> values.put(column, value.toString());
        }
    }

    private static ObjectNode node(String kind) {
        return JSON.createObjectNode().put("kind", kind);
    }

    private static void line(OutputStream out, ObjectNode node) {
        try {
            out.write((JSON.writeValueAsString(node) + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new BackupFailure("the export cannot be written: " + e.getMessage(), e);
        }
    }
}
