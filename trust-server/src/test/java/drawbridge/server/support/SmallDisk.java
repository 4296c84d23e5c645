package drawbridge.server.support;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

/** A real disk of a few megabytes, in memory, which can be filled to its last page. */
public final class SmallDisk implements AutoCloseable {
    private final Path folder;
    private final Path filler;

    private SmallDisk(Path folder) {
        this.folder = folder;
        this.filler = folder.resolve("filler");
    }

    /**
     * Mounts one there. Where only root may, and this is not root, the test that asks for it is
     * left out.
     *
     * @param instead what is tested nevertheless
     */
    public static SmallDisk mount(Path folder, int megabytes, String instead) throws IOException {
        Files.createDirectories(folder);
        assumeTrue(
                Files.isExecutable(Path.of("/bin/mount"))
                        && run(
                                "/bin/mount",
                                "-t",
                                "tmpfs",
                                "-o",
                                "mode=0700,size=" + megabytes + "m",
                                "tmpfs",
                                folder.toString()),
                "only root can mount a small disk: " + instead);
        return new SmallDisk(folder);
    }

    private static boolean run(String... command) throws IOException {
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try {
            return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Takes all that is left of it. */
    public void fill() throws IOException {
        for (int size = 64 * 1024; size > 0; size /= 16) {
            try (OutputStream out =
                    Files.newOutputStream(
                            filler, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                while (true) {
                    out.write(new byte[size]);
                }
            } catch (IOException e) {
                // so much did not fit any more
            }
        }
    }

    /** Gives back what {@link #fill} took. */
    public void makeRoom() throws IOException {
        Files.delete(filler);
    }

    /** Unmounts it, also while somebody still has a file of it. */
    @Override
    public void close() throws IOException {
        if (!run("/bin/umount", "-l", folder.toString())) {
            throw new IOException(folder + " could not be unmounted");
        }
    }
}
