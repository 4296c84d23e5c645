package drawbridge.server.cli;

import drawbridge.model.http.WholeAnswer;
import drawbridge.server.Platform;
import drawbridge.server.account.Password;
import drawbridge.server.account.PasswordHasher;
import drawbridge.server.config.DataFolder;
import drawbridge.server.config.Loaded;
import drawbridge.server.config.Reason;
import drawbridge.server.config.ServerAddress;
import drawbridge.server.config.ServerConfig;
import drawbridge.server.config.Units;
import drawbridge.server.storage.Database;
import drawbridge.server.storage.PostgresUrl;
import drawbridge.server.storage.SqliteFile;
import drawbridge.server.storage.StoreUnavailableException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The checks of {@code doctor}, one after the other. One thread. */
final class Doctor {
    private static final int JAVA = 25;
    private static final long LITTLE_DISK = 1L << 30;
    private static final long NO_DISK = 100L << 20;
    private static final Duration SLOW_HASH = Duration.ofSeconds(1);
    private static final Duration HTTP_PATIENCE = Duration.ofSeconds(3);

    /** Before this program was written no clock was right. */
    private static final Instant EARLIEST = Instant.parse("2026-01-01T00:00:00Z");

    private static final Instant LATEST = Instant.parse("2100-01-01T00:00:00Z");
    private static final Duration CLOCK_SLACK = Duration.ofMinutes(5);

    private final Platform platform;
    private final Clock clock;
    private final List<Finding> findings = new ArrayList<>();

    Doctor(Platform platform, Clock clock) {
        this.platform = platform;
        this.clock = clock;
    }

    List<Finding> examine(Loaded loaded) {
        java();
        switch (loaded) {
            case Loaded.Wrong wrong -> {
                wrong.problems().forEach(problem -> add(Finding.fail("settings", "%s", problem)));
                add(Finding.warn("the rest", "not looked at: the settings must be right first"));
            }
            case Loaded.Good good -> withSettings(good.config());
        }
        return findings;
    }

    private void withSettings(ServerConfig config) {
        config.warnings().forEach(warning -> add(Finding.warn("settings", "%s", warning)));
        if (config.warnings().isEmpty()) {
            add(Finding.ok("settings", "all %d are right", config.entries().size()));
        }
        Path folder = config.dataDir().toAbsolutePath().normalize();
        clock(folder);
        OptionalLong owner = OptionalLong.empty();
        if (Files.isDirectory(folder)) {
            rights(folder);
            disk(folder);
            owner = lock(folder);
            if (config.postgres().isEmpty()) {
                database(folder);
            }
        } else {
            noFolder(folder);
        }
        config.postgres().ifPresent(this::database);
        argon2(config.argon2());
        port("public port", config.listen(), owner);
        port("admin port", config.admin().listen(), owner);
        running(folder, config.listen(), owner);
    }

    private void add(Finding finding) {
        findings.add(finding);
    }

    private void java() {
        int feature = Runtime.version().feature();
        String text = "%s from %s".formatted(Runtime.version(), System.getProperty("java.vendor"));
        if (feature < JAVA) {
            add(Finding.fail("java", "%s; install a JDK %d", text, JAVA));
        } else if (feature > JAVA) {
            add(Finding.warn("java", "%s; this version was made for Java %d", text, JAVA));
        } else {
            add(Finding.ok("java", "%s", text));
        }
    }

    private void clock(Path folder) {
        Instant now = clock.instant();
        if (now.isBefore(EARLIEST) || now.isAfter(LATEST)) {
            add(Finding.fail("clock", "says %s; set it, or every session is expired", now));
            return;
        }
        try {
            Path database = folder.resolve("drawbridge.db");
            if (Files.exists(database)
                    && Files.getLastModifiedTime(database)
                            .toInstant()
                            .isAfter(now.plus(CLOCK_SLACK))) {
                add(
                        Finding.warn(
                                "clock",
                                "says %s, but the database was written later; it was put back",
                                now));
                return;
            }
        } catch (IOException e) {
            add(Finding.warn("clock", "could not be compared: %s", Reason.of(e)));
            return;
        }
        add(Finding.ok("clock", "says %s", now));
    }

