package drawbridge.server.logging;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.server.Platform;
import drawbridge.server.config.ServerConfig.LogLevel;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

final class ServerLoggingTest {
    private static final Platform PLATFORM = Platform.current();

    @TempDir Path temp;

    @AfterEach
    void backToTheTestsOwn() {
        ServerLogging.quiet();
    }

    @Test
    void writesLinesInTheOrderOfTheirTimes() throws Exception {
        Path logs = temp.resolve("logs");
        Logger logger = LoggerFactory.getLogger("drawbridge.server.Test");
        try (ServerLogging logging = ServerLogging.start(LogLevel.INFO, logs, PLATFORM)) {
            assertThat(logging).isNotNull();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                threads.add(
                        Thread.ofPlatform()
                                .start(() -> {
                                    for (int n = 0; n < 500; n++) {
                                        logger.info("line");
                                    }
                                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }

        assertThat(lines(logs.resolve("server.jsonl")))
                .hasSize(4000)
                .extracting(line -> Instant.parse(line.get("at").asString()))
                .isSorted();
    }

    @Test
    void writesOneObjectALineWithAllFields() throws IOException {
        Path logs = temp.resolve("logs");
        Logger logger = LoggerFactory.getLogger("drawbridge.server.session.Sessions");
        try (ServerLogging logging = ServerLogging.start(LogLevel.INFO, logs, PLATFORM);
                MDC.MDCCloseable request = MDC.putCloseable("requestId", "req-1")) {
            assertThat(List.of(logging, request)).doesNotContainNull();
            logger.atInfo()
                    .addKeyValue("session", "ref-7")
                    .addKeyValue("level", "shadowed")
                    .log("revoked\nby {}", "Zoë");
            logger.warn("failed", new IllegalStateException("why"));
            logger.debug("not this one");
        }

        List<JsonNode> lines = lines(logs.resolve("server.jsonl"));
        assertThat(lines).hasSize(2);
        JsonNode first = lines.getFirst();
        assertThat(List.copyOf(first.propertyNames()))
                .containsExactly(
                        "at", "level", "logger", "message", "requestId", "session", "_level");
        assertThat(Instant.parse(first.get("at").asString())).isAfter(Instant.EPOCH);
        assertThat(first.get("level").asString()).isEqualTo("INFO");
        assertThat(first.get("logger").asString()).isEqualTo("Sessions");
        assertThat(first.get("message").asString()).isEqualTo("revoked\nby Zoë");
        assertThat(first.get("requestId").asString()).isEqualTo("req-1");
        assertThat(first.get("session").asString()).isEqualTo("ref-7");
        assertThat(lines.get(1).get("error").asString())
                .startsWith("java.lang.IllegalStateException: why\n\tat ");
    }

    @Test
    void keepsLibrariesQuietAndDebugToItself() throws IOException {
        Path logs = temp.resolve("logs");
        try (ServerLogging logging = ServerLogging.start(LogLevel.DEBUG, logs, PLATFORM)) {
            assertThat(logging).isNotNull();
            LoggerFactory.getLogger("com.zaxxer.hikari.pool.HikariPool").info("pool talk");
            LoggerFactory.getLogger("org.eclipse.jetty.server.Server").info("jetty talk");
            LoggerFactory.getLogger("io.javalin.Javalin").info("javalin talk");
            LoggerFactory.getLogger("org.flywaydb.core.Flyway").info("flyway talk");
            LoggerFactory.getLogger("somebody.else").debug("debug talk");
            LoggerFactory.getLogger("org.eclipse.jetty.server.Server").warn("jetty is worried");
            LoggerFactory.getLogger("drawbridge.server.Wiring").debug("our own");
        }

        assertThat(lines(logs.resolve("server.jsonl")))
                .extracting(line -> line.get("message").asString())
                .containsExactly("jetty is worried", "our own");
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "file modes are POSIX")
    void rollsBySizeAndKeepsFiveFilesToItsOwner() throws IOException {
        Path logs = temp.resolve("logs");
        Logger logger = LoggerFactory.getLogger("drawbridge.server.Wiring");
        try (ServerLogging logging = ServerLogging.start(LogLevel.INFO, logs, PLATFORM, 1000)) {
            assertThat(logging).isNotNull();
            for (int i = 0; i < 100; i++) {
                logger.info("line {} {}", i, "x".repeat(100));
            }
        }

        try (Stream<Path> files = Files.list(logs)) {
            List<Path> all = files.sorted().toList();
            assertThat(all)
                    .extracting(file -> file.getFileName().toString())
                    .containsExactly(
                            "server.1.jsonl",
                            "server.2.jsonl",
                            "server.3.jsonl",
                            "server.4.jsonl",
                            "server.jsonl");
            for (Path file : all) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .isEqualTo("rw-------");
            }
        }
        assertThat(lines(logs.resolve("server.jsonl")).getLast().get("message").asString())
                .startsWith("line 99 ");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(logs)))
                .isEqualTo("rwx------");
    }

    private static List<JsonNode> lines(Path file) throws IOException {
        return Files.readAllLines(file).stream().map(JsonMapper.shared()::readTree).toList();
    }
}
