package drawbridge.console.screen;

import drawbridge.console.Platform;
import drawbridge.console.client.Reply;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import java.util.function.Function;

/**
 * Keeps what a server sends in a file that only its owner may read: whole and as it was sent, or
 * not at all. Blocks. Safe for many threads.
 */
public final class FileKeeper {
    /** What became of it. */
    public sealed interface Kept {
        /** It is there, and was read again from the disk. */
        record Whole(long bytes, String sha256) implements Kept {}

        /** What arrived is not what was sent; nothing is kept. */
        record Other() implements Kept {}

        /** The server did not send it to the end; nothing is kept. */
        record NotAnswered(Reply<Long> reply) implements Kept {}

        /** The file could not be written; nothing is kept. */
        record NotWritten(String why) implements Kept {}
    }

    private final Platform platform;

    public FileKeeper(Platform platform) {
        this.platform = platform;
    }

    /**
     * Fills a file, which is replaced when it is there already.
     *
     * @param sha256 what it must be; null when nobody knows
     * @param sending writes it, and says how it ended
     * @param arrived told before it is read again
     */
    public Kept keep(
            Path file,
            @Nullable String sha256,
            Function<OutputStream, Reply<Long>> sending,
            Runnable arrived) {
        Path part = file.resolveSibling("." + file.getFileName() + ".part");
        try {
            Files.deleteIfExists(part);
            Reply<Long> reply;
            try (OutputStream out =
                    Channels.newOutputStream(
                            platform.openPrivate(
                                    part,
                                    Set.of(
                                            StandardOpenOption.CREATE_NEW,
                                            StandardOpenOption.WRITE)))) {
                reply = sending.apply(out);
            }
            if (!(reply instanceof Reply.Done<Long>)) {
                return new Kept.NotAnswered(reply);
            }
            arrived.run();
            String found = hash(part);
            if (sha256 != null && !sha256.equals(found)) {
                return new Kept.Other();
            }
            long bytes = Files.size(part);
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
            return new Kept.Whole(bytes, found);
        } catch (IOException e) {
            return new Kept.NotWritten(reason(e));
        } finally {
            try {
                Files.deleteIfExists(part);
            } catch (IOException e) {
                // It could not be written either, and that is told.
            }
        }
    }

    /** How large a file is; 0 when it cannot be told. */
    public long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0;
        }
    }

    /** The message of a file's failure is often no more than its path. */
    private static String reason(IOException failure) {
        return switch (failure) {
            case NoSuchFileException _ -> "there is no such folder";
            case AccessDeniedException _ -> "permission denied";
            case FileSystemException said when said.getReason() != null -> said.getReason();
            default ->
                    failure.getMessage() == null
                            ? failure.getClass().getSimpleName()
                            : failure.getMessage();
        };
    }

    private static String hash(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                DigestInputStream digest =
                        new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
            long _ = digest.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