    private void noFolder(Path folder) {
        Path above = folder;
        while (above.getParent() != null && !Files.exists(above)) {
            above = above.getParent();
        }
        if (Files.exists(folder)) {
            add(Finding.fail("data folder", "%s is a file; give a folder", folder));
        } else if (Files.isWritable(above)) {
            add(Finding.ok("data folder", "%s is not there yet; the start makes it", folder));
        } else {
            add(
                    Finding.fail(
                            "data folder", "%s cannot be made: %s is not writable", folder, above));
        }
    }

    private void rights(Path folder) {
        try {
            Platform.Access access = platform.accessOf(folder);
            if (!Files.isWritable(folder)) {
                add(
                        Finding.fail(
                                "data folder",
                                "%s belongs to %s and is not writable by this user",
                                folder,
                                access.owner()));
            } else if (access.othersRead() || access.othersWrite()) {
                add(
                        Finding.warn(
                                "data folder",
                                "%s is open to others than its owner %s; take their rights (mode 0700)",
                                folder,
                                access.owner()));
            } else if (!access.mine()) {
                add(
                        Finding.warn(
                                "data folder",
                                "%s belongs to %s, who is not this user",
                                folder,
                                access.owner()));
            } else {
                add(Finding.ok("data folder", "%s, open to %s only", folder, access.owner()));
            }
        } catch (IOException e) {
            add(Finding.fail("data folder", "%s cannot be read: %s", folder, Reason.of(e)));
        }
    }

    private void disk(Path folder) {
        try {
            FileStore store = Files.getFileStore(folder);
            long free = store.getUsableSpace();
            String text = "%,d MiB free".formatted(free >> 20);
            if (free < NO_DISK) {
                add(Finding.fail("disk", "%s; logins and revocations will fail soon", text));
            } else if (free < LITTLE_DISK) {
                add(Finding.warn("disk", "%s; make room", text));
            } else {
                add(Finding.ok("disk", "%s", text));
            }
        } catch (IOException e) {
            add(Finding.warn("disk", "free space is not told: %s", Reason.of(e)));
        }
    }

    private OptionalLong lock(Path folder) {
        OptionalLong owner = DataFolder.owner(folder);
        add(
                owner.isPresent()
                        ? Finding.ok("lock", "process %d owns the folder", owner.getAsLong())
                        : Finding.ok("lock", "no process owns the folder"));
        return owner;
    }

    private void database(ServerConfig.Postgres postgres) {
        PostgresUrl url = postgres.url();
        try {
            add(Finding.ok("database", "%s", Database.describe(url)));
            Optional<String> fault = Database.findWallFault(url, postgres.migrating().isEmpty());
            add(
                    fault.isPresent()
                            ? Finding.fail("tenant walls", "%s", fault.get())
                            : Finding.ok("tenant walls", "nothing opens them"));
        } catch (StoreUnavailableException e) {
            add(Finding.fail("database", "%s cannot be used: %s", url, Reason.ofRoot(e)));
        }
    }

    private void database(Path folder) {
        Path file = folder.resolve("drawbridge.db");
        if (!Files.exists(file)) {
            add(Finding.ok("database", "there is none yet; the start makes it"));
            return;
        }
        Optional<String> damage = SqliteFile.findDamage(file);
        try {
            add(
                    damage.isPresent()
                            ? Finding.fail("database", "%s: %s", file, damage.get())
                            : Finding.ok(
                                    "database",
                                    "%s is sound, %,d KiB",
                                    file,
                                    Files.size(file) >> 10));
        } catch (IOException e) {
            add(Finding.fail("database", "%s cannot be read: %s", file, Reason.of(e)));
        }
    }

