package drawbridge.console.screen.sessions;

import static drawbridge.console.model.Sessions.START;

import drawbridge.console.fake.FakeServer;
import drawbridge.console.fake.FakeSupervisor;
import drawbridge.console.fake.MutableClock;
import drawbridge.console.model.ConsoleModel;
import drawbridge.console.model.ServerModel;
import drawbridge.console.model.SessionEntry;
import drawbridge.console.ui.AgentNames;
import drawbridge.console.ui.Background;
import drawbridge.model.event.ServerEvent.SessionOpened;
import drawbridge.model.filter.SessionFilter;
import drawbridge.model.view.ServerInfo;
import drawbridge.model.view.SessionRow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;

/**
 * How long a filter line takes over 100 000 sessions: read, asked of every row, and sorted, as the
 * sessions screen does off the FX thread. Prints each and whether the target was met; ends with
 * code 1 when it was not.
 *
 * <p>Setting: system property {@code bench.sessions}.
 */
public final class FilterBench {
    private static final int SESSIONS = Integer.getInteger("bench.sessions", 100_000);
    private static final int WARM_UP = 20;
    private static final int TIMES = 60;
    private static final double TARGET = 100;

    private static final List<String> LINES =
            List.of(
                    "",
                    "user12",
                    "user:user12 ip:10.0.0.0/8",
                    "ip:10.0.7.0/24",
                    "agent:firefox -device:known",
                    "idle>30m mode:STRICT risk:any",
                    "age<2h left>10m state:live",
                    "nobody has this");

    private FilterBench() {}

    /** No arguments. */
    public static void main(String[] args) {
        List<SessionEntry> sessions = held();
        double worst = 0;
        System.out.printf("%nfilters over %,d sessions, p50 and p99 of %d%n", SESSIONS, TIMES);
        for (SessionColumn column : List.of(SessionColumn.CREATED, SessionColumn.LAST_SEEN)) {
            for (String line : LINES) {
                worst = Math.max(worst, measure(sessions, line, column));
            }
        }
        for (SessionColumn column : SessionColumn.values()) {
            worst = Math.max(worst, measure(sessions, "", column));
        }
        boolean met = worst < TARGET;
        System.out.printf(
                "%-22s %7.1f ms   target < %.0f ms   %s%n",
                "slowest filter, p99", worst, TARGET, met ? "met" : "MISSED");
        Runtime.getRuntime().exit(met ? 0 : 1);
    }

    /**
     * As the model holds them, where equal texts of many sessions are one object: heard of one by
     * one, in an order that is no column's.
     */
    private static List<SessionEntry> held() {
        Executor now = Runnable::run;
        FakeSupervisor supervisor = new FakeSupervisor();
        FakeServer server =
                new FakeServer(
                        new MutableClock(START),
                        new ServerInfo(
                                "0", 1, START, "http://a", "http://b", "n", "sqlite", false, "d"));
        ConsoleModel model =
                new ConsoleModel(
                        new ServerModel(supervisor, now, now),
                        server,
                        new Background(now, now),
                        now,
                        new MutableClock(START));
        List<Integer> numbers = new ArrayList<>(IntStream.range(0, SESSIONS).boxed().toList());
        Collections.shuffle(numbers, new Random(42));
        model.open();
        supervisor.enter(server.running());
        numbers.forEach(number -> server.tell(seq -> new SessionOpened(seq, START, row(number))));
        List<SessionEntry> held = model.sessions().copy();
        if (held.size() != SESSIONS) {
            throw new IllegalStateException(held.size() + " sessions are held");
        }
        return held;
    }

    private static double measure(List<SessionEntry> sessions, String line, SessionColumn column) {
        AgentNames agents = new AgentNames();
        long[] nanos = new long[TIMES];
        int found = 0;
        for (int i = -WARM_UP; i < TIMES; i++) {
            long began = System.nanoTime();
            SessionFilter filter = SessionFilter.parse(line).filter().orElseThrow();
            found =
                    new SessionQuery(filter, SessionQuery.Scope.ALL, column, true)
                            .run(new ArrayList<>(sessions), agents, START)
                            .rows()
                            .size();
            if (i >= 0) {
                nanos[i] = System.nanoTime() - began;
            }
        }
        Arrays.sort(nanos);
        double p99 = nanos[TIMES * 99 / 100] / 1e6;
        System.out.printf(
                "%-32s by %-9s %6.1f %6.1f ms   %,d found%n",
                "“" + line + "”",
                column.name().toLowerCase(java.util.Locale.ROOT),
                nanos[TIMES / 2] / 1e6,
                p99,
                found);
        return p99;
    }

    private static SessionRow row(int number) {
        boolean told = number % 3 != 0;
        return new SessionRow(
                "ref_%08d".formatted(number),
                "usr_" + number % 30_000,
                "user%d@example.com".formatted(number % 30_000),
                "default",
                "10.%d.%d.%d".formatted(number >> 16 & 0xff, number >> 8 & 0xff, number & 0xff),
                told ? "dev-%06x".formatted(number) : null,
                "Mozilla/5.0 (X11; Linux x86_64; rv:%d.0) Gecko/20100101 Firefox/%d.0"
                        .formatted(140 + number % 9, 140 + number % 9),
                START.minusSeconds(number % 40_000).minusMillis(number % 997),
                START.minusSeconds(number % 4_000),
                START.plusSeconds(1_800 + number % 4_000),
                "live",
                number % 5 == 0 ? "STRICT" : "STANDARD",
                null,
                null,
                null,
                null);
    }
}
