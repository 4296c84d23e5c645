package drawbridge.server.checklist;

import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.internal.storage.file.ObjectDirectory;
import org.eclipse.jgit.internal.storage.file.Pack;
import org.eclipse.jgit.internal.storage.file.PackIndex;
import org.eclipse.jgit.lib.AnyObjectId;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevSort;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.treewalk.EmptyTreeIterator;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.TreeFilter;
import org.eclipse.jgit.util.FS;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a git repository holds of all times: every object, loose or packed, also those that no
 * branch leads to any more. Reads files only: no program is run, no hook, no filter. One thread.
 */
final class GitHistory implements AutoCloseable {
    private static final int ABBREVIATED = 10;

    /** Where a file's content came from. */
    record Origin(String path, String commit) {}

    /** Reads one object. */
    interface Reading {
        /**
         * @param isCommit whether it is a commit or a tag, rather than a file's content
         */
        void read(String id, boolean isCommit, long size, InputStream in) throws IOException;
    }

    private final Repository repository;

    private GitHistory(Repository repository) {
        this.repository = repository;
    }

    /**
     * Opens a repository.
     *
     * @param gitFolder its {@code .git}
     * @throws IOException when it is none that can be read
     */
    static GitHistory open(Path gitFolder) throws IOException {
        FS files = FS.DETECTED.newInstance();
        files.setGitSystemConfig(null); // else git itself would be asked where that is
        return new GitHistory(
                new FileRepositoryBuilder()
                        .setFS(files)
                        .setGitDir(gitFolder.toFile())
                        .setMustExist(true)
                        .build());
    }

    /** Every commit, tag and content, each once. */
    void each(Reading reading, Runnable breath) throws IOException {
        Set<ObjectId> ids = new LinkedHashSet<>();
        if (!(repository.getObjectDatabase() instanceof ObjectDirectory objects)) {
            throw new IOException("its objects are not in files");
        }
        for (Pack pack : objects.getPacks()) {
            for (PackIndex.MutableEntry entry : pack) {
                ids.add(entry.toObjectId());
            }
            breath.run();
        }
        loose(objects.getDirectory().toPath(), ids);
        try (ObjectReader reader = repository.newObjectReader()) {
            for (ObjectId id : ids) {
                breath.run();
                read(reader, id, reading);
            }
        }
    }

    private static void read(ObjectReader reader, ObjectId id, Reading reading) throws IOException {
        ObjectLoader object;
        try {
            object = reader.open(id);
        } catch (MissingObjectException e) {
            return; // git has tidied up meanwhile
        }
        int type = object.getType();
        if (type != Constants.OBJ_TREE) {
            try (InputStream in = object.openStream()) {
                reading.read(id.name(), type != Constants.OBJ_BLOB, object.getSize(), in);
            }
        }
    }

    private static void loose(Path objects, Set<ObjectId> to) throws IOException {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(objects, "??")) {
            for (Path folder : folders) {
                try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
                    for (Path file : files) {
                        String name = String.valueOf(folder.getFileName()) + file.getFileName();
                        if (ObjectId.isId(name)) {
                            to.add(ObjectId.fromString(name));
                        }
                    }
                }
            }
        }
    }

    /** Empty for a tag of something that is no commit, and for what is not there any more. */
    private static Optional<RevCommit> commit(RevWalk walk, ObjectId tip) {
        try {
            return Optional.of(walk.parseCommit(tip));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Which commit first brought each of these contents, and under which name. */
    Map<String, Origin> origins(Set<String> contents, Runnable breath) throws IOException {
        Map<String, Origin> found = new HashMap<>();
        if (contents.isEmpty()) {
            return found;
        }
        try (RevWalk walk = new RevWalk(repository)) {
            walk.sort(RevSort.COMMIT_TIME_DESC);
            walk.sort(RevSort.REVERSE, true);
            for (ObjectId tip : tips()) {
                Optional<RevCommit> named = commit(walk, tip);
                if (named.isPresent()) {
                    walk.markStart(named.get());
                }
            }
            for (RevCommit commit : walk) {
                breath.run();
                changed(commit, contents, found);
                if (found.size() == contents.size()) {
                    break;
                }
            }
        }
        return found;
    }

    private List<ObjectId> tips() throws IOException {
        List<ObjectId> tips = new ArrayList<>();
        for (Ref ref : repository.getRefDatabase().getRefs()) {
            if (ref.getObjectId() != null) {
                tips.add(ref.getObjectId());
            }
        }
        return tips;
    }

    private void changed(RevCommit commit, Set<String> contents, Map<String, Origin> found)
            throws IOException {
        try (TreeWalk files = new TreeWalk(repository)) {
            files.setRecursive(true);
            if (commit.getParentCount() == 0) {
                files.addTree(new EmptyTreeIterator());
            } else {
                files.addTree(parent(commit));
            }
            files.addTree(commit.getTree());
            files.setFilter(TreeFilter.ANY_DIFF);
            while (files.next()) {
                String id = files.getObjectId(1).name();
                if (contents.contains(id)) {
                    found.putIfAbsent(
                            id, new Origin(files.getPathString(), abbreviated(commit.name())));
                }
            }
        }
    }

    private AnyObjectId parent(RevCommit commit) throws IOException {
        try (RevWalk parents = new RevWalk(repository)) {
            return parents.parseCommit(commit.getParent(0)).getTree();
        }
    }

    /** As people name a commit. */
    static String abbreviated(@Nullable String id) {
        return id == null ? "" : id.substring(0, Math.min(ABBREVIATED, id.length()));
    }

    @Override
    public void close() {
        repository.close();
    }
}
