package drawbridge.console;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.AclEntry;
import java.nio.file.attribute.AclEntryFlag;
import java.nio.file.attribute.AclEntryPermission;
import java.nio.file.attribute.AclEntryType;
import java.nio.file.attribute.AclFileAttributeView;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Windows: access lists instead of modes, no signals. */
final class WindowsPlatform implements Platform {
    @Override
    public void createPrivateFolder(Path folder) throws IOException {
        Files.createDirectories(folder);
        restrictToOwner(folder);
    }

    /** The temporary folder there is the user's own already. */
    @Override
    public boolean isPrivateFolder(Path folder) {
        return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public FileChannel openPrivate(Path file, Set<? extends OpenOption> options)
            throws IOException {
        boolean isNew = Files.notExists(file);
        FileChannel channel = FileChannel.open(file, options);
        if (isNew) {
            restrictToOwner(file);
        }
        return channel;
    }

    /** Replaces the access list, inherited entries included, by one that names the owner alone. */
    private static void restrictToOwner(Path path) throws IOException {
        AclFileAttributeView view = Files.getFileAttributeView(path, AclFileAttributeView.class);
        if (view == null) {
            return; // a volume without access lists
        }
        AclEntry.Builder owner =
                AclEntry.newBuilder()
                        .setType(AclEntryType.ALLOW)
                        .setPrincipal(view.getOwner())
                        .setPermissions(EnumSet.allOf(AclEntryPermission.class));
        if (Files.isDirectory(path)) {
            owner.setFlags(AclEntryFlag.FILE_INHERIT, AclEntryFlag.DIRECTORY_INHERIT);
        }
        view.setAcl(List.of(owner.build()));
    }

    @Override
    public Path nullDevice() {
        return Path.of("NUL");
    }

    @Override
    public Path program(Path withoutEnding) {
        Path exe = withoutEnding.resolveSibling(withoutEnding.getFileName() + ".exe");
        return Files.exists(exe)
                ? exe
                : withoutEnding.resolveSibling(withoutEnding.getFileName() + ".cmd");
    }

    /** A child process outlives its parent here as it is. */
    @Override
    public List<String> detached(List<String> command) {
        return List.copyOf(command);
    }

    /** Ending a process is always by force here: only the admin API ends a server gently. */
    @Override
    public boolean endsGently() {
        return false;
    }

    @Override
    public boolean isRunning(ProcessHandle process) {
        return process.isAlive();
    }

    @Override
    public String endOf(int exitCode) {
        // Codes of the system, such as 0xC0000005 for an access violation, are only known in hex.
        return exitCode < 0
                ? "ended with code 0x%08X".formatted(exitCode)
                : "ended with code " + exitCode;
    }

    @Override
    public Optional<PortHolder> holderOf(int port) {
        return Optional.empty();
    }

    @Override
    public Path defaultDataFolder(Map<String, String> environment, Path home) {
        String local = environment.getOrDefault("LOCALAPPDATA", "");
        Path base = local.isEmpty() ? home.resolve("AppData").resolve("Local") : Path.of(local);
        return base.resolve("Drawbridge");
    }

    @Override
    public boolean hasDisplay(Map<String, String> environment) {
        return true;
    }
}
