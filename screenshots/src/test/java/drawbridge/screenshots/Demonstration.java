package drawbridge.screenshots;

import drawbridge.console.Threads;
import drawbridge.console.Wiring;
import drawbridge.console.fake.FakeServer;
import drawbridge.console.fake.FakeSupervisor;
import drawbridge.console.fake.RememberedInMemory;
import drawbridge.console.screen.Navigation.Screen;
import drawbridge.console.ui.Fx;
import drawbridge.console.ui.Later;
import drawbridge.model.event.ServerEvent;
import drawbridge.model.view.SessionRow;

import javafx.animation.Animation;
import javafx.animation.AnimationTimer;
import javafx.animation.KeyFrame;
import javafx.animation.Timeline;
import javafx.application.Application;
import javafx.stage.Stage;
import javafx.util.Duration;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The console on an invented, very busy server: to look at, and to measure how evenly it paints.
 * Arguments: sessions, events a second, screen. Every ten seconds the log says how long frames
 * took.
 */
public final class Demonstration extends Application {
    private static final Logger LOG = LoggerFactory.getLogger(Demonstration.class);
    private static final int FRAMES = 200;
    private static final long LONG_MILLIS = 20;

    private final Clock clock = Clock.systemUTC();
    private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(2);

    /** Opens the window. */
    public static void main(String[] arguments) {
        launch(arguments);
    }

    @Override
    public void start(Stage stage) {
        List<String> arguments = getParameters().getRaw();
        int sessions = arguments.isEmpty() ? 2_000 : Integer.parseInt(arguments.get(0));
        int perSecond = arguments.size() < 2 ? 100 : Integer.parseInt(arguments.get(1));
        Screen screen = arguments.size() < 3 ? Screen.SESSIONS : Screen.valueOf(arguments.get(2));
        Scenes scenes = new Scenes();
        FakeServer server = new FakeServer(clock, Scenes.info());
        server.settings(Scenes.settings());
        List<SessionRow> rows = scenes.rows(sessions).stream().map(this::fromNow).toList();
        rows.forEach(server::hold);

        Executor fx = timed(Fx.executor());
        FakeSupervisor supervisor = new FakeSupervisor();
        Wiring wiring =
                new Wiring(
                        supervisor,
                        server,
                        new RememberedInMemory(),
                        new Threads(
                                fx,
                                timed(Fx.paced(scheduler, java.time.Duration.ofMillis(100))),
                                Executors.newVirtualThreadPerTaskExecutor(),
                                Later.by(scheduler, fx)),
                        clock,
                        Locale.ENGLISH,
                        ZoneOffset.UTC);
        stage.setTitle("Drawbridge, demonstration");
        stage.setScene(wiring.scene());
        stage.show();
        wiring.open();
        wiring.shell().show(screen);
        supervisor.log(Scenes.log());
        Scenes.exits(supervisor);
        supervisor.enter(server.running());
        Timeline ticks =
                new Timeline(new KeyFrame(Duration.millis(250), _ -> wiring.model().tick()));
        ticks.setCycleCount(Animation.INDEFINITE);
        ticks.play();
        var _ =
                scheduler.scheduleAtFixedRate(
                        () -> happen(server, scenes, rows, perSecond / 20),
                        1_000,
                        50,
                        TimeUnit.MILLISECONDS);
        var _ =
                scheduler.scheduleAtFixedRate(
                        () ->
                                server.tell(seq ->
                                        new ServerEvent.Metrics(
                                                seq,
                                                clock.instant(),
                                                scenes.tick(clock.instant(), perSecond, 1))),
                        1,
                        1,
                        TimeUnit.SECONDS);
        watchFrames();
    }

    /** The row as if the scene's instant were now. */
    private SessionRow fromNow(SessionRow row) {
        java.time.Duration shift = java.time.Duration.between(Scenes.NOW, clock.instant());
        return new SessionRow(
                row.ref(),
                row.userId(),
                row.email(),
                row.tenant(),
                row.ip(),
                row.device(),
                row.agent(),
                row.createdAt().plus(shift),
                row.lastSeenAt().plus(shift),
                row.expiresAt().plus(shift),
                row.state(),
                row.strictestMode(),
                row.endedAt() == null ? null : row.endedAt().plus(shift),
                row.endReason(),
                row.endedBy(),
                null);
    }

    private void happen(FakeServer server, Scenes scenes, List<SessionRow> rows, int events) {
        for (int i = 0; i < events; i++) {
            SessionRow row = rows.get(scenes.random().nextInt(rows.size()));
            Instant now = clock.instant();
            if (i % 20 == 0) {
                server.tell(seq ->
                        new ServerEvent.SessionRefused(
                                seq,
                                now,
                                row.ref(),
                                row.userId(),
                                row.email(),
                                "default",
                                "shop-backend",
                                "signal_differs",
                                "ip",
                                scenes.route(),
                                "ADVANCED",
                                "198.51.100.23",
                                "r"));
            } else {
                Map<String, Instant> seen = new HashMap<>();
                seen.put(row.ref(), now);
                server.tell(seq -> new ServerEvent.SessionsSeen(seq, now, seen));
            }
        }
    }

    /** Says which of our own tasks took the FX thread's processor for long. */
    private static Executor timed(Executor executor) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return task ->
                executor.execute(() -> {
                    long before = threads.getCurrentThreadCpuTime();
                    task.run();
                    long millis = (threads.getCurrentThreadCpuTime() - before) / 1_000_000;
                    if (millis >= LONG_MILLIS) {
                        LOG.info("task of {} ms {}", millis, task.getClass().getName());
                    }
                });
    }

    private static void watchFrames() {
        new AnimationTimer() {
            private final long[] gaps = new long[FRAMES];
            private long last;
            private int at;

            @Override
            public void handle(long now) {
                if (last != 0) {
                    gaps[at++] = now - last;
                    if (at == FRAMES) {
                        at = 0;
                        long[] sorted = gaps.clone();
                        Arrays.sort(sorted);
                        LOG.info(
                                "frames median={}ms p99={}ms worst={}ms",
                                sorted[FRAMES / 2] / 1_000_000,
                                sorted[FRAMES * 99 / 100] / 1_000_000,
                                sorted[FRAMES - 1] / 1_000_000);
                    }
                }
                last = now;
            }
        }.start();
    }

    @Override
    public void stop() {
        scheduler.shutdownNow();
    }
}
