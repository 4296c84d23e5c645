package drawbridge.server;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.AclEntry;
import java.nio.file.attribute.AclEntryPermission;
import java.nio.file.attribute.AclEntryType;
import java.nio.file.attribute.AclFileAttributeView;
import java.nio.file.attribute.UserPrincipal;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Windows: access control lists. Who holds a port is not told there without native calls. */
final class WindowsPlatform implements Platform {
    /** Accounts that reach every file of the machine anyway, by their well-known names. */
    private static final Set<String> SYSTEM =
            Set.of("nt authority\\system", "builtin\\administrators");

    @Override
    public void createPrivateFolder(Path folder) throws IOException {
        Files.createDirectories(folder);
        restrictToOwner(folder);
    }

    @Override
    public FileChannel openPrivate(Path file, Set<? extends OpenOption> options)
            throws IOException {
        boolean existed = Files.exists(file);
        FileChannel channel = FileChannel.open(file, options);
        if (!existed) {
            restrictToOwner(file);
        }
        return channel;
    }

    @Override
    public void restrictToOwner(Path path) throws IOException {
        AclFileAttributeView view = acl(path);
        AclEntry owner =
                AclEntry.newBuilder()
                        .setType(AclEntryType.ALLOW)
                        .setPrincipal(view.getOwner())
                        .setPermissions(EnumSet.allOf(AclEntryPermission.class))
                        .build();
        view.setAcl(List.of(owner));
    }

    @Override
    public Access accessOf(Path path) throws IOException {
        AclFileAttributeView view = acl(path);
        UserPrincipal owner = view.getOwner();
        boolean othersRead = false;
        boolean othersWrite = false;
        for (AclEntry entry : view.getAcl()) {
            boolean counts =
                    entry.type() == AclEntryType.ALLOW
                            && !entry.principal().equals(owner)
                            && !SYSTEM.contains(
                                    entry.principal().getName().toLowerCase(Locale.ROOT));
            if (counts) {
                othersRead |= entry.permissions().contains(AclEntryPermission.READ_DATA);
                othersWrite |= entry.permissions().contains(AclEntryPermission.WRITE_DATA);
            }
        }
        String user = System.getProperty("user.name", "").toLowerCase(Locale.ROOT);
        boolean mine = owner.getName().toLowerCase(Locale.ROOT).endsWith("\\" + user);
        return new Access(owner.getName(), mine, othersRead, othersWrite);
    }

    private static AclFileAttributeView acl(Path path) throws IOException {
        AclFileAttributeView view = Files.getFileAttributeView(path, AclFileAttributeView.class);
        if (view == null) {
            throw new IOException("the file system of " + path + " knows no access rights");
        }
        return view;
    }

    @Override
    public void syncFolder(Path folder) {
        // NTFS journals names itself, and a folder cannot be opened for writing there.
    }

    @Override
    public Optional<PortHolder> holderOf(int port) {
        return Optional.empty();
    }

    @Override
    public long residentBytes() {
        return 0;
    }

    @Override
    public void takeShortTurns() {
        // The system has no such thing.
    }

    @Override
    public void deferThisThread(Deferral deferral) {
        // Java's thread priorities are the system's here.
    }

    @Override
    public boolean defersThreads() {
        return true;
    }
}
