package drawbridge.server.drill;

import drawbridge.model.SessionSource;
import drawbridge.model.SessionToken;
import drawbridge.model.Threat;
import drawbridge.server.drill.Sandbox.Reference;
import drawbridge.server.drill.Sandbox.Seen;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Asks for sessions that every tier has forgotten, as after a start, and for ids that nobody has.
 * What is asked again must come from memory, and how long a refusal takes must not tell whether an
 * id is one.
 *
 * <p>The test: known ids, presented from another address and so refused, against unknown ids; both
 * are looked up in the database. They are asked for in turn, so that whatever else the machine does
 * meets both. They count as told apart when the rank test of Mann and Whitney says so with p under
 * {@value #ALPHA} and the medians are more than {@value #THRESHOLD_MICROS} µs and half of the
 * longer one apart: a session that is found costs its row and a refusal that names the signal, and
 * that much differs always, without being worth anything to whoever must guess 256 bits.
 */
final class ColdStart implements Attack {
    private static final int SAMPLE = 150;
    private static final int LEAST = 40;
    private static final double ALPHA = 0.001;
    private static final double THRESHOLD_MICROS = 2_000;
    private static final double SHARE = 0.97;
    private static final Duration BUDGET = Duration.ofSeconds(25);

    private final SecureRandom random = new SecureRandom();

    @Override
    public Threat threat() {
        return Threat.COLD_START;
    }

    @Override
    public String holds() {
        return "a forgotten session cost one question, then came from memory; no time told whether an id is one";
    }

    private record Sample(List<Long> hot, List<Long> cold, List<Long> known, List<Long> unknown) {}

    @Override
    public void play(Stage stage) {
        Sandbox sandbox = stage.sandbox();
        Target target = Target.logIn(stage, "guest");
        Sample times =
                new Sample(
                        new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        Exchange hot = own(target);
        Exchange cold = hot;
        Exchange known = hot;
        Exchange unknown = hot;
        int fromMemory = 0;
        int wrong = 0;
        String elsewhere = sandbox.newAddress();
        long began = sandbox.nanos();
        for (int i = 0; i < SAMPLE && sandbox.nanos() - began < BUDGET.toNanos(); i++) {
            sandbox.drop(target.owner().session());
            cold = own(target);
            hot = own(target);
            sandbox.drop(target.owner().session());
            known = refused(target, target.owner().session(), elsewhere);
            unknown = refused(target, SessionToken.draw(random).reveal(), elsewhere);
            times.cold().add(cold.tookMicros());
            times.hot().add(hot.tookMicros());
            times.known().add(known.tookMicros());
            times.unknown().add(unknown.tookMicros());
            fromMemory += source(hot).equals(SessionSource.MEMORY.cacheSource()) ? 1 : 0;
            boolean isRight =
                    cold.isGood()
                            && hot.isGood()
                            && known.status() == 401
                            && unknown.status() == 401;
            wrong += isRight ? 0 : 1;
            stage.requireGoingOn();
        }
        int size = times.hot().size();
        if (size < LEAST) {
            throw new DrillException(
                    "the server is too busy: %d samples in %d s are too few to compare"
                            .formatted(size, BUDGET.toSeconds()));
        }
        figures(stage, times);
        stage.judge(
                "sessions that every tier had forgotten, then the same again; known ids from elsewhere and unknown ids",
                "the first trusted, the others refused",
                unknown,
                size * 4,
                wrong == 0,
                wrong + " of " + size + " rounds went otherwise",
                List.of(
                        Reasons.ofServer(
                                "cold_answers_wrong", "a forgotten session was judged otherwise")));
        stage.judge(
                "where a session comes from when it is asked for again",
                "at least %.0f %% from memory".formatted(SHARE * 100),
                hot,
                size,
                fromMemory >= SHARE * size,
                "%d of %d".formatted(fromMemory, size),
                List.of(
                        Reasons.ofSetting(
                                "memory_not_used",
                                "memory.sessions",
                                "sessions are read again and again: of %d, %d came from memory"
                                        .formatted(size, fromMemory))));
        timing(stage, times, unknown);
        stage.check(
                "what memory holds after a start",
                "the latest sessions: memory is filled before the server calls itself ready",
                sandbox.settings().memory().isWarmed(),
                sandbox.settings().memory().isWarmed() ? "filled" : "nothing",
                List.of(Controls.notWarmed()));
    }

    private static void timing(Stage stage, Sample times, Exchange shown) {
        Ranks ranks = Ranks.of(times.known(), times.unknown());
        double longer = Math.max(Ranks.median(times.known()), Ranks.median(times.unknown()));
        double apart = Math.abs(ranks.medianMicros());
        boolean isTold = ranks.p() < ALPHA && apart > THRESHOLD_MICROS && apart > longer / 2;
        stage.figure("known against unknown", ranks.toString());
        stage.judge(
                "whether times tell known ids from unknown ones",
                "no: not both p < %s and medians more than %.0f µs and half of the longer one apart"
                        .formatted(ALPHA, THRESHOLD_MICROS),
                shown,
                times.known().size() * 2,
                !isTold,
                ranks.toString(),
                List.of(
                        Reasons.ofServer(
                                "unknown_ids_told",
                                "how long a refusal takes tells whether an id is one: " + ranks)));
    }

    private static void figures(Stage stage, Sample times) {
        stage.figure("test", "Mann-Whitney rank test, two-sided, in turn");
        stage.figure("sample size", times.hot().size() + " of each");
        stage.figure(
                "threshold",
                String.format(
                        Locale.ROOT,
                        "p < %s and medians more than %.0f µs and half of the longer one apart",
                        ALPHA,
                        THRESHOLD_MICROS));
        figure(stage, "hot, from memory", times.hot());
        figure(stage, "cold, forgotten by memory and Redis", times.cold());
        figure(stage, "known id, refused", times.known());
        figure(stage, "unknown id, refused", times.unknown());
    }

    private static void figure(Stage stage, String name, List<Long> sample) {
        stage.figure(
                name,
                String.format(
                        Locale.ROOT,
                        "median %.0f µs, p99 %.0f µs over HTTP",
                        Ranks.median(sample),
                        Ranks.p99(sample)));
    }

    private static String source(Exchange answer) {
        return answer.text("cacheSource");
    }

    private static Exchange own(Target target) {
        return target.ask(
                target.stage().sandbox().own(),
                Seen.of(target.owner()),
                "GET",
                Reference.STANDARD.path(),
                null);
    }

    private static Exchange refused(Target target, String session, String from) {
        Sandbox sandbox = target.stage().sandbox();
        return sandbox.validate(
                sandbox.own(),
                session,
                Seen.of(target.owner()).withIp(from),
                "GET",
                Reference.STANDARD.path(),
                null);
    }
}
