package drawbridge.console;

import drawbridge.console.supervise.DataFolder;
import drawbridge.console.supervise.LeftServer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * A data folder for one window, among the system's temporary ones. It is claimed for as long as the
 * window lives: one that nobody claims was left by a console that ended without a word, and the
 * next start removes it together with its server.
 */
final class ThrowAwayFolder {
    private static final String PREFIX = "drawbridge-simulated-";
    private static final Logger LOG = LoggerFactory.getLogger(ThrowAwayFolder.class);

    private final DataFolder folder;
    private final Platform platform;
    private final SingleConsole claim;

    private ThrowAwayFolder(DataFolder folder, Platform platform, SingleConsole claim) {
        this.folder = folder;
        this.platform = platform;
        this.claim = claim;
    }

    /** The folder in which the system keeps what is temporary. */
    static Path parent() {
        return Path.of(System.getProperty("java.io.tmpdir"));
    }

    /**
     * Makes one, for this user alone.
     *
     * @param parent where; {@link #parent} outside tests
     */
    static ThrowAwayFolder make(Path parent, Platform platform) throws IOException {
        DataFolder folder = new DataFolder(Files.createTempDirectory(parent, PREFIX), platform);
        folder.create();
        SingleConsole claim =
                SingleConsole.claim(folder.consoleLock(), platform)
                        .orElseThrow(() -> new IOException(folder.path() + " is taken already"));
        return new ThrowAwayFolder(folder, platform, claim);
    }

    /** The folder. */
    Path path() {
        return folder.path();
    }

    /** Ends what still runs there and removes it with all that is in it. */
    void remove() throws IOException, InterruptedException {
        boolean ended = LeftServer.end(folder, platform);
        claim.close();
        if (ended) {
            delete(folder.path());
        } else {
            throw new IOException("its server cannot be ended");
        }
    }

    /**
     * Removes what other consoles left, and their servers. A folder that is claimed, that is
     * somebody else's, or that is none but a link to one, is left alone.
     */
    static void sweep(Path parent, Platform platform) throws InterruptedException {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path path : found) {
                sweepOne(path, platform);
            }
        } catch (IOException e) {
            LOG.warn("throw-away folders cannot be looked for in={}", parent, e);
        }
    }

    private static void sweepOne(Path path, Platform platform) throws InterruptedException {
        DataFolder folder = new DataFolder(path, platform);
        if (!platform.isPrivateFolder(path) || Files.notExists(folder.consoleLock())) {
            return;
        }
        try {
            Optional<SingleConsole> claimed = SingleConsole.claim(folder.consoleLock(), platform);
            if (claimed.isPresent()) {
                new ThrowAwayFolder(folder, platform, claimed.get()).remove();
                LOG.info("a throw-away folder was left behind and is removed folder={}", path);
            }
        } catch (IOException e) {
            LOG.warn("a throw-away folder was left behind and stays folder={}", path, e);
        }
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.deleteIfExists(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException failed)
                            throws IOException {
                        if (failed instanceof NoSuchFileException) {
                            return FileVisitResult.CONTINUE; // gone meanwhile: as well
                        }
                        throw failed;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(Path visited, IOException failed)
                            throws IOException {
                        Files.deleteIfExists(visited);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
