package drawbridge.console.bench;

import drawbridge.console.Threads;
import drawbridge.console.Wiring;
import drawbridge.console.client.AdminToken;
import drawbridge.console.client.EventFeed;
import drawbridge.console.client.HttpEventFeed;
import drawbridge.console.client.HttpTrustClient;
import drawbridge.console.client.TrustClient;
import drawbridge.console.fake.FakeSupervisor;
import drawbridge.console.fake.RememberedInMemory;
import drawbridge.console.fake.WitnessedInMemory;
import drawbridge.console.model.ServerAccess;
import drawbridge.console.screen.Navigation.Screen;
import drawbridge.console.screen.Profile;
import drawbridge.console.supervise.ServerState;
import drawbridge.console.ui.Fx;
import drawbridge.console.ui.Later;
import drawbridge.console.ui.Theme;

import javafx.animation.Animation;
import javafx.animation.KeyFrame;
import javafx.animation.Timeline;
import javafx.application.Application;
import javafx.scene.control.TableView;
import javafx.stage.Stage;
import javafx.util.Duration;

import org.jspecify.annotations.Nullable;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Stream;

/**
 * The console with 100 000 sessions and 2 000 events a second over HTTP, for 20 s, while somebody
 * goes from screen to screen, filters and scrolls. Prints what the pulses were like and whether the
 * targets were met; ends with code 1 when they were not.
 *
 * <p>Settings: system properties {@code bench.sessions}, {@code bench.rate}, {@code bench.seconds}.
 */
public final class SmoothnessBench extends Application {
    private static final int SESSIONS = Integer.getInteger("bench.sessions", 100_000);
    private static final int RATE = Integer.getInteger("bench.rate", 2_000);
    private static final int SECONDS = Integer.getInteger("bench.seconds", 20);
    private static final double P999_TARGET = 50;
    private static final double WORST_TARGET = 150;
    private static final double TASK_TARGET = 50;
    private static final long RESIDENT_TARGET = 550;
    private static final int WARM_UP_SECONDS = 24;

    private final PulseWatchdog watchdog = new PulseWatchdog();
    private final List<Long> resident = new ArrayList<>();
    private @Nullable Process flood;
    private int step;

    /** The entry; not this class itself, as the launcher refuses applications on the class path. */
    public static final class Main {
        private Main() {}

        public static void main(String[] args) {
            Application.launch(SmoothnessBench.class, args);
        }
    }

    @Override
    public void start(Stage stage) throws IOException {
        URI url = startFlood();
        ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
        Executor fx = watchdog.timed("answers", Fx.executor());
        Executor paced =
                task ->
                        Fx.paced(scheduler, java.time.Duration.ofMillis(100))
                                .execute(() -> watchdog.time("events", task));
        Executor workers = Executors.newVirtualThreadPerTaskExecutor();
        FakeSupervisor supervisor = new FakeSupervisor();
        Wiring made =
                new Wiring(
                        supervisor,
                        new FloodAccess(),
                        new RememberedInMemory(),
                        WitnessedInMemory.fresh(),
                        new Threads(fx, paced, workers, Later.by(scheduler, fx)),
                        Clock.systemUTC(),
                        new Wiring.Look(
                                Locale.ENGLISH,
                                ZoneId.of("UTC"),
                                new Theme(new RememberedInMemory())),
                        new Profile.Own(() -> {}));
        stage.setX(0);
        stage.setY(0);
        stage.setScene(made.scene());
        stage.show();
        made.open();
        every(Duration.millis(250), () -> watchdog.time("clock", () -> made.model().tick()));
        watchdog.watch(made.scene());
        supervisor.enter(new ServerState.Running(1, url, url, Instant.now(), false));
        made.model()
                .loadingProperty()
                .subscribe(loading -> {
                    if (loading.done() && loading.loaded() > 0 && step == 0) {
                        step = 1;
                        warmUp(made);
                    }
                });
    }

    /** Somebody at work from here on; measured once the code is warm. */
    private void warmUp(Wiring made) {
        System.out.printf(
                "%,d of %,d sessions are loaded%n", made.model().sessions().size(), SESSIONS);
        every(Duration.millis(400), () -> watchdog.time("person", () -> act(made)));
        after(
                Duration.seconds(WARM_UP_SECONDS),
                () -> {
                    watchdog.record();
                    every(Duration.seconds(Math.max(1, SECONDS / 60)), this::weigh);
                });
        after(Duration.seconds(WARM_UP_SECONDS + SECONDS), this::finish);
    }

