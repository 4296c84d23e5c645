package drawbridge.server.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.model.CallerKit;
import drawbridge.model.CallerSignals;
import drawbridge.model.DeviceEvidence;
import drawbridge.model.IpNetwork;
import drawbridge.model.SessionSource;
import drawbridge.model.Signal;
import drawbridge.model.TenantId;
import drawbridge.model.ValidationMode;
import drawbridge.server.bridge.Recent.Ending;
import drawbridge.server.bridge.Recent.Judged;
import drawbridge.server.bridge.Recent.Seen;
import drawbridge.server.bridge.Recent.Shown;
import drawbridge.server.bridge.Recent.TurnedAway;
import drawbridge.server.judge.Comparison;
import drawbridge.server.judge.Comparison.Match;
import drawbridge.server.judge.IpMatch;
import drawbridge.server.judge.Verdict.Reason;
import drawbridge.server.policy.PolicyRule;
import drawbridge.server.policy.PolicySet;
import drawbridge.server.policy.RoutePattern;
import drawbridge.server.policy.RouteTable;
import drawbridge.server.session.DeviceHash;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

class RecentRingTest {
    private static final Instant T = Instant.parse("2026-03-01T12:00:00.123456789Z");
    private static final RouteTable TABLE =
            RouteTable.of(
                    new PolicySet(
                            TenantId.DEFAULT,
                            7,
                            T,
                            "somebody",
                            "",
                            List.of(rule("GET", "/orders"), rule("POST", "/payments/{id}"))));

    private static PolicyRule rule(String method, String pattern) {
        return new PolicyRule(
                method,
                ((RoutePattern.Outcome.Good) RoutePattern.parse(pattern)).pattern(),
                ValidationMode.STRICT,
                60,
                IpMatch.PREFIX,
                DeviceEvidence.COOKIE);
    }

    private static Caller caller(String name, TenantId tenant) {
        return new Caller(
                "clr_" + name,
                name,
                tenant,
                CallerKit.DRAWBRIDGE,
                CallerSignals.REQUIRED,
                ValidationMode.STANDARD,
                Duration.ZERO,
                Duration.ZERO,
                Set.of(Scope.VALIDATE),
                List.of(),
                AdvancedMeans.DEVICE);
    }

    private static final Caller SHOP = caller("shop", TenantId.DEFAULT);

    private static Shown shown(int number, String agent) {
        byte[] device = new byte[32];
        device[0] = (byte) number;
        return new Shown(
                IpNetwork.parse("198.51." + number % 256 + ".0/24").orElseThrow(),
                new DeviceHash(device),
                agent,
                number);
    }

    private static Judged call(
            Caller caller,
            String requestId,
            @Nullable String method,
            @Nullable String path,
            Ending ending,
            @Nullable Seen session,
            Shown sent) {
        boolean isRefused = ending == Ending.REFUSED;
        return new Judged(
                T,
                requestId,
                caller,
                method,
                path,
                ValidationMode.ADVANCED,
                RouteModes.ruling(TABLE, caller, method, path, ValidationMode.ADVANCED),
                ending,
                isRefused ? Reason.SIGNAL_DIFFERS : null,
                isRefused ? Signal.AGENT : null,
                session,
                sent);
    }

    private static Seen seen(String ref, Match match, Shown recorded) {
        return new Seen(
                ref,
                "usr_" + ref,
                SessionSource.REDIS,
                Long.MAX_VALUE - 3,
                T.minusSeconds(9),
                new Comparison(match, Match.SAME, match, DeviceEvidence.TOLD),
                recorded);
    }

    private static List<Recent> everyKind() {
        Shown sent = shown(3, "Mozilla/5.0 (X11)");
        Shown none = new Shown(null, null, null, 0);
        Shown v6 =
                new Shown(
                        IpNetwork.parse("2001:db8:1:2::/64").orElseThrow(),
                        null,
                        "Ünïcode 漢字 \ud83d half \ud83d",
                        -1);
        String longest = "/" + "漢".repeat(2047);
        return List.of(
                call(
                        SHOP,
                        "request-1",
                        "GET",
                        "/orders",
                        Ending.TRUSTED,
                        seen("a", Match.SAME, sent),
                        sent),
                call(
                        SHOP,
                        "request-2",
                        "POST",
                        "/payments/1",
                        Ending.REFUSED,
                        seen("b", Match.DIFFERS, v6),
                        sent),
                call(
                        SHOP,
                        "request-3",
                        null,
                        "/payments/1",
                        Ending.TRUSTED,
                        seen("c", Match.NOT_SENT, sent),
                        none),
                call(SHOP, "request-4", "GET", "/a/../b", Ending.UNDECIDED, null, v6),
                call(SHOP, "request-5", null, null, Ending.RATE_LIMITED, null, none),
                call(
                        SHOP,
                        "request-6",
                        "GET",
                        longest,
                        Ending.TRUSTED,
                        seen("d", Match.SAME_NETWORK, none),
                        v6),
                call(
                        SHOP,
                        "request-7",
                        "GET",
                        "/nowhere",
                        Ending.TRUSTED,
                        seen("e", Match.SAME, sent),
                        sent),
                new TurnedAway(T, "request-8", null),
                new TurnedAway(T, "request-9", SHOP));
    }

