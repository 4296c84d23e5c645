package drawbridge.server.checklist;

import drawbridge.model.view.SecretHit;
import drawbridge.model.view.SecretScan;
import drawbridge.server.checklist.KnownSecrets.Known;
import drawbridge.server.storage.StoreUnavailableException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * Searches the server's own logs, or a folder with the history of the git repositories in it, for
 * secrets of this server: one search at a time, on a thread of its own. What is found is kept as a
 * place, never as a text, and nothing is sent anywhere. Safe for many threads.
 */
public final class SecretScans implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SecretScans.class);
    private static final Duration LONGEST = Duration.ofMinutes(15);
    private static final Duration ENDING = Duration.ofSeconds(5);
    private static final long MOST_OF_ONE = 64L << 20;
    private static final long MOST_BYTES = 8L << 30;
    private static final int MOST_HITS = 200;
    private static final int MOST_DEPTH = 64;

    /** How asking for a search ended. */
    public sealed interface Outcome {
        /** It is under way. */
        record Begun(SecretScan scan) implements Outcome {}

        /** Another one is. */
        record Busy(SecretScan scan) implements Outcome {}

        /** There is nothing to look through. */
        record NoFolder(String why) implements Outcome {}
    }

    /** Ends a search from within. */
    private static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Stopped(String why) {
            super(why, null, false, false);
        }
    }

    private record Found(Known known, String place, long line, @Nullable String commit) {}

    /** A search: one thread writes it, others look. */
    private final class Running {
        private final @Nullable Path folder;
        private final Instant startedAt;
        private final long deadline;
        private final List<Found> found = new ArrayList<>();
        private final Set<String> met = new LinkedHashSet<>();
        private volatile boolean cancelled;
        private volatile @Nullable Instant endedAt;
        private volatile String state = "running";
        private volatile String now = "";
        private volatile String why = "";
        private final AtomicLong files = new AtomicLong();
        private final AtomicLong objects = new AtomicLong();
        private final AtomicLong bytes = new AtomicLong();
        private final AtomicLong skipped = new AtomicLong();
        private @Nullable Thread thread;

        Running(@Nullable Path folder) {
            this.folder = folder;
            this.startedAt = clock.instant();
            this.deadline = nanos.getAsLong() + LONGEST.toNanos();
        }

        void breathe() {
            if (cancelled) {
                throw new Stopped("");
            }
            if (nanos.getAsLong() - deadline > 0) {
                throw new Stopped(
                        "it was stopped after %d minutes; name a smaller folder"
                                .formatted(LONGEST.toMinutes()));
            }
            if (bytes.get() > MOST_BYTES) {
                throw new Stopped(
                        "it was stopped after %d GiB; name a smaller folder"
                                .formatted(MOST_BYTES >> 30));
            }
        }

        synchronized void add(Found hit) {
            // One line of one place is one hit, however often it was written down.
            if (!met.add(hit.known().name() + "\0" + hit.place() + "\0" + hit.line())) {
                return;
            }
            found.add(hit);
            if (found.size() >= MOST_HITS) {
                throw new Stopped("it was stopped after %d places".formatted(MOST_HITS));
            }
        }

        synchronized SecretScan view() {
            return new SecretScan(
                    state,
                    folder == null ? null : folder.toString(),
                    startedAt,
                    endedAt,
                    files.get(),
                    objects.get(),
                    bytes.get(),
                    skipped.get(),
                    now,
                    why,
                    found.stream().map(SecretScans::hit).toList());
        }
    }

    private static SecretHit hit(Found found) {
        Known known = found.known();
        return new SecretHit(
                known.kind(),
                known.name(),
                isLive(known),
                found.place(),
                found.line(),
                found.commit(),
                known.callerId(),
                known.version(),
                known.ref());
    }

    /** Whoever cannot be asked whether it still opens something must believe that it does. */
    private static boolean isLive(Known known) {
        try {
            return known.isLive().getAsBoolean();
        } catch (StoreUnavailableException e) {
            return true;
        }
    }

    private final KnownSecrets.Sources sources;
    private final Path dataFolder;
    private final LongSupplier nanos;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final AtomicReference<@Nullable Running> running = new AtomicReference<>();
    private volatile @Nullable Running latest;
    private volatile @Nullable Running lastLogs;
    private volatile @Nullable Running lastFolder;

    /**
     * @param dataFolder of this server: whose key files hold secrets because they must
     * @param nanos a clock that only runs forward
     */
    SecretScans(KnownSecrets.Sources sources, Path dataFolder, LongSupplier nanos, Clock clock) {
        this.sources = sources;
        this.dataFolder = dataFolder.toAbsolutePath().normalize();
        this.nanos = nanos;
        this.clock = clock;
    }

    /**
     * Begins a search.
     *
     * @param folder what to look through; null for the server's own logs
     */
    public Outcome begin(@Nullable Path folder) {
        if (folder != null && !folder.isAbsolute()) {
            return new Outcome.NoFolder("must be a whole path, from the root of the machine");
        }
        if (folder != null && (!Files.isDirectory(folder) || !Files.isReadable(folder))) {
            return new Outcome.NoFolder(
                    "is no folder on the server's machine that the server may read");
        }
        Running next = new Running(folder == null ? null : folder.normalize());
        Running other = running.compareAndExchange(null, next);
        if (other != null) {
            return new Outcome.Busy(other.view());
        }
        latest = next;
        Thread thread =
                Thread.ofPlatform().name("secret-search").daemon().unstarted(() -> run(next));
        next.thread = thread;
        thread.start();
        return new Outcome.Begun(next.view());
    }

    /** The search that is under way, else the last one; empty before the first. */
    public Optional<SecretScan> latest() {
        return Optional.ofNullable(latest).map(Running::view);
    }

    /** The last search of the logs that ended by itself. */
    Optional<SecretScan> lastLogs() {
        return Optional.ofNullable(lastLogs).map(Running::view);
    }

    /** The last search of a folder that ended by itself. */
    Optional<SecretScan> lastFolder() {
        return Optional.ofNullable(lastFolder).map(Running::view);
    }

    /** Ends the search that is under way soon; what was found stays. */
    public Optional<SecretScan> cancel() {
        Running known = running.get();
        if (known != null) {
            known.cancelled = true;
        }
        return latest();
    }

    private void run(Running scan) {
        try {
            KnownSecrets known = sources.open();
            TextSearch search = new TextSearch(known::find, random.nextLong());
            Path root = scan.folder;
            if (root == null) {
                walk(dataFolder.resolve("logs"), search, scan);
            } else {
                walk(root, search, scan);
                histories(root, search, scan);
            }
            scan.state = "ended";
        } catch (Stopped e) {
            scan.state = scan.cancelled ? "cancelled" : "ended";
            scan.why = String.valueOf(e.getMessage());
        } catch (IOException | RuntimeException e) {
            LOG.warn("a search for secrets failed", e);
            scan.state = "failed";
            scan.why = "a part could not be read; the server's log says which";
        } finally {
            end(scan);
        }
    }

    private void end(Running scan) {
        scan.now = "";
        scan.endedAt = clock.instant();
        if (scan.state.equals("ended")) {
            if (scan.folder == null) {
                lastLogs = scan;
            } else {
                lastFolder = scan;
            }
        }
        running.set(null);
        LOG.info(
                "searched for secrets state={} files={} objects={} hits={}",
                scan.state,
                scan.files.get(),
                scan.objects.get(),
                scan.view().hits().size());
    }

    private void walk(Path root, TextSearch search, Running scan) throws IOException {
        if (Files.notExists(root)) {
            return;
        }
        Path logs = dataFolder.resolve("logs");
        Files.walkFileTree(
                root,
                Set.of(),
                MOST_DEPTH,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes a) {
                        scan.breathe();
                        boolean isGit =
                                folder.getFileName() != null
                                        && folder.getFileName().toString().equals(".git");
                        return isGit ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        scan.breathe();
                        Path whole = file.toAbsolutePath().normalize();
                        boolean isOurs = whole.startsWith(dataFolder) && !whole.startsWith(logs);
                        if (attributes.isRegularFile() && !isOurs) {
                            file(root, file, attributes.size(), search, scan);
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException e) {
                        scan.skipped.incrementAndGet();
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    private static void file(Path root, Path file, long size, TextSearch search, Running scan) {
        String place = root.relativize(file).toString();
        scan.now = place;
        if (size > MOST_OF_ONE) {
            scan.skipped.incrementAndGet();
            return;
        }
        try (InputStream in = Files.newInputStream(file)) {
            long read =
                    search.search(
                            in,
                            (known, line) -> scan.add(new Found(known, place, line, null)),
                            scan::breathe);
            count(scan, read);
            scan.files.incrementAndGet();
        } catch (IOException e) {
            scan.skipped.incrementAndGet();
        }
    }

    private static void count(Running scan, long read) {
        if (read < 0) {
            scan.skipped.incrementAndGet();
        } else {
            scan.bytes.addAndGet(read);
        }
    }

    /** Of the repository that the folder is in, and of those in it. */
    private static void histories(Path root, TextSearch search, Running scan) throws IOException {
        Set<Path> repositories = new LinkedHashSet<>();
        for (Path above = root; above != null; above = above.getParent()) {
            if (Files.isDirectory(above.resolve(".git"), LinkOption.NOFOLLOW_LINKS)) {
                repositories.add(above.resolve(".git"));
                break;
            }
        }
        Files.walkFileTree(
                root,
                Set.of(),
                MOST_DEPTH,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes a) {
                        scan.breathe();
                        boolean isGit =
                                folder.getFileName() != null
                                        && folder.getFileName().toString().endsWith(".git")
                                        && Files.isDirectory(folder.resolve("objects"));
                        if (isGit) {
                            repositories.add(folder);
                            return FileVisitResult.SKIP_SUBTREE;
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException e) {
                        return FileVisitResult.CONTINUE;
                    }
                });
        for (Path repository : repositories) {
            history(repository, search, scan);
        }
    }

    private static void history(Path gitFolder, TextSearch search, Running scan)
            throws IOException {
        scan.now = "history of " + gitFolder.getParent();
        Map<String, List<Found>> contents = new HashMap<>();
        try (GitHistory history = GitHistory.open(gitFolder)) {
            history.each(
                    (id, isCommit, size, in) -> {
                        if (size > MOST_OF_ONE) {
                            scan.skipped.incrementAndGet();
                            return;
                        }
                        long read =
                                search.search(
                                        in,
                                        (known, line) -> {
                                            String commit = GitHistory.abbreviated(id);
                                            if (isCommit) {
                                                scan.add(
                                                        new Found(
                                                                known,
                                                                "its own message",
                                                                line,
                                                                commit));
                                            } else {
                                                contents.computeIfAbsent(id, _ -> new ArrayList<>())
                                                        .add(
                                                                new Found(
                                                                        known,
                                                                        "git object " + commit,
                                                                        line,
                                                                        null));
                                            }
                                        },
                                        scan::breathe);
                        count(scan, read);
                        scan.objects.incrementAndGet();
                    },
                    scan::breathe);
            Map<String, GitHistory.Origin> origins =
                    history.origins(contents.keySet(), scan::breathe);
            contents.forEach(
                    (id, hits) -> hits.forEach(hit -> scan.add(named(hit, origins.get(id)))));
        }
    }

    private static Found named(Found hit, GitHistory.@Nullable Origin origin) {
        return origin == null
                ? hit
                : new Found(hit.known(), origin.path(), hit.line(), origin.commit());
    }

    /** Ends the search that is under way. */
    @Override
    public void close() {
        Running known = running.get();
        Thread thread = known == null ? null : known.thread;
        if (known == null || thread == null) {
            return;
        }
        known.cancelled = true;
        try {
            thread.join(ENDING);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
