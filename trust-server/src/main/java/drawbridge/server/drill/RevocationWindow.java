package drawbridge.server.drill;

import drawbridge.model.CallerKit;
import drawbridge.model.Threat;
import drawbridge.server.drill.Sandbox.Reference;
import drawbridge.server.drill.Sandbox.Seen;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Ends a session while it is validated without a pause, and looks for a call that began after the
 * end was answered and was trusted all the same. Then asks what each kind of caller may remember.
 */
final class RevocationWindow implements Attack {
    private static final int AT_ONCE = 8;
    private static final int BEFORE = 150;
    private static final int AFTER = 150;

    @Override
    public Threat threat() {
        return Threat.REVOCATION_WINDOW;
    }

    @Override
    public String holds() {
        return "no call that began after the end was answered was trusted, and no caller may remember an answer";
    }

    @Override
    public void play(Stage stage) {
        Sandbox sandbox = stage.sandbox();
        Target target = Target.logIn(stage, "guest");
        Person first = target.owner();
        underLoad(
                stage,
                target,
                "the owner logs out",
                () ->
                        sandbox.client("POST", "/logout", first.ip())
                                .header("X-Session-ID", first.session())
                                .header("X-Device-ID", first.device())
                                .header("User-Agent", first.agent())
                                .json(Map.of())
                                .send());
        Exchange _ = target.logIn();
        String second = target.owner().session();
        underLoad(
                stage,
                target,
                "its back end ends the session",
                () ->
                        sandbox.bridge("/bridge/revoke", sandbox.own())
                                .json(Map.of("session_id", second))
                                .send());
        if (!sandbox.callers().isEmpty()) {
            Exchange _ = target.logIn();
            sandbox.callers().forEach(caller -> remembers(stage, target, caller));
        }
    }

    private record Call(Exchange exchange, boolean isTrusted) {}

    private static void underLoad(
            Stage stage, Target target, String ends, Supplier<Exchange> ending) {
        Queue<Call> calls = new ConcurrentLinkedQueue<>();
        CountDownLatch warm = new CountDownLatch(BEFORE);
        CountDownLatch after = new CountDownLatch(AFTER);
        AtomicBoolean hasEnded = new AtomicBoolean();
        AtomicBoolean over = new AtomicBoolean();
        Queue<RuntimeException> failures = new ConcurrentLinkedQueue<>();
        List<Thread> threads =
                IntStream.range(0, AT_ONCE)
                        .mapToObj(i ->
                                Thread.ofVirtual()
                                        .name("drill-load-" + i)
                                        .start(() -> {
                                            try {
                                                while (!over.get()) {
                                                    boolean late = hasEnded.get();
                                                    Exchange exchange = ask(target);
                                                    calls.add(
                                                            new Call(exchange, exchange.isGood()));
                                                    (late ? after : warm).countDown();
                                                }
                                            } catch (RuntimeException e) {
                                                failures.add(e);
                                            }
                                        }))
                        .toList();
        Exchange ended;
        try {
            await(warm, failures);
            ended = ending.get();
            hasEnded.set(true);
            await(after, failures);
        } finally {
            over.set(true);
            threads.forEach(RevocationWindow::join);
        }
        stage.prepared(ends + ", while the session is validated by " + AT_ONCE + " at once", ended);
        judge(stage, ends, ended, List.copyOf(calls));
    }

    private static Exchange ask(Target target) {
        return target.ask(
                target.stage().sandbox().own(),
                Seen.of(target.owner()),
                "GET",
                Reference.STANDARD.path(),
                null);
    }

    private static void judge(Stage stage, String ends, Exchange ended, List<Call> calls) {
        @Nullable Exchange lastTrusted = null;
        @Nullable Exchange late = null;
        @Nullable Exchange refused = null;
        int trusted = 0;
        int afterwards = 0;
        for (Call call : calls) {
            Exchange each = call.exchange();
            boolean isAfter = each.began() - ended.ended() > 0;
            afterwards += isAfter ? 1 : 0;
            if (call.isTrusted()) {
                trusted++;
                if (lastTrusted == null || each.began() - lastTrusted.began() > 0) {
                    lastTrusted = each;
                }
                late = isAfter ? each : late;
            } else if (refused == null || each.began() - refused.began() < 0) {
                refused = each;
            }
        }
        if (lastTrusted == null) {
            throw new DrillException("no validation was trusted before the session was ended");
        }
        String last =
                "%.1f ms %s the answer that it was ended"
                        .formatted(
                                Math.abs(lastTrusted.began() - ended.ended()) / 1e6,
                                lastTrusted.began() - ended.ended() > 0 ? "after" : "before");
        stage.figure(
                ends,
                "%d calls, %d of them trusted; %d began after the answer; the last trusted one began %s; the end took %.1f ms"
                        .formatted(
                                calls.size(), trusted, afterwards, last, ended.tookMicros() / 1e3));
        Exchange shown = late != null ? late : refused != null ? refused : lastTrusted;
        stage.judge(
                "%s: %d validations that began after that was answered".formatted(ends, afterwards),
                "every one refused",
                shown,
                calls.size(),
                late == null,
                "the last trusted call began " + last,
                List.of(
                        Reasons.ofServer(
                                "trusted_after_end",
                                "a session was trusted by a call that began after its end was answered")));
    }

    private static void await(CountDownLatch latch, Queue<RuntimeException> failures) {
        try {
            if (!latch.await(Patience.LONGEST.toMillis(), TimeUnit.MILLISECONDS)) {
                RuntimeException failure = failures.peek();
                throw failure != null
                        ? failure
                        : new DrillException("the server is too busy to be put under load");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DrillException("the run was stopped", e);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join(Patience.LONGEST);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void remembers(Stage stage, Target target, CopiedCaller caller) {
        Exchange answer =
                target.ask(caller, Seen.of(target.owner()), "GET", Reference.STANDARD.path(), null);
        if (!answer.isGood()) {
            throw new DrillException(
                    "the owner's own call through %s was answered with %s"
                            .formatted(caller.names(), answer.brief()));
        }
        Duration told = told(caller, answer);
        stage.judge(
                "what %s is told it may remember".formatted(caller.names()),
                "nothing: it asks again for each request",
                answer,
                1,
                told.isZero(),
                told.isZero() ? null : "it may believe the answer for " + told.toSeconds() + " s",
                caller.originals().stream()
                        .map(original -> Controls.callerRemembers(original, told))
                        .toList());
    }

    /** Stock clients go by the end they are told, others by what they may remember. */
    private static Duration told(CopiedCaller caller, Exchange answer) {
        Duration remember = Duration.ofMillis(answer.body().path("remember_for_ms").asLong(0));
        if (caller.copy().kit() != CallerKit.FLOWFULL) {
            return remember;
        }
        try {
            return Duration.between(
                    Instant.parse(answer.text("timestamp")),
                    Instant.parse(answer.text("expires_at")));
        } catch (DateTimeParseException e) {
            throw new DrillException("an answer without times: " + answer.brief(), e);
        }
    }
}
