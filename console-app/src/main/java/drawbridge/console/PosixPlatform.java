package drawbridge.console;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Linux and macOS: file modes, sessions and signals; on Linux also {@code /proc}. */
final class PosixPlatform implements Platform {
    private static final FileAttribute<Set<PosixFilePermission>> FILE_0600 =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<Set<PosixFilePermission>> FOLDER_0700 =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final List<Path> SETSID =
            List.of(Path.of("/usr/bin/setsid"), Path.of("/bin/setsid"));

    /** The signals whose numbers are the same on Linux and macOS. */
    private static final Map<Integer, String> SIGNALS =
            Map.of(
                    1, "SIGHUP",
                    2, "SIGINT",
                    3, "SIGQUIT",
                    4, "SIGILL",
                    6, "SIGABRT",
                    8, "SIGFPE",
                    9, "SIGKILL",
                    11, "SIGSEGV",
                    13, "SIGPIPE",
                    15, "SIGTERM");

    private final Path proc;
    private final boolean isMac;
    private final Optional<Path> setsid;

    PosixPlatform() {
        this(
                Path.of("/proc"),
                System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("mac"),
                SETSID.stream().filter(Files::isExecutable).findFirst());
    }

    PosixPlatform(Path proc, boolean isMac, Optional<Path> setsid) {
        this.proc = proc;
        this.isMac = isMac;
        this.setsid = setsid;
    }

    @Override
    public void createPrivateFolder(Path folder) throws IOException {
        Path parent = folder.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Files.createDirectory(folder, FOLDER_0700);
    }

    @Override
    public boolean isPrivateFolder(Path folder) {
        try {
            PosixFileAttributes found =
                    Files.readAttributes(
                            folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return found.isDirectory()
                    && found.permissions().equals(FOLDER_0700.value())
                    && found.owner().getName().equals(System.getProperty("user.name"));
        } catch (IOException e) {
            return false; // what cannot be looked at is none
        }
    }

    @Override
    public FileChannel openPrivate(Path file, Set<? extends OpenOption> options)
            throws IOException {
        return FileChannel.open(file, options, FILE_0600);
    }

    @Override
    public Path nullDevice() {
        return Path.of("/dev/null");
    }

    @Override
    public Path program(Path withoutEnding) {
        return withoutEnding;
    }

    /**
     * A session of its own where {@code setsid} is there; it replaces itself by the program, so the
     * process id stays. Elsewhere a shell that ignores hang-up and Ctrl-C does the same: what is
     * ignored stays ignored in the program, and the JVM respects that.
     */
    @Override
    public List<String> detached(List<String> command) {
        List<String> whole = new ArrayList<>();
        if (setsid.isPresent()) {
            whole.add(setsid.get().toString());
        } else {
            whole.addAll(
                    List.of("/bin/sh", "-c", "trap '' HUP INT; exec \"$@\"", "drawbridge-server"));
        }
        whole.addAll(command);
        return whole;
    }

    @Override
    public boolean endsGently() {
        return true;
    }

    @Override
    public boolean isRunning(ProcessHandle process) {
        if (!process.isAlive()) {
            return false;
        }
        try {
            String stat = Files.readString(proc.resolve(process.pid() + "/stat"));
            // "pid (name) state …"; the name may hold anything, so the state stands behind the last
            // parenthesis. Z and X are ended processes that nobody has waited for.
            char state = stat.charAt(stat.lastIndexOf(')') + 2);
            return state != 'Z' && state != 'X';
        } catch (IOException | StringIndexOutOfBoundsException e) {
            return process.isAlive(); // no /proc here, or gone meanwhile
        }
    }

    @Override
    public String endOf(int exitCode) {
        int signal = exitCode - 128;
        if (signal < 1 || signal > 64) {
            return "ended with code " + exitCode;
        }
        String name = SIGNALS.get(signal);
        return "killed by signal " + signal + (name == null ? "" : " (" + name + ")");
    }

    @Override
    public Optional<PortHolder> holderOf(int port) {
        try {
            Set<String> sockets = new HashSet<>();
            collectListeners(proc.resolve("net/tcp"), port, sockets);
            collectListeners(proc.resolve("net/tcp6"), port, sockets);
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

    private Optional<PortHolder> findOwner(Set<String> sockets) throws IOException {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
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
    public Path defaultDataFolder(Map<String, String> environment, Path home) {
        if (isMac) {
            return home.resolve("Library/Application Support/Drawbridge");
        }
        String xdg = environment.getOrDefault("XDG_DATA_HOME", "");
        // A relative path is invalid there and must be ignored (XDG base directory specification).
        Path base = xdg.startsWith("/") ? Path.of(xdg) : home.resolve(".local/share");
        return base.resolve("drawbridge");
    }

    @Override
    public boolean hasDisplay(Map<String, String> environment) {
        return isMac
                || !environment.getOrDefault("DISPLAY", "").isEmpty()
                || !environment.getOrDefault("WAYLAND_DISPLAY", "").isEmpty();
    }
}
