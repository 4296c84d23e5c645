package drawbridge.server;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Linux and macOS: file modes; on Linux also {@code /proc}. */
final class PosixPlatform implements Platform {
    private static final FileAttribute<Set<PosixFilePermission>> FILE_0600 =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<Set<PosixFilePermission>> FOLDER_0700 =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final Path PROC = Path.of("/proc");

    @Override
    public void createPrivateFolder(Path folder) throws IOException {
        Path parent = folder.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Files.createDirectory(folder, FOLDER_0700);
    }

    @Override
    public FileChannel openPrivate(Path file, Set<? extends OpenOption> options)
            throws IOException {
        return FileChannel.open(file, options, FILE_0600);
    }

    @Override
    public void restrictToOwner(Path path) throws IOException {
        Files.setPosixFilePermissions(
                path, Files.isDirectory(path) ? FOLDER_0700.value() : FILE_0600.value());
    }

    @Override
    public Access accessOf(Path path) throws IOException {
        PosixFileAttributes attributes = Files.readAttributes(path, PosixFileAttributes.class);
        Set<PosixFilePermission> mode = attributes.permissions();
        boolean othersRead =
                mode.contains(PosixFilePermission.GROUP_READ)
                        || mode.contains(PosixFilePermission.OTHERS_READ);
        boolean othersWrite =
                mode.contains(PosixFilePermission.GROUP_WRITE)
                        || mode.contains(PosixFilePermission.OTHERS_WRITE);
        return new Access(attributes.owner().getName(), isMine(path), othersRead, othersWrite);
    }

    private static boolean isMine(Path path) throws IOException {
        // Numbers, not names: in a container the user often has no name.
        if (Files.isDirectory(PROC.resolve("self"))) {
            return Files.getAttribute(path, "unix:uid")
                    .equals(Files.getAttribute(PROC.resolve("self"), "unix:uid"));
        }
        return Files.getOwner(path).getName().equals(System.getProperty("user.name"));
    }

    @Override
    public void syncFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public Optional<PortHolder> holderOf(int port) {
        try {
            Set<String> sockets = new HashSet<>();
            collectListeners(PROC.resolve("net/tcp"), port, sockets);
            collectListeners(PROC.resolve("net/tcp6"), port, sockets);
            return sockets.isEmpty() ? Optional.empty() : findOwner(sockets);
        } catch (IOException e) {
            return Optional.empty(); // a system that does not tell; the port's number must do
        }
    }

    /** Lines of /proc/net/tcp: number, local address:port in hex, remote, state (0A listens). */
    private static void collectListeners(Path table, int port, Set<String> sockets)
            throws IOException {
        if (!Files.isReadable(table)) {
            return;
        }
        String ending = String.format(Locale.ROOT, ":%04X", port);
        for (String line : Files.readAllLines(table)) {
            String[] columns = line.strip().split("\\s+");
            if (columns.length > 9 && columns[1].endsWith(ending) && columns[3].equals("0A")) {
                sockets.add("socket:[" + columns[9] + "]");
            }
        }
    }

