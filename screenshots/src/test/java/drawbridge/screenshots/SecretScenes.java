package drawbridge.screenshots;

import drawbridge.console.fake.FakeServer;
import drawbridge.model.event.ServerEvent;
import drawbridge.model.view.CallerRow;
import drawbridge.model.view.CallerRow.Right;
import drawbridge.model.view.CallerRow.Rotation;
import drawbridge.model.view.CallerRow.Version;
import drawbridge.model.view.CallerRow.Weakness;
import drawbridge.model.view.OwnSecrets;
import drawbridge.model.view.SecretUse;
import drawbridge.model.view.SigningKeyRow;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Callers, keys and secrets of the pictures. */
final class SecretScenes {
    private static final Instant NOW = Scenes.NOW;
    private static final Weakness ANY_NETWORK = new Weakness("any_network", "", null, null, null);

    private SecretScenes() {}

    private static Instant ago(long days, long hours) {
        return NOW.minus(Duration.ofDays(days)).minus(Duration.ofHours(hours));
    }

    private static Version current(int number, Instant made, long minuteUses) {
        return new Version(
                number,
                "active",
                true,
                "admin",
                made,
                null,
                null,
                minuteUses * 900,
                minuteUses == 0 ? null : NOW.minusMillis(300),
                minuteUses,
                null);
    }

    private static Version old(int number, Instant made, long minuteUses, Instant lastUsedAt) {
        return new Version(
                number,
                "ending",
                true,
                "admin",
                made,
                NOW.plus(Duration.ofHours(21)),
                null,
                184_221,
                lastUsedAt,
                minuteUses,
                lastUsedAt.plus(Duration.ofMinutes(10)));
    }

    private static Version ended(int number, String state, Instant made, Instant end) {
        return new Version(number, state, false, "admin", made, null, end, 90_112, end, 0, null);
    }

    private static CallerRow caller(
            String name,
            String tenant,
            String kit,
            String signals,
            List<String> networks,
            List<Version> secrets,
            @Nullable Rotation planned,
            List<Weakness> weaknesses) {
        Instant made = secrets.getFirst().createdAt();
        Instant dueAt = made.plus(Duration.ofDays(90));
        return new CallerRow(
                "clr_%08x".formatted(name.hashCode()),
                name,
                tenant,
                kit,
                signals,
                name.equals("payments") ? "STRICT" : "STANDARD",
                "60s",
                "0s",
                "device",
                networks,
                name.equals("default") ? "environment" : "admin",
                ago(210, 3),
                List.of(
                        new Right("validate", true, 1_204_311, NOW.minusMillis(300)),
                        new Right("revoke-own", name.equals("shop-api"), 41, ago(0, 2)),
                        new Right("issue-token", false, 0, null)),
                secrets,
                planned == null
                        ? new Rotation(null, null, dueAt, "age", !NOW.isBefore(dueAt))
                        : planned,
                weaknesses);
    }

    static CallerRow shop() {
        return caller(
                "shop-api",
                "default",
                "drawbridge",
                "required",
                List.of("10.20.0.0/16", "2001:db8:12::/48"),
                List.of(
                        current(3, ago(0, 3), 214),
                        old(2, ago(87, 4), 26, NOW.minusMillis(1_200)),
                        ended(1, "retired", ago(170, 0), ago(86, 2))),
                new Rotation("90d", "24h", NOW.plus(Duration.ofDays(89)), "plan", false),
                List.of());
    }

    static void fill(FakeServer server) {
        server.secrets().hold(shop());
        server.secrets()
                .hold(
                        caller(
                                "payments",
                                "default",
                                "drawbridge",
                                "required",
                                List.of("10.30.4.0/24"),
                                List.of(
                                        current(5, ago(0, 20), 96),
                                        old(4, ago(61, 0), 0, NOW.minus(Duration.ofMinutes(34)))),
                                null,
                                List.of()));
        server.secrets()
                .hold(
                        caller(
                                "legacy-web",
                                "default",
                                "flowfull",
                                "when-sent",
                                List.of(),
                                List.of(current(1, ago(122, 0), 41)),
                                null,
                                List.of(
                                        new Weakness("signals_when_sent", "", null, null, null),
                                        new Weakness("remembers_answers", "", 60L, null, null),
                                        ANY_NETWORK,
                                        new Weakness(
                                                "session_id_in_query",
                                                "",
                                                null,
                                                5_120L,
                                                NOW.minusSeconds(4)))));
        server.secrets()
                .hold(
                        caller(
                                "default",
                                "default",
                                "drawbridge",
                                "required",
                                List.of(),
                                List.of(current(1, ago(12, 0), 12)),
                                null,
                                List.of(ANY_NETWORK)));
        server.secrets()
                .hold(
                        caller(
                                "portal",
                                "acme",
                                "drawbridge",
                                "required",
                                List.of("192.0.2.0/24"),
                                List.of(current(2, ago(44, 0), 0)),
                                null,
                                List.of()));
        keys(server);
        server.secrets()
                .hold(
                        new OwnSecrets(
                                new OwnSecrets.Own(
                                        "admin_token",
                                        "folder",
                                        ago(101, 2),
                                        ago(11, 2),
                                        true,
                                        NOW,
                                        null,
                                        null,
                                        true,
                                        ""),
                                new OwnSecrets.Own(
                                        "master_key",
                                        "folder",
                                        ago(101, 2),
                                        NOW.plus(Duration.ofDays(263)),
                                        false,
                                        NOW.minus(Duration.ofMinutes(194)),
                                        null,
                                        null,
                                        true,
                                        ""),
                                "10m",
                                "90d"));
    }

    private static void keys(FakeServer server) {
        server.secrets().hold(key("Zm9yZ2V0bm90", "next", ago(12, 0), null, null, null, null));
        server.secrets()
                .hold(
                        key(
                                "bGFudGVybjQy",
                                "signing",
                                ago(40, 0),
                                ago(12, 0),
                                null,
                                NOW.plus(Duration.ofDays(6)),
                                NOW.plus(Duration.ofDays(78))));
        server.secrets()
                .hold(
                        key(
                                "aGFyYm91cjE3",
                                "verifying",
                                ago(131, 0),
                                ago(40, 0),
                                ago(12, 0),
                                NOW.plus(Duration.ofHours(9)),
                                null));
        server.secrets()
                .hold(
                        key(
                                "dmlvbGV0MDAx",
                                "gone",
                                ago(190, 0),
                                ago(131, 0),
                                ago(40, 0),
                                ago(33, 0),
                                null));
    }

    private static SigningKeyRow key(
            String part,
            String state,
            Instant created,
            @Nullable Instant signing,
            @Nullable Instant stopped,
            @Nullable Instant last,
            @Nullable Instant due) {
        return new SigningKeyRow(
                "k4.pid." + part + "Qm5hY2tlci1kcmF3YnJpZGdlLXBp",
                "k4.public." + part,
                "drawn",
                state,
                created,
                signing,
                stopped,
                last,
                due);
    }

    /** The use of the secrets as a second tells it. */
    static void used(FakeServer server) {
        server.tell(seq ->
                new ServerEvent.SecretsUsed(
                        seq,
                        NOW,
                        List.of(
                                new SecretUse(shop().id(), 3, 214, NOW.minusMillis(300)),
                                new SecretUse(shop().id(), 2, 26, NOW.minusMillis(1_200)))));
    }
}
