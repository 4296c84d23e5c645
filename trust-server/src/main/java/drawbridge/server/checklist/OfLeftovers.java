package drawbridge.server.checklist;

import com.sun.management.HotSpotDiagnosticMXBean;

import drawbridge.model.TenantId;
import drawbridge.model.view.ChecklistEvidence;
import drawbridge.server.checklist.Evidence.At;
import drawbridge.server.storage.Database;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Connections are pooled, and nothing sensitive lies in temporary files or shared state. */
final class OfLeftovers implements Judge {
    /** Pictures of memory, and what editors and copies leave. */
    private static final Pattern LEFT_BEHIND =
            Pattern.compile(
                    "core(\\.\\d+)?|.*\\.hprof|hs_err_pid.*|.*\\.(tmp|bak|orig|old|swp|dump|sql)|.*~");

    private static final int NAMED = 10;

    private final ChecklistSettings settings;
    private final Supplier<Database.PoolFigures> readers;

    OfLeftovers(ChecklistSettings settings, Supplier<Database.PoolFigures> readers) {
        this.settings = settings;
        this.readers = readers;
    }

    @Override
    public List<ChecklistEvidence> judge(TenantId tenant, Instant now) {
        List<ChecklistEvidence> found = new ArrayList<>();
        leftBehind(found);
        if (dumpsHeap()) {
            found.add(
                    Evidence.warn(
                            "heap_dump_on",
                            "this JVM writes its memory, secrets and all, to a file when it runs full: take -XX:+HeapDumpOnOutOfMemoryError away",
                            At.screen("server")));
        }
        for (String warning : settings.warnings()) {
            if (isOfRedis(warning)) {
                found.add(Evidence.warn("redis_plain", warning, At.setting("redis.url")));
            }
        }
        Database.PoolFigures pool = readers.get();
        if (pool.waiting() > pool.open()) {
            found.add(
                    Evidence.warn(
                            "pool_short",
                            "%d wait for one of %d connections"
                                    .formatted(pool.waiting(), pool.open()),
                            At.setting("database.pool")));
        } else {
            found.add(
                    Evidence.pass(
                            "pooled",
                            "%d pooled connections read, %d of them now, and one writes; none carries a tenant over"
                                    .formatted(pool.open(), pool.busy())));
        }
        return found;
    }

    private void leftBehind(List<ChecklistEvidence> found) {
        try (Stream<Path> files = Files.list(settings.folder())) {
            List<String> names =
                    files.filter(Files::isRegularFile)
                            .map(file -> String.valueOf(file.getFileName()))
                            .filter(name -> LEFT_BEHIND.matcher(name).matches())
                            .sorted()
                            .limit(NAMED)
                            .toList();
            names.forEach(name ->
                    found.add(
                            Evidence.warn(
                                    "left_behind",
                                    name
                                            + " in the data folder may hold what was in memory or in the database; delete it",
                                    At.screen("server"))));
            if (names.isEmpty()) {
                found.add(
                        Evidence.pass(
                                "nothing_left",
                                "no dump, copy or temporary file lies in the data folder"));
            }
        } catch (IOException e) {
            found.add(
                    Evidence.warn(
                            "folder_unknown",
                            "the data folder cannot be listed",
                            At.screen("server")));
        }
    }

    private static boolean dumpsHeap() {
        HotSpotDiagnosticMXBean jvm =
                ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        return Boolean.parseBoolean(jvm.getVMOption("HeapDumpOnOutOfMemoryError").getValue());
    }

    /** Whether a warning of the settings is about shared copies. */
    static boolean isOfRedis(String warning) {
        return warning.startsWith("redis.url");
    }
}
