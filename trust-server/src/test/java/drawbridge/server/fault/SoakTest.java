package drawbridge.server.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drawbridge.server.fault.SessionHistory.Asked;
import drawbridge.server.fault.SessionHistory.Followed;
import drawbridge.server.storage.SqliteFile;
import drawbridge.server.support.KillableServer;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.SqliteOnly;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A server under load while something happens to it every few seconds: every answer is checked, and
 * neither its memory nor its files grow. Verify does it for seconds, {@code -Psoak} for half an
 * hour. The first third may kill the process; in the second it fills what it keeps of the last
 * sessions, calls and events, all of it bounded; what grows then is measured in the third.
 */
@SqliteOnly
@EnabledOnOs(value = OS.LINUX, disabledReason = "descriptors are counted in /proc")
final class SoakTest {
    private static final System.Logger LOG = System.getLogger("soak");
    private static final Duration LENGTH =
            Duration.ofSeconds(Integer.getInteger("drawbridge.soak.seconds", 12));
    private static final Duration EVERY =
            Duration.ofMillis(Integer.getInteger("drawbridge.soak.fault.millis", 1500));
    private static final long SEED = Long.getLong("drawbridge.soak.seed", 20260301);
    private static final int USERS = 12;

    /** So few sessions are held that there are as many at the first look as at the last. */
    private static final Map<String, String> FULL_BEFORE_IT_IS_MEASURED =
            Map.of("DRAWBRIDGE_MEMORY_SESSIONS", "1000");

    private static final long NO_MORE_KIB = 8 * 1024;
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Pattern USED = Pattern.compile("used ([0-9]+)K");

    @TempDir private Path temp = Path.of("");

    private final SessionHistory history = new SessionHistory();
    private final Queue<Followed> ended = new ConcurrentLinkedQueue<>();
    private final CountDownLatch over = new CountDownLatch(1);

    private boolean isOver() {
        return over.getCount() == 0;
    }

    @Test
    @Timeout(7200)
    void answersRightWhateverHappensAndGrowsNot() throws Exception {
        Random random = new Random(SEED);
        try (KillableServer server = new KillableServer(temp, FULL_BEFORE_IT_IS_MEASURED)) {
            server.start();
            List<Thread> load = new ArrayList<>();
            for (int i = 0; i < USERS; i++) {
                String email = "soak-%d@example.test".formatted(i);
                register(server, email);
                load.add(Thread.ofVirtual().start(() -> live(server, email)));
            }
            List<Fault> all =
                    Stream.concat(
                                    Stream.of(new Faults.Killed(server)),
                                    Faults.survived(server).stream())
                            .toList();
            strike(all, random, LENGTH.dividedBy(3));
            strike(Faults.survived(server), random, LENGTH.dividedBy(3));
            Used first = used(server);
            strike(Faults.survived(server), random, LENGTH.dividedBy(3));
            Used last = used(server);

            await().until(() -> history.checked() > 100 && !ended.isEmpty());
            over.countDown();
            for (Thread thread : load) {
                thread.join();
            }
            LOG.log(
                    System.Logger.Level.INFO,
                    "checked={0} undecided={1} ended={2} first={3} last={4}",
                    history.checked(),
                    history.undecided(),
                    ended.size(),
                    first,
                    last);
            assertThat(history.wrong()).isEmpty();
            for (Followed session : ended) {
                assertThat(validate(server, session.id())).isEqualTo(401);
            }
            JsonNode report = JSON.readTree(server.admin("POST", "/v1/audit/verify").body());
            assertThat(report.get("sound").asBoolean()).as("%s", report).isTrue();
            assertThat(SqliteFile.findAnyDamage(server.data().resolve("drawbridge.db"))).isEmpty();
            assertThat(last.files()).isLessThan(first.files() + 64);
            assertThat(last.heapKib()).isLessThan(first.heapKib() + NO_MORE_KIB);
        }
    }

