package drawbridge.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drawbridge.server.support.PostgresPair;
import drawbridge.server.support.PostgresPair.Following;
import drawbridge.server.support.RunningServer;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import tools.jackson.databind.JsonNode;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Two servers on a PostgreSQL that is killed, and whose stand-by takes over. What was revoked and
 * answered is never valid again, also when the stand-by has not heard of it.
 */
@Timeout(600)
class FailoverTest {
    private static final int TIMES = Integer.getInteger("drawbridge.failovers", 1);

    /** What a server said of the revoked session, and when it was asked. */
    private record Call(long began, int status) {}

    @ParameterizedTest
    @EnumSource(Following.class)
    void nothingRevokedIsValidAfterStandByTookOver(Following following, @TempDir Path folder)
            throws Exception {
        for (int time = 0; time < TIMES; time++) {
            Path own = folder.resolve("round-" + time);
            try (PostgresPair databases = PostgresPair.start(own, following);
                    RunningServer a = start(own, databases, "a");
                    RunningServer b = start(own, databases, "b")) {
                failOver(databases, following, a, b);
            }
        }
    }

    private static RunningServer start(Path folder, PostgresPair databases, String node) {
        return RunningServer.start(
                folder.resolve(node),
                Clock.systemUTC(),
                SharedNodes.environment(databases.url(), node));
    }

    private static void failOver(
            PostgresPair databases, Following following, RunningServer a, RunningServer b)
            throws Exception {
        String kept = a.register("kept@example.test");
        String revoked = a.register("revoked@example.test");
        await().until(() -> validate(b, kept) == 200 && validate(b, revoked) == 200);
        JsonNode newest = a.admin("/v1/sessions").json().get("items").get(0);
        if (following == Following.ASYNCHRONOUS) {
            databases.cutStandByOff();
        }
        AtomicBoolean over = new AtomicBoolean();
        Queue<Call> calls = new ConcurrentLinkedQueue<>();
        List<Thread> hammers = new ArrayList<>();
        for (RunningServer each : List.of(a, b, a, b)) {
            hammers.add(Thread.ofVirtual().start(() -> hammer(each, revoked, over, calls)));
        }
        String path = "/v1/sessions/" + newest.get("ref").asString() + "/revoke";
        await().until(() -> a.admin(path, "{\"final\":true}").status() == 200);
        long answered = System.nanoTime();

        databases.failOver();

        // Sessions that nobody revoked go on, unless nobody can tell which those are.
        int then = following == Following.SYNCHRONOUS ? 200 : 401;
        await().until(() -> validate(a, kept) == then && validate(b, kept) == then);
        String later = registerSoon(a);
        await().until(() -> validate(b, later) == 200);
        await().until(() -> calls.stream().filter(call -> call.began() > answered).count() > 20);
        over.set(true);
        for (Thread each : hammers) {
            each.join();
        }
        assertThat(calls)
                .filteredOn(call -> call.began() > answered)
                .noneMatch(call -> call.status() == 200);
        long ended = a.admin("/v1/audit?kind=server.everything_revoked").json().get("items").size();
        assertThat(ended).isEqualTo(following == Following.SYNCHRONOUS ? 0 : 1);
        assertThat(a.admin("POST", "/v1/audit/verify", "{}").json().get("sound").asBoolean())
                .isTrue();
    }

    /** Somebody else each time: whoever got no answer may have been registered. */
    private static String registerSoon(RunningServer server) {
        AtomicInteger times = new AtomicInteger();
        return await().ignoreExceptions()
                .until(
                        () ->
                                server.register(
                                        "later-%d@example.test".formatted(times.incrementAndGet())),
                        session -> !session.isEmpty());
    }

    private static void hammer(
            RunningServer server, String session, AtomicBoolean over, Queue<Call> calls) {
        while (!over.get()) {
            long began = System.nanoTime();
            calls.add(new Call(began, validate(server, session)));
        }
    }

    /** 0 when there was no answer. */
    private static int validate(RunningServer server, String session) {
        try {
            return server.validate(Map.of("session_id", session, "ip", "127.0.0.1")).status();
        } catch (UncheckedIOException e) {
            return 0;
        }
    }
}
