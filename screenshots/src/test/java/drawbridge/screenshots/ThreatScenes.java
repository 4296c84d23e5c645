package drawbridge.screenshots;

import drawbridge.console.fake.FakeDrills;
import drawbridge.model.view.DrillFigure;
import drawbridge.model.view.DrillMark;
import drawbridge.model.view.DrillResult;
import drawbridge.model.view.DrillRun;
import drawbridge.model.view.DrillStep;
import drawbridge.model.view.ThreatMatrix;
import drawbridge.model.view.ThreatReason;
import drawbridge.model.view.ThreatRow;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Threats and drills of the pictures. */
final class ThreatScenes {
    private static final Instant NOW = Scenes.NOW;
    private static final List<String> THREATS =
            List.of(
                    "token_theft",
                    "hijacking",
                    "revocation_window",
                    "brute_force",
                    "link_replay",
                    "cold_start",
                    "auth_bypass");

    private static final ThreatReason TOLD =
            new ThreatReason(
                    "device_told",
                    "weak",
                    "callers that report the device as a string let a thief who copies the"
                            + " browser’s storage copy it too: web-shop",
                    "callers",
                    null,
                    "c-2",
                    "web-shop",
                    null,
                    null);
    private static final ThreatReason REMEMBERS =
            new ThreatReason(
                    "answers_remembered",
                    "weak",
                    "web-shop remembers what was trusted for up to 60 s",
                    "callers",
                    null,
                    "c-2",
                    "web-shop",
                    null,
                    60L);
    private static final ThreatReason PREFIX =
            new ThreatReason(
                    "address_by_network",
                    "weak",
                    "GET /feed/* compares addresses by their /24",
                    "routes",
                    null,
                    null,
                    null,
                    "GET /feed/*",
                    null);
    private static final ThreatReason OPEN =
            new ThreatReason(
                    "limits_off",
                    "open",
                    "limits.authentication is 0: guesses are not counted",
                    "settings",
                    "limits.authentication",
                    null,
                    null,
                    null,
                    null);

    private ThreatScenes() {}

    /** Two rows are weak, the rest holds; two runs were played. */
    static void played(FakeDrills drills) {
        DrillRun run = run("ended", 7, false);
        drills.run(run);
        drills.matrix(matrix(run, false, null));
    }

    /** One row is open. */
    static void open(FakeDrills drills) {
        DrillRun run = run("ended", 7, true);
        drills.run(run);
        drills.matrix(matrix(run, true, null));
    }

    /** The third drill of a run is being played. */
    static void running(FakeDrills drills) {
        played(drills);
        DrillRun run = run("running", 2, false);
        drills.run(run);
        drills.matrix(matrix(run("ended", 7, false), false, run.id()));
    }

    /** A server on which no drill was played. */
    static void never(FakeDrills drills) {
        drills.matrix(
                new ThreatMatrix(
                        "default",
                        NOW,
                        THREATS.stream()
                                .map(id -> new ThreatRow(id, "holds", List.of(), 0, null, null))
                                .toList(),
                        null));
    }

    private static ThreatMatrix matrix(DrillRun run, boolean open, @Nullable String running) {
        List<ThreatRow> rows = new ArrayList<>();
        for (int i = 0; i < THREATS.size(); i++) {
            String id = THREATS.get(i);
            List<ThreatReason> reasons = reasons(id, open);
            rows.add(
                    new ThreatRow(
                            id,
                            worst(reasons),
                            reasons,
                            List.of(14L, 212L, 3L, 1_908L, 2L, 0L, 41L).get(i),
                            i == 5
                                    ? null
                                    : NOW.minusSeconds(
                                            List.of(840, 4, 815, 31, 7_300, 0, 5_100).get(i)),
                            new DrillMark(
                                    run.id(), NOW.minusSeconds(720 - 60L * i), worst(reasons))));
        }
        return new ThreatMatrix("default", NOW, rows, running);
    }

    private static List<ThreatReason> reasons(String threat, boolean open) {
        return switch (threat) {
            case "token_theft" -> List.of(TOLD);
            case "hijacking" -> List.of(PREFIX);
            case "revocation_window" -> open ? List.of() : List.of(REMEMBERS);
            case "brute_force" -> open ? List.of(OPEN) : List.of();
            default -> List.of();
        };
    }