    private void argon2(ServerConfig.Argon2 settings) {
        PasswordHasher.Cost cost =
                new PasswordHasher.Cost(
                        settings.memoryKib(), settings.iterations(), settings.parallelism());
        PasswordHasher.Limits limits = new PasswordHasher.Limits(1, 1, Duration.ofSeconds(30));
        try (PasswordHasher hasher =
                        new PasswordHasher(cost, limits, new SecureRandom(), System::nanoTime);
                Password sample =
                        Password.takeOwnership("a sample to measure".toCharArray()).orElseThrow()) {
            hasher.verifyDummy(sample); // the first one also loads the library
            long start = System.nanoTime();
            hasher.verifyDummy(sample);
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            String text =
                    "one hash takes %d ms with %s, %d passes; %d at once"
                            .formatted(
                                    took.toMillis(),
                                    Units.text(settings.memoryBytes()),
                                    settings.iterations(),
                                    settings.threads());
            add(
                    took.compareTo(SLOW_HASH) > 0
                            ? Finding.warn("argon2", "%s; logins will queue", text)
                            : Finding.ok("argon2", "%s", text));
        } catch (UnsatisfiedLinkError | RuntimeException e) {
            add(
                    Finding.fail(
                            "argon2",
                            "password hashing does not work on this system: %s",
                            Reason.of(e)));
        }
    }

    private void port(String check, ServerConfig.Listener listener, OptionalLong owner) {
        if (listener.port() == 0) {
            add(Finding.ok(check, "any free one on %s", listener.host()));
            return;
        }
        String name = listener.port() + " on " + listener.host();
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(
                    new InetSocketAddress(InetAddress.getByName(listener.host()), listener.port()));
            add(Finding.ok(check, "%s is free", name));
        } catch (IOException e) {
            Optional<Platform.PortHolder> holder = platform.holderOf(listener.port());
            boolean ours =
                    holder.isPresent()
                            && owner.isPresent()
                            && holder.get().pid() == owner.getAsLong();
            if (ours) {
                add(Finding.ok(check, "%s is held by the server of this data folder", name));
            } else if (holder.isPresent()) {
                add(
                        Finding.fail(
                                check,
                                "%s is held by %s; stop that, or set another port",
                                name,
                                holder.get()));
            } else if (owner.isPresent()) {
                add(
                        Finding.ok(
                                check,
                                "%s is taken, by all appearance by the running server",
                                name));
            } else {
                add(Finding.fail(check, "%s cannot be opened: %s", name, Reason.of(e)));
            }
        }
    }

    private void running(Path folder, ServerConfig.Listener listener, OptionalLong owner) {
        if (owner.isEmpty()) {
            add(Finding.ok("server", "none runs on this data folder"));
            return;
        }
        // Where it says that it answers; a server of an older version only has its settings.
        Optional<URI> told = ServerAddress.find(folder).map(ServerAddress::publicUrl);
        if (told.isEmpty() && listener.port() == 0) {
            add(
                    Finding.warn(
                            "server",
                            "process %d runs, on a port only its ready file tells",
                            owner.getAsLong()));
            return;
        }
        String host = listener.host().contains(":") ? "[" + listener.host() + "]" : listener.host();
        URI health =
                told.orElse(URI.create("http://" + host + ":" + listener.port()))
                        .resolve("/health");
        try (HttpClient client = HttpClient.newBuilder().connectTimeout(HTTP_PATIENCE).build()) {
            HttpResponse<Void> answer =
                    WholeAnswer.send(
                            client,
                            HttpRequest.newBuilder(health).timeout(HTTP_PATIENCE).build(),
                            HttpResponse.BodyHandlers.discarding());
            add(
                    answer.statusCode() == 200
                            ? Finding.ok(
                                    "server", "process %d answers %s", owner.getAsLong(), health)
                            : Finding.fail("server", "%s answers %d", health, answer.statusCode()));
        } catch (IOException e) {
            add(
                    Finding.fail(
                            "server",
                            "process %d owns the folder, but %s does not answer",
                            owner.getAsLong(),
                            health));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            add(Finding.warn("server", "not looked at: interrupted"));
        }
    }
}
