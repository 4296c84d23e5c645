package drawbridge.server.config;

import drawbridge.model.Secret;
import drawbridge.server.Platform;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The folder that holds all the server keeps: database, keys, admin token, logs. Owned by one
 * process at a time, from {@link #open} to {@link #close()}. Safe for many threads.
 */
public final class DataFolder implements AutoCloseable {
    private static final int KEY_BYTES = 32;
    private static final String NEXT_KEY = "master-key.next";
    private static final String TOKEN_FACTS = "admin-token.facts";

    /** Where the lock lies in its file: behind the pid, which others must be able to read. */
    private static final long LOCK_POSITION = Long.MAX_VALUE - 1;

    /**
     * The folders this process owns. An operating system's lock belongs to the whole process: it
     * does not keep the process from locking again, and closing any second channel on the file
     * would drop the first one's lock.
     */
    private static final Set<Path> OWNED_HERE = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final Platform platform;
    private final FileChannel lock;
    private final boolean hadDatabase;

    private DataFolder(Path path, Platform platform, FileChannel lock) {
        this.path = path;
        this.platform = platform;
        this.lock = lock;
        this.hadDatabase = hasContent(path.resolve("drawbridge.db"));
    }

    /**
     * Takes the folder, making it (mode 0700) when it is absent.
     *
     * @throws DataFolderException.Owned when another process has it
     * @throws DataFolderException when it cannot be made, read or written, or when people other
     *     than its owner may write into it
     */
    public static DataFolder open(Path folder, Platform platform) {
        Path real = prepare(folder, platform);
        if (!OWNED_HERE.add(real)) {
            throw new DataFolderException.Owned(real, ProcessHandle.current().pid());
        }
        try {
            return new DataFolder(real, platform, lock(real, platform));
        } catch (RuntimeException | Error e) {
            OWNED_HERE.remove(real);
            throw e;
        }
    }

    private static Path prepare(Path folder, Platform platform) {
        try {
            if (Files.notExists(folder)) {
                platform.createPrivateFolder(folder);
            }
            if (!Files.isDirectory(folder)) {
                throw new DataFolderException(
                        "the data folder %s is a file; give a folder".formatted(folder));
            }
            Path real = folder.toRealPath();
            requireSafe(real, platform);
            return real;
        } catch (IOException e) {
            throw new DataFolderException(
                    "the data folder %s cannot be used: %s"
                            .formatted(folder.toAbsolutePath(), Reason.of(e)),
                    e);
        }
    }

    /**
     * Tightens the rights of a folder that is ours or empty. One that holds other people's files is
     * left as it is: somebody may have named {@code /tmp} by mistake.
     */
    private static void requireSafe(Path folder, Platform platform) throws IOException {
        Platform.Access access = platform.accessOf(folder);
        boolean open = access.othersRead() || access.othersWrite();
        if (open && access.mine() && isOursOrEmpty(folder)) {
            platform.restrictToOwner(folder);
        } else if (access.othersWrite()) {
            throw new DataFolderException(
                    "the data folder %s may be written by others than its owner %s; give one that only the server's user may write (mode 0700)"
                            .formatted(folder, access.owner()));
        }
        if (!Files.isWritable(folder)) {
            throw new DataFolderException(
                    "the data folder %s belongs to %s and cannot be written by this user"
                            .formatted(folder, access.owner()));
        }
    }

    private static boolean isOursOrEmpty(Path folder) throws IOException {
        if (Files.exists(folder.resolve("lock"))) {
            return true;
        }
        try (Stream<Path> content = Files.list(folder)) {
            return content.findAny().isEmpty();
        }
    }

    private static FileChannel lock(Path folder, Platform platform) {
        Path file = folder.resolve("lock");
        FileChannel channel = null;
        try {
            channel =
                    platform.openPrivate(
                            file,
                            Set.of(
                                    StandardOpenOption.CREATE,
                                    StandardOpenOption.READ,
                                    StandardOpenOption.WRITE));
            FileLock taken = channel.tryLock(LOCK_POSITION, 1, false);
            if (taken == null) {
                long pid = readPid(channel);
                channel.close();
                throw new DataFolderException.Owned(folder, pid);
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(
                            (ProcessHandle.current().pid() + "\n")
                                    .getBytes(StandardCharsets.US_ASCII)),
                    0);
            channel.force(true);
            return channel;
        } catch (IOException | OverlappingFileLockException e) {
            closeQuietly(channel);
            throw new DataFolderException(
                    "the lock file %s cannot be taken: %s".formatted(file, Reason.of(e)), e);
        }
    }

    private static void closeQuietly(@Nullable FileChannel channel) {
        if (channel == null) {
            return;
        }
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long readPid(FileChannel channel) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(20);
        channel.read(content, 0);
        String text =
                new String(content.array(), 0, content.position(), StandardCharsets.US_ASCII)
                        .strip();
        return text.matches("[1-9][0-9]{0,18}") ? Long.parseLong(text) : 0;
    }

    /**
     * Which process owns the folder now; empty when none does. For asking only: the answer may be
     * old by the time it is read.
     */
    public static OptionalLong owner(Path folder) {
        Path file = folder.resolve("lock");
        try {
            if (!Files.exists(file)) {
                return OptionalLong.empty();
            }
            if (OWNED_HERE.contains(folder.toRealPath())) {
                return OptionalLong.of(ProcessHandle.current().pid());
            }
            try (FileChannel channel =
                    FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                long pid = readPid(channel);
                // A dead pid settles it without touching the lock, which a server that starts at
                // this moment would then miss.
                if (pid == 0 || ProcessHandle.of(pid).isEmpty()) {
                    return OptionalLong.empty();
                }
                try (FileLock taken = channel.tryLock(LOCK_POSITION, 1, false)) {
                    return taken == null ? OptionalLong.of(pid) : OptionalLong.empty();
                }
            }
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    /** The folder, as an absolute path without links. */
    public Path path() {
        return path;
    }

    private static boolean hasContent(Path file) {
        try {
            return Files.size(file) > 0;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * The SQLite database's file; made empty, for its owner only, when it is absent. SQLite takes
     * the rights of the files beside it from there.
     *
     * @throws DataFolderException when it cannot be made
     */
    public Path database() {
        Path file = path.resolve("drawbridge.db");
        try {
            refuseLinked(file);
            platform.openPrivate(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE))
                    .close();
            tighten(file);
            return file;
        } catch (IOException e) {
            throw new DataFolderException(
                    "the database %s cannot be written: %s".formatted(file, Reason.of(e)), e);
        }
    }

    /** The lock is the folder's, so no other folder may lead to the same database. */
    private static void refuseLinked(Path file) throws IOException {
        boolean isLinked =
                Files.isSymbolicLink(file)
                        || (Files.exists(file)
                                && file.getFileSystem()
                                        .supportedFileAttributeViews()
                                        .contains("unix")
                                && (int) Files.getAttribute(file, "unix:nlink") > 1);
        if (isLinked) {
            throw new DataFolderException(
                    "the database %s is linked with another place, where another server could open it; put the file itself there"
                            .formatted(file));
        }
    }

    /** The folder of the log files; there is none until something was logged. */
    public Path logs() {
        return path.resolve("logs");
    }

    /**
     * The admin token of this folder, from {@code admin-token}; made (256 random bits in base64url)
     * when the file is absent.
     *
     * @throws DataFolderException when the file cannot be read or holds no token
     */
    public Secret adminToken(SecureRandom random) {
        Path file = path.resolve("admin-token");
        if (Files.notExists(file)) {
            write(file, encode(random));
        }
        byte[] token = read(file);
        if (token.length < 16) {
            throw new DataFolderException(
                    "%s holds %d characters; delete it and the next start makes a new one"
                            .formatted(file, token.length));
        }
        return Secret.takeOwnership(token);
    }

    /**
     * The key that seals secrets at rest, 32 bytes, from {@code master-key}; made when the file is
     * absent and there was no database either when the folder was opened. A database whose key is
     * gone is not given a new one: what the old key sealed would be lost in silence.
     *
     * @param sealed whether a database elsewhere holds something that a master key sealed
     * @throws DataFolderException when the file cannot be read, holds no key, or is missing beside
     *     a database
     */
    public Secret masterKey(SecureRandom random, boolean sealed) {
        Path file = path.resolve("master-key");
        if (Files.notExists(file)) {
            if (hadDatabase || sealed) {
                throw new DataFolderException(
                        "%s is missing beside a database whose secrets it sealed; put it back, or give the key by DRAWBRIDGE_MASTER_KEY"
                                .formatted(file));
            }
            write(file, encode(random));
        }
        return keyIn(file);
    }

    private Secret keyIn(Path file) {
        byte[] text = read(file);
        try {
            return MasterKey.parse(new String(text, StandardCharsets.US_ASCII))
                    .orElseThrow(() ->
                            new DataFolderException(
                                    "%s holds no key: 32 bytes in base64url or hex are expected"
                                            .formatted(file)));
        } finally {
            Arrays.fill(text, (byte) 0);
        }
    }

    /**
     * The master key that a rotation wrote and may not have put in place, from {@code
     * master-key.next}.
     *
     * @return empty when no rotation was broken off
     * @throws DataFolderException when the file cannot be read or holds no key
     */
    public Optional<Secret> nextMasterKey() {
        Path file = path.resolve(NEXT_KEY);
        return Files.exists(file) ? Optional.of(keyIn(file)) : Optional.empty();
    }

    /**
     * Writes a new master key beside the present one; {@link #useNextMasterKey} puts it in place.
     */
    public Secret drawNextMasterKey(SecureRandom random) {
        Path file = path.resolve(NEXT_KEY);
        write(file, encode(random));
        return keyIn(file);
    }

    /** Puts the next master key in the present one's place; the present one is gone then. */
    public void useNextMasterKey() {
        Path file = path.resolve("master-key");
        try {
            Files.move(
                    path.resolve(NEXT_KEY),
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            platform.syncFolder(path);
        } catch (IOException e) {
            throw new DataFolderException(
                    "%s cannot be put in place: %s".formatted(file, Reason.of(e)), e);
        }
    }

    /** Takes the next master key away: nothing was sealed under it. */
    public void dropNextMasterKey() {
        delete(path.resolve(NEXT_KEY));
    }

    private void delete(Path file) {
        try {
            Files.deleteIfExists(file);
            platform.syncFolder(path);
        } catch (IOException e) {
            throw new DataFolderException(
                    "%s cannot be deleted: %s".formatted(file, Reason.of(e)), e);
        }
    }

    /** Writes a new admin token over the present one, which opens nothing after the next start. */
    public void drawAdminToken(SecureRandom random) {
        write(path.resolve("admin-token"), encode(random));
    }

    /** A new admin token, not written yet; {@link #putAdminToken} puts it in place. */
    public Secret newAdminToken(SecureRandom random) {
        return Secret.takeOwnership(encode(random));
    }

    /** Writes the admin token over the present one. */
    public void putAdminToken(Secret token) {
        write(path.resolve("admin-token"), token.use(byte[]::clone));
    }

    /** When the admin token's file was written; empty when there is none. */
    public Optional<Instant> adminTokenSince() {
        try {
            return Optional.of(
                    Files.getLastModifiedTime(path.resolve("admin-token"))
                            .toInstant()
                            .truncatedTo(ChronoUnit.MICROS));
        } catch (IOException e) {
            return Optional.empty(); // its age is then counted from now
        }
    }

    /** What is noted of the admin token; empty when nothing is, or nothing readable. */
    public Optional<TokenFacts> tokenFacts() {
        Path file = path.resolve(TOKEN_FACTS);
        try {
            return Files.exists(file)
                    ? TokenFacts.parse(Files.readString(file, StandardCharsets.US_ASCII))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // a token whose past is unknown is as good as a new one
        }
    }

    /** Notes it for the next start. */
    public void noteToken(TokenFacts facts) {
        Path file = path.resolve(TOKEN_FACTS);
        try {
            platform.writePrivately(file, facts.text().getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new DataFolderException(
                    "%s cannot be written: %s".formatted(file, Reason.of(e)), e);
        }
    }

    /** What is noted of the admin token between two starts: keyed hashes and times. */
    public static final class TokenFacts {
        private final byte[] hash;
        private final Instant since;
        private final byte[] previous;
        private final @Nullable Instant previousUntil;

        /**
         * @param hash the token's
         * @param since when it came into force
         * @param previous the hash of the one before; empty when that is not accepted
         * @param previousUntil until when that one is accepted; null when it is not
         */
        public TokenFacts(
                byte[] hash, Instant since, byte[] previous, @Nullable Instant previousUntil) {
            this.hash = hash.clone();
            this.since = since;
            this.previous = previous.clone();
            this.previousUntil = previousUntil;
        }

        /** The token's hash. */
        public byte[] hash() {
            return hash.clone();
        }

        /** When it came into force. */
        public Instant since() {
            return since;
        }

        /** The hash of the one before; empty when that is not accepted. */
        public byte[] previous() {
            return previous.clone();
        }

        /** Until when the one before is accepted; null when it is not. */
        public @Nullable Instant previousUntil() {
            return previousUntil;
        }

        private String text() {
            Instant until = previousUntil;
            String first = HexFormat.of().formatHex(hash) + " " + since + "\n";
            return until == null
                    ? first
                    : first + HexFormat.of().formatHex(previous) + " " + until + "\n";
        }

        private static Optional<TokenFacts> parse(String text) {
            try {
                List<String[]> lines = text.lines().map(line -> line.split(" ", 2)).toList();
                byte[] hash = HexFormat.of().parseHex(lines.get(0)[0]);
                Instant since = Instant.parse(lines.get(0)[1]);
                return Optional.of(
                        lines.size() == 1
                                ? new TokenFacts(hash, since, new byte[0], null)
                                : new TokenFacts(
                                        hash,
                                        since,
                                        HexFormat.of().parseHex(lines.get(1)[0]),
                                        Instant.parse(lines.get(1)[1])));
            } catch (IllegalArgumentException
                    | IndexOutOfBoundsException
                    | DateTimeParseException e) {
                return Optional.empty();
            }
        }
    }

    /**
     * Tells other processes of this user where the server answers; {@link ServerAddress#find} reads
     * it.
     */
    public void tellAddress(ServerAddress address) {
        try {
            platform.writePrivately(path.resolve(ServerAddress.FILE), address.json());
        } catch (IOException e) {
            throw new DataFolderException(
                    "%s cannot be written: %s"
                            .formatted(path.resolve(ServerAddress.FILE), Reason.of(e)),
                    e);
        }
    }

    /** Takes that back: nobody answers there any more. */
    public void forgetAddress() {
        delete(path.resolve(ServerAddress.FILE));
    }

    /** The folder of the backups the server makes; made, for its owner only, when it is absent. */
    public Path backups() {
        Path folder = path.resolve("backups");
        try {
            if (Files.notExists(folder)) {
                platform.createPrivateFolder(folder);
            }
            return folder;
        } catch (IOException e) {
            throw new DataFolderException(
                    "%s cannot be made: %s".formatted(folder, Reason.of(e)), e);
        }
    }

    /** Whether a master key stands in the folder. */
    public boolean hasMasterKey() {
        return Files.exists(path.resolve("master-key"));
    }

    /**
     * An empty file, for its owner only, in place of any that was there.
     *
     * @throws DataFolderException when it cannot be made
     */
    public Path emptyFile(Path file) {
        try {
            Files.deleteIfExists(file);
            platform.openPrivate(
                            file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))
                    .close();
            return file;
        } catch (IOException e) {
            throw new DataFolderException(
                    "%s cannot be written: %s".formatted(file, Reason.of(e)), e);
        }
    }

    /**
     * Gives a whole file its name, at once and for good; an older file of that name is gone then.
     *
     * @throws DataFolderException when that cannot be done
     */
    public void putInPlace(Path whole, Path name) {
        try (FileChannel channel = FileChannel.open(whole, StandardOpenOption.WRITE)) {
            channel.force(true);
        } catch (IOException e) {
            throw new DataFolderException(
                    "%s cannot be written: %s".formatted(whole, Reason.of(e)), e);
        }
        try {
            Files.move(
                    whole,
                    name,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            platform.syncFolder(Objects.requireNonNull(name.toAbsolutePath().getParent()));
        } catch (IOException e) {
            throw new DataFolderException(
                    "%s cannot be put in place: %s".formatted(name, Reason.of(e)), e);
        }
    }

    /** Whether there was a database when the folder was taken. */
    public boolean hadDatabase() {
        return hadDatabase;
    }

    private static byte[] encode(SecureRandom random) {
        byte[] bytes = new byte[KEY_BYTES];
        random.nextBytes(bytes);
        byte[] text = Base64.getUrlEncoder().withoutPadding().encode(bytes);
        Arrays.fill(bytes, (byte) 0);
        return text;
    }

    private void write(Path file, byte[] text) {
        byte[] line = Arrays.copyOf(text, text.length + 1);
        line[text.length] = '\n';
        try {
            platform.writePrivately(file, line);
        } catch (IOException e) {
            throw new DataFolderException(
                    "%s cannot be written: %s".formatted(file, Reason.of(e)), e);
        } finally {
            Arrays.fill(text, (byte) 0);
            Arrays.fill(line, (byte) 0);
        }
    }

    /** The file's content without the line end, after its rights were tightened if needed. */
    private byte[] read(Path file) {
        try {
            tighten(file);
            return SecretFile.read(file);
        } catch (IOException e) {
            throw new DataFolderException("%s cannot be read: %s".formatted(file, Reason.of(e)), e);
        }
    }

    private void tighten(Path file) throws IOException {
        Platform.Access access = platform.accessOf(file);
        if (access.othersRead() || access.othersWrite()) {
            platform.restrictToOwner(file);
        }
    }

    /** Lets the folder go: from now on another process may take it. Twice is as good as once. */
    @Override
    public void close() {
        if (!lock.isOpen()) {
            return;
        }
        try (lock) {
            lock.truncate(0);
        } catch (IOException e) {
            throw new UncheckedIOException("giving up the data folder " + path, e);
        } finally {
            OWNED_HERE.remove(path);
        }
    }
}