    private static Optional<PortHolder> findOwner(Set<String> sockets) throws IOException {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                if (holdsOne(process, sockets)) {
                    String name = Files.readString(process.resolve("comm")).strip();
                    return Optional.of(
                            new PortHolder(Long.parseLong(process.getFileName().toString()), name));
                }
            }
        }
        return Optional.empty();
    }

    private static boolean holdsOne(Path process, Set<String> sockets) {
        try (DirectoryStream<Path> open = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : open) {
                if (sockets.contains(Files.readSymbolicLink(descriptor).toString())) {
                    return true;
                }
            }
        } catch (IOException e) {
            return false; // another user's process, or one that ended just now
        }
        return false;
    }

    @Override
    public long residentBytes() {
        try {
            for (String line : Files.readAllLines(PROC.resolve("self/status"))) {
                if (line.startsWith("VmRSS:")) {
                    return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
                }
            }
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
        return 0;
    }

    @Override
    public void takeShortTurns() {
        if (defersThreads()) {
            Turns.set(Turns.SHORT_NANOS);
        }
    }

    @Override
    public void deferThisThread(Deferral deferral) {
        if (defersThreads()) {
            Turns.set(Turns.USUAL);
            Niceness.raise(deferral.niceness());
        }
    }

    /** On Linux each thread has its niceness; elsewhere it is the whole process's. */
    @Override
    public boolean defersThreads() {
        return System.getProperty("os.name", "").equals("Linux");
    }

    /** The system's own call, since on Linux Java's thread priorities do nothing. */
    private static final class Niceness {
        private static final Logger LOG = LoggerFactory.getLogger(Niceness.class);
        private static final int PRIO_PROCESS = 0;
        private static final int THIS_THREAD = 0;

        /** The system has no lower priority. */
        private static final int NICEST = 19;

        private static final MethodHandle GETPRIORITY =
                call("getpriority", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
        private static final MethodHandle SETPRIORITY =
                call(
                        "setpriority",
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT);

        private Niceness() {}

        @SuppressWarnings("restricted") // every launcher grants it, for Argon2 as well
        private static MethodHandle call(String name, MemoryLayout... parameters) {
            return Linker.nativeLinker()
                    .downcallHandle(
                            Linker.nativeLinker().defaultLookup().findOrThrow(name),
                            FunctionDescriptor.of(ValueLayout.JAVA_INT, parameters));
        }

        static int ofThisThread() throws Throwable {
            return (int) GETPRIORITY.invokeExact(PRIO_PROCESS, THIS_THREAD);
        }

        /** From where it is: a server that was started with nice must not come before others. */
        static void raise(int by) {
            try {
                int wanted = Math.min(ofThisThread() + by, NICEST);
                int failed = (int) SETPRIORITY.invokeExact(PRIO_PROCESS, THIS_THREAD, wanted);
                if (failed != 0) {
                    LOG.warn("the system did not lower the priority of a thread");
                }
            } catch (Throwable e) {
                throw new IllegalStateException("lowering the priority of a thread", e);
            }
        }
    }

    /**
     * How long a thread's turn on a processor is, which Linux lets each thread say since 6.12: one
     * that wants a short turn gets it sooner, before another's longer one is over. Older systems
     * take no notice. See sched_setattr(2).
     */
    private static final class Turns {
        private static final Logger LOG = LoggerFactory.getLogger(Turns.class);

        /** The shortest there is. What answers a request needs about as long. */
        static final long SHORT_NANOS = 100_000;

        /** As long as the system thinks best. */
        static final long USUAL = 0;

        private static final int SIZE = 48;
        private static final long AT_FLAGS = 8;
        private static final long AT_NICE = 16;
        private static final long AT_RUNTIME = 24;
        private static final long KEEP_POLICY = 0x08;
        private static final long THIS_THREAD = 0;
        private static final long NO_FLAGS = 0;

        private Turns() {}

        /** The number of the call, which is another one on each kind of processor; 0 if unknown. */
        private static long number() {
            return switch (System.getProperty("os.arch", "")) {
                case "amd64" -> 314;
                case "aarch64" -> 274;
                default -> 0;
            };
        }

        /** Of this thread, and of those that it starts. */
        @SuppressWarnings("restricted") // every launcher grants it, for Argon2 as well
        static void set(long nanos) {
            long number = number();
            if (number == 0) {
                return;
            }
            try (Arena arena = Arena.ofConfined()) {
                MethodHandle syscall =
                        Linker.nativeLinker()
                                .downcallHandle(
                                        Linker.nativeLinker()
                                                .defaultLookup()
                                                .findOrThrow("syscall"),
                                        FunctionDescriptor.of(
                                                ValueLayout.JAVA_LONG,
                                                ValueLayout.JAVA_LONG,
                                                ValueLayout.JAVA_LONG,
                                                ValueLayout.ADDRESS,
                                                ValueLayout.JAVA_LONG),
                                        Linker.Option.firstVariadicArg(1));
                MemorySegment wanted = arena.allocate(SIZE, Long.BYTES);
                wanted.set(ValueLayout.JAVA_INT, 0, SIZE);
                wanted.set(ValueLayout.JAVA_LONG, AT_FLAGS, KEEP_POLICY);
                wanted.set(ValueLayout.JAVA_INT, AT_NICE, Niceness.ofThisThread());
                wanted.set(ValueLayout.JAVA_LONG, AT_RUNTIME, nanos);
                long failed = (long) syscall.invokeExact(number, THIS_THREAD, wanted, NO_FLAGS);
                if (failed != 0) {
                    LOG.debug("the system did not take the length of a thread's turns");
                }
            } catch (Throwable e) {
                throw new IllegalStateException("setting the length of a thread's turns", e);
            }
        }
    }
}