    /** Overview for 2 s, then sessions: a filter typed letter by letter, scrolled, taken back. */
    private void act(Wiring made) {
        String typed = "user:user12";
        int at = step++ % 40;
        if (at == 0) {
            made.shell().show(Screen.OVERVIEW);
        } else if (at == 5) {
            made.shell().show(Screen.SESSIONS);
        } else if (at >= 8 && at < 8 + typed.length()) {
            made.sessions().filterTextProperty().set(typed.substring(0, at - 7));
        } else if (at == 24) {
            made.sessions().filterTextProperty().set("");
        } else if (at > 5 && made.scene().lookup(".table-view") instanceof TableView<?> table) {
            int rows = table.getItems().size();
            if (rows > 0) {
                table.scrollTo(step * 1_009 % rows);
            }
        }
    }

    private static void every(Duration period, Runnable task) {
        Timeline ticks = new Timeline(new KeyFrame(period, _ -> task.run()));
        ticks.setCycleCount(Animation.INDEFINITE);
        ticks.play();
    }

    private static void after(Duration delay, Runnable task) {
        new Timeline(new KeyFrame(delay, _ -> task.run())).play();
    }

    /** What the system says this process holds, in MiB; nothing where it does not say so. */
    private void weigh() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            lines.filter(line -> line.startsWith("VmRSS:"))
                    .map(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
                    .forEach(resident::add);
        } catch (IOException e) {
            resident.clear();
        }
    }

    /** Whether it stayed below its target; the middle of each third shows whether it grows. */
    private boolean judgeMemory() {
        if (resident.size() < 3) {
            return true;
        }
        int third = resident.size() / 3;
        long most = Collections.max(resident);
        boolean met = most < RESIDENT_TARGET;
        System.out.printf(
                "%-22s %7d MiB  target < %d MiB  %s (thirds: %d, %d, %d MiB)%n",
                "resident at most",
                most,
                RESIDENT_TARGET,
                met ? "met" : "MISSED",
                middle(resident.subList(0, third)),
                middle(resident.subList(third, 2 * third)),
                middle(resident.subList(2 * third, resident.size())));
        return met;
    }

    private static long middle(List<Long> some) {
        return some.stream().sorted().skip(some.size() / 2).findFirst().orElse(0L);
    }

    private void finish() {
        PulseWatchdog.Report report = watchdog.report();
        System.out.printf(
                "%n%,d sessions, %,d events/s, %d s, %d processors, heap at most %,d MiB%n",
                SESSIONS,
                RATE,
                SECONDS,
                Runtime.getRuntime().availableProcessors(),
                Runtime.getRuntime().maxMemory() >> 20);
        System.out.printf(
                "pulse interval  p50 %.1f  p99 %.1f  p99.9 %.1f  worst %.1f ms over %,d pulses%n",
                report.p50(), report.p99(), report.p999(), report.worst(), report.pulses());
        report.tasks().forEach(SmoothnessBench::print);
        print(report.layout());
        boolean rarely = judge("p99.9 pulse interval", report.p999(), P999_TARGET);
        boolean never = judge("worst pulse interval", report.worst(), WORST_TARGET);
        boolean ours = judge("longest task of ours", report.longestTask(), TASK_TARGET);
        boolean small = judgeMemory();
        if (flood != null) {
            flood.destroy();
        }
        Runtime.getRuntime().halt(rarely && never && ours && small ? 0 : 1);
    }

    private static void print(PulseWatchdog.Kind kind) {
        System.out.printf(
                "%-15s longest %.1f ms (%.1f ms of processor) of %,d%n",
                kind.name(), kind.longest(), kind.longestProcessor(), kind.count());
    }

    private static boolean judge(String what, double is, double target) {
        boolean met = is < target;
        System.out.printf(
                "%-22s %7.1f ms   target < %.0f ms   %s%n",
                what, is, target, met ? "met" : "MISSED");
        return met;
    }

    private URI startFlood() throws IOException {
        Process started =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx512m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                FloodServer.class.getName(),
                                Integer.toString(SESSIONS),
                                Integer.toString(RATE))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        flood = started;
        Runtime.getRuntime().addShutdownHook(new Thread(started::destroy));
        try (BufferedReader out = started.inputReader(StandardCharsets.UTF_8)) {
            return URI.create("http://127.0.0.1:" + out.readLine());
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Real clients of the flood. */
    private static final class FloodAccess implements ServerAccess {
        private final AdminToken token = AdminToken.of("bench".getBytes(StandardCharsets.US_ASCII));

        @Override
        public TrustClient client(ServerState.Running server) {
            return new HttpTrustClient(server.adminUrl(), token);
        }

        @Override
        public EventFeed follow(ServerState.Running server, EventFeed.Listener listener) {
            return HttpEventFeed.follow(server.adminUrl(), token, listener, Clock.systemUTC());
        }
    }
}