    @Test
    void givesBackEveryKindOfCallAsItWas() {
        RecentRing ring = new RecentRing(100);
        List<Recent> calls = everyKind();

        calls.forEach(ring::put);

        assertThat(ring.newestFirst().toList()).isEqualTo(calls.reversed());
    }

    @Test
    void aShortCallInThePlaceOfALongOneIsWhole() {
        RecentRing ring = new RecentRing(1);
        for (Recent call : everyKind()) {
            ring.put(call);

            assertThat(ring.newestFirst()).containsExactly(call);
        }
    }

    @Test
    void forgetsTheOldestAndNoOther() {
        RecentRing ring = new RecentRing(300);

        for (int i = 0; i < 1_000; i++) {
            ring.put(new TurnedAway(T.plusSeconds(i), "request-" + i, null));
        }

        List<Recent> kept = ring.newestFirst().toList();
        assertThat(kept).hasSize(300);
        assertThat(kept.getFirst().requestId()).isEqualTo("request-999");
        assertThat(kept.getLast().requestId()).isEqualTo("request-700");
    }

    @Test
    void findsTheCallsOfARequestAndThoseOfATenant() {
        RecentRing ring = new RecentRing(100);
        Caller other = caller("other", new TenantId("acme"));
        Shown sent = shown(1, "a");
        Judged theirs = call(other, "request-x", "GET", "/orders", Ending.TRUSTED, null, sent);
        Judged ours = call(SHOP, "request-x", "GET", "/orders", Ending.REFUSED, null, sent);
        everyKind().forEach(ring::put);
        ring.put(theirs);
        ring.put(ours);

        assertThat(ring.of("request-x")).containsExactly(ours, theirs);
        assertThat(ring.of("request-y")).isEmpty();
        assertThat(ring.judged(other.tenant())).containsExactly(theirs);
        assertThat(ring.judged(TenantId.DEFAULT)).hasSize(8).doesNotContain(theirs);
    }

    /** Every part of it is told by its number, and its length too. */
    private static Judged numbered(int writer, int number, List<Caller> callers) {
        Caller caller = callers.get(number % callers.size());
        String mark = writer + "-" + number + "-" + caller.name();
        String text = mark.repeat(1 + number % 40); // now within its place, now beyond
        Shown sent = shown(number, text);
        return call(
                caller,
                "request-" + mark,
                "GET",
                "/" + text,
                Ending.TRUSTED,
                seen(mark, Match.SAME, sent),
                sent);
    }

    private static void requireWhole(Judged call) {
        String mark = call.requestId().substring("request-".length());
        String[] parts = mark.split("-", -1);
        int number = Integer.parseInt(parts[1]);
        assertThat(call)
                .isEqualTo(numbered(Integer.parseInt(parts[0]), number, List.of(call.caller())));
        assertThat(call.caller().name()).isEqualTo(parts[2]);
    }

    @Test
    void nobodyReadsACallThatIsHalfAnother() throws Exception {
        // So small that writers overtake each other by whole rounds all the time.
        RecentRing ring = new RecentRing(3);
        List<Caller> callers =
                List.of(caller("a", TenantId.DEFAULT), caller("b", TenantId.DEFAULT));
        int writers = 4;
        int each = 20_000;
        AtomicInteger writing = new AtomicInteger(writers);
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            List<Future<?>> all = new ArrayList<>();
            for (int w = 0; w < writers; w++) {
                int writer = w;
                all.add(
                        threads.submit(() -> {
                            try {
                                for (int i = 0; i < each; i++) {
                                    ring.put(numbered(writer, i, callers));
                                }
                            } finally {
                                writing.decrementAndGet();
                            }
                        }));
            }
            Callable<Integer> reader =
                    () -> {
                        int read = 0;
                        boolean isLast;
                        do {
                            isLast = writing.get() == 0;
                            for (Judged call : ring.judged(TenantId.DEFAULT).toList()) {
                                requireWhole(call);
                                read++;
                            }
                        } while (!isLast);
                        return read;
                    };
            Future<Integer> first = threads.submit(reader);
            Future<Integer> second = threads.submit(reader);
            for (Future<?> one : all) {
                one.get();
            }
            assertThat(first.get() + second.get()).isPositive();
        }

        // Every place takes calls again: none is left as being written.
        for (int i = 0; i < 3; i++) {
            ring.put(numbered(9, i, callers));
        }
        assertThat(ring.newestFirst().map(Recent::requestId))
                .containsExactly("request-9-2-a", "request-9-1-b", "request-9-0-a");
    }
}