    private static String worst(List<ThreatReason> reasons) {
        return reasons.stream().anyMatch(reason -> reason.state().equals("open"))
                ? "open"
                : reasons.isEmpty() ? "holds" : "weak";
    }

    private static DrillRun run(String state, int ended, boolean open) {
        boolean over = state.equals("ended");
        Instant began = over ? NOW.minusSeconds(740) : NOW.minusSeconds(9);
        List<DrillResult> results = new ArrayList<>();
        for (int i = 0; i < THREATS.size(); i++) {
            String id = THREATS.get(i);
            boolean playing = !over && i == ended;
            boolean waiting = i > ended || (!over && i > ended);
            List<ThreatReason> reasons = reasons(id, open);
            results.add(
                    new DrillResult(
                            id,
                            waiting ? "waiting" : playing ? "running" : "ended",
                            waiting || playing ? null : worst(reasons),
                            waiting ? null : began.plusSeconds(60L * i / (over ? 1 : 20)),
                            waiting || playing ? null : began.plusSeconds(4 + 60L * i),
                            waiting || playing
                                    ? ""
                                    : "every call with a signal that its mode compares and that was"
                                            + " another one, or missing, was refused",
                            waiting || playing ? List.of() : reasons,
                            waiting || playing
                                    ? List.of()
                                    : List.of(
                                            new DrillFigure(
                                                    "modes",
                                                    "3, each with every signal changed and"
                                                            + " missing"),
                                            new DrillFigure("kinds of callers", "2")),
                            waiting ? List.of() : steps(began, !reasons.isEmpty()),
                            new DrillMark("drl_before", NOW.minus(Duration.ofDays(1)), "holds"),
                            null));
        }
        return new DrillRun(
                over ? "drl_last" : "drl_now",
                "default",
                "drill-457d3ee4a439d630af14",
                state,
                over ? (open ? "open" : "weak") : null,
                began,
                over ? NOW.minusSeconds(300) : null,
                "admin",
                "",
                "0.1.0",
                "node-1",
                results);
    }

    private static List<DrillStep> steps(Instant began, boolean weak) {
        return List.of(
                step(1, began, "the owner logs in", "trusted", 200, "done"),
                step(
                        2,
                        began,
                        "STANDARD: the owner’s session, with another address",
                        "refused: STANDARD compares the address",
                        401,
                        "held"),
                step(
                        3,
                        began,
                        "ADVANCED: the owner’s session, without device",
                        "refused: ADVANCED compares the device",
                        401,
                        "held"),
                step(
                        4,
                        began,
                        "on GET /feed/*: the owner’s session, from another address of the same /24",
                        "refused: addresses are compared whole",
                        weak ? 200 : 401,
                        weak ? "weak" : "held"),
                step(
                        5,
                        began,
                        "STRICT: the owner’s session, with another user agent",
                        "refused: STRICT compares the user agent",
                        401,
                        "held"));
    }

    private static DrillStep step(
            int number, Instant began, String tries, String must, int status, String verdict) {
        return new DrillStep(
                number,
                began.plusMillis(100L * number),
                tries,
                must,
                """
                POST /auth/bridge/validate HTTP/1.1
                X-Forwarded-For: 198.18.0.1
                X-Bridge-Secret: ‹bridge secret of drill›
                Content-Type: application/json
                X-Request-ID: drl_last.%d

                {"session_id":"‹session id of owner›","ip":"198.18.200.77","device_id":"device-of-a-thief","user_agent":"Mozilla/5.0 (drill; owner)","method":"GET","path":"/feed/1"}\
                """
                        .formatted(number),
                status == 200
                        ? """
                        HTTP/1.1 200
                        cache-control: no-store
                        content-type: application/json

                        {"success":true,"valid":true,"mode":"STANDARD","cached":true,"cacheSource":"memory"}\
                        """
                        : """
                        HTTP/1.1 401
                        cache-control: no-store
                        content-type: application/json
                        x-request-id: drl_last.%d

                        {"success":false,"valid":false,"error":"the session is used from elsewhere","code":"SIGNAL_DIFFERS","field":"ip"}\
                        """
                                .formatted(number),
                status,
                900 + 130L * number,
                1,
                verdict,
                null);
    }
}