    private void strike(List<Fault> faults, Random random, Duration time) throws Exception {
        long until = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < until) {
            assertThat(over.await(EVERY.toMillis(), TimeUnit.MILLISECONDS)).isFalse();
            Fault fault = faults.get(random.nextInt(faults.size()));
            LOG.log(
                    System.Logger.Level.INFO,
                    "fault={0} checked={1}",
                    fault.name(),
                    history.checked());
            fault.strike(random);
        }
    }

    /** A busy machine turns some away at first, and says so. */
    private static void register(KillableServer server, String email) {
        await().until(
                        () ->
                                server.post(
                                                "/auth/register",
                                                Map.of(
                                                        "email",
                                                        email,
                                                        "password",
                                                        RunningServer.PASSWORD))
                                        .statusCode(),
                        status -> {
                            assertThat(status).isIn(201, 503);
                            return status == 201;
                        });
    }

    /** Logs in, is validated for a while, and is logged out, by the user or by an administrator. */
    private void live(KillableServer server, String email) {
        for (int round = 0; !isOver(); round++) {
            try {
                Followed session = logIn(server, email);
                if (session == null) {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
                    continue;
                }
                for (int i = 0; i < 20 && !isOver(); i++) {
                    ask(server, session);
                }
                session.endIsAsked();
                while (!isOver() && !session.isEnded()) {
                    end(server, session, round % 2 == 0);
                    ask(server, session);
                }
                for (int i = 0; i < 5 && !isOver(); i++) {
                    ask(server, session);
                }
                if (session.isEnded()) {
                    ended.add(session);
                }
                while (ended.size() > 200) {
                    ended.poll();
                }
            } catch (IOException e) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100)); // it was killed
            }
        }
    }

    private static @Nullable Followed logIn(KillableServer server, String email)
            throws IOException {
        HttpResponse<String> answer =
                server.post(
                        "/auth/login", Map.of("email", email, "password", RunningServer.PASSWORD));
        if (answer.statusCode() != 200) {
            return null;
        }
        JsonNode body = JSON.readTree(answer.body());
        return new Followed(
                body.get("session_id").asString(), body.get("user").get("id").asString());
    }

    private void ask(KillableServer server, Followed session) {
        Asked asked = SessionHistory.asking(session);
        try {
            history.answered(asked, validate(server, session.id()));
        } catch (IOException e) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10)); // a load, not a flood
    }

    private static void end(KillableServer server, Followed session, boolean byUser) {
        try {
            int status =
                    byUser
                            ? server.post("/auth/logout", Map.of("session_id", session.id()))
                                    .statusCode()
                            : server.admin(
                                            "/v1/users/" + session.user() + "/revoke-sessions",
                                            Map.of("reason", "soak"))
                                    .statusCode();
            // Whoever repeats a logout may be told that there is no such session any more.
            if (status == 200 || (byUser && status == 401)) {
                session.endIsAnswered();
            }
        } catch (IOException e) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    private static int validate(KillableServer server, String session) throws IOException {
        return server.post(
                        "/auth/bridge/validate", Map.of("session_id", session, "ip", "127.0.0.1"))
                .statusCode();
    }

    private record Used(long heapKib, long files) {}

    /** The heap after a collection, and the open files. */
    private static Used used(KillableServer server) throws Exception {
        String pid = Long.toString(server.pid());
        jcmd(pid, "GC.run");
        long heap = 0;
        Matcher used = USED.matcher(jcmd(pid, "GC.heap_info"));
        while (used.find()) {
            heap += Long.parseLong(used.group(1)); // of one generation, or of all of them
        }
        try (Stream<Path> files = Files.list(Path.of("/proc", pid, "fd"))) {
            return new Used(heap, files.count());
        }
    }

    private static String jcmd(String pid, String command) throws Exception {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                                pid,
                                command)
                        .redirectErrorStream(true)
                        .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }
}
