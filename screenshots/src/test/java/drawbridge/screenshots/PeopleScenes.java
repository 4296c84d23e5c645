package drawbridge.screenshots;

import drawbridge.console.fake.FakeServer;
import drawbridge.console.fake.FakeTokens;
import drawbridge.model.view.OutboxMail;
import drawbridge.model.view.PasswordCost;
import drawbridge.model.view.SessionRow;
import drawbridge.model.view.TenantRow;
import drawbridge.model.view.TokenInspection;
import drawbridge.model.view.TrustTokenRow;
import drawbridge.model.view.UserRow;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Users, tokens, mails and tenants of the pictures. */
final class PeopleScenes {
    private static final Instant NOW = Scenes.NOW;

    private PeopleScenes() {}

    private static Instant ago(long hours) {
        return NOW.minus(Duration.ofHours(hours));
    }

    private static UserRow user(
            SessionRow session,
            String name,
            boolean verified,
            String state,
            long sessions,
            int failed,
            boolean closed,
            @Nullable Instant login,
            PasswordCost password,
            Instant made) {
        return new UserRow(
                session.userId(),
                session.tenant(),
                session.email(),
                null,
                name,
                "",
                session.email().startsWith("root") ? "admin" : "user",
                "en",
                verified,
                state,
                made,
                made,
                login,
                sessions,
                failed,
                failed == 0 ? null : NOW.minus(Duration.ofMinutes(4)),
                closed,
                password);
    }

    /** Accounts of the users whose sessions there are. */
    static void users(FakeServer server, List<SessionRow> sessions) {
        Map<String, List<SessionRow>> byUser = new LinkedHashMap<>();
        sessions.forEach(
                row -> byUser.computeIfAbsent(row.userId(), _ -> new ArrayList<>()).add(row));
        PasswordCost strong = new PasswordCost(65_536, 3, 1, false);
        PasswordCost weak = new PasswordCost(19_456, 2, 1, true);
        int i = 0;
        for (List<SessionRow> rows : byUser.values()) {
            SessionRow one = rows.getFirst();
            boolean isLocked = i == 3;
            boolean isClosed = i == 5;
            server.users()
                    .hold(
                            user(
                                    one,
                                    Scenes.nameOf(one),
                                    i % 7 != 2,
                                    isLocked ? "disabled" : "active",
                                    isLocked ? 0 : rows.size(),
                                    isClosed ? 50 : i % 9 == 4 ? 3 : 0,
                                    isClosed,
                                    i % 11 == 8 ? null : one.createdAt(),
                                    i % 4 == 1 ? weak : strong,
                                    ago(30L + 17L * i)));
            i++;
            if (i == 420) {
                return;
            }
        }
    }

    private static TrustTokenRow token(
            int number,
            String purpose,
            String email,
            String by,
            long minutesAgo,
            String state,
            @Nullable String reason) {
        Instant issued = NOW.minus(Duration.ofMinutes(minutesAgo));
        boolean isOver = !state.equals("open") && !state.equals("expired");
        return new TrustTokenRow(
                "tok_7Q2%dhx9Lm4RkPz".formatted(number),
                "default",
                purpose,
                purpose.equals("invite") ? null : "usr_4fQ9%dmZr".formatted(number),
                email,
                "k4.pid.9ShR3xc8-qVJ_di0tc9nx0IDIqbatdeM2mqLFBJsKRHs",
                by,
                issued,
                issued.plus(Duration.ofMinutes(purpose.equals("invite") ? 10_080 : 60)),
                state,
                isOver ? issued.plus(Duration.ofMinutes(3)) : null,
                reason,
                isOver ? state.equals("spent") ? "user" : "admin" : null);
    }

    static void tokens(FakeServer server) {
        List<TrustTokenRow> rows =
                List.of(
                        token(1, "magic_link", "ana.lima@acme.example", "user", 2, "open", null),
                        token(
                                2,
                                "password_reset",
                                "jonas.weber@acme.example",
                                "admin",
                                11,
                                "open",
                                null),
                        token(3, "invite", "new.hire@acme.example", "admin", 45, "open", null),
                        token(
                                4,
                                "email_verify",
                                "mei.tanaka@acme.example",
                                "user",
                                52,
                                "spent",
                                "consumed"),
                        token(
                                5,
                                "magic_link",
                                "ana.lima@acme.example",
                                "user",
                                58,
                                "superseded",
                                null),
                        token(
                                6,
                                "password_reset",
                                "olu.adeyemi@acme.example",
                                "caller:shop-api",
                                95,
                                "expired",
                                null),
                        token(
                                7,
                                "magic_link",
                                "sara.nilsson@acme.example",
                                "user",
                                140,
                                "revoked",
                                "mail was forwarded to a list"),
                        token(
                                8,
                                "email_verify",
                                "li.wei@acme.example",
                                "user",
                                300,
                                "spent",
                                "consumed"));
        rows.forEach(server.tokens()::hold);
        server.tokens().finds(stoppedInDatabase(rows.get(3)));
    }

    /** Consumed already: the fast copy knew nothing, the row did. */
    static TokenInspection stoppedInDatabase(TrustTokenRow row) {
        List<TokenInspection.Layer> layers =
                new ArrayList<>(FakeTokens.inspection(true, row).layers());
        layers.set(3, new TokenInspection.Layer("database_status", "stopped", "spent"));
        layers.set(4, new TokenInspection.Layer("owner", "not_judged", "not_judged"));
        layers.set(5, new TokenInspection.Layer("resource", "not_judged", "not_judged"));
        return new TokenInspection(false, layers, row);
    }

    private static OutboxMail mail(
            int number,
            String to,
            String subject,
            String state,
            int attempts,
            @Nullable String error,
            long minutesAgo) {
        Instant made = NOW.minus(Duration.ofMinutes(minutesAgo));
        return new OutboxMail(
                "mail_%d".formatted(number),
                "default",
                "magic-link",
                to,
                subject,
                null,
                state,
                attempts,
                state.equals("waiting") ? NOW.plus(Duration.ofMinutes(4)) : null,
                error,
                made,
                state.equals("sent") ? made.plusSeconds(2) : null);
    }

    static void mails(FakeServer server) {
        server.tokens()
                .hold(
                        mail(
                                1,
                                "ana.lima@acme.example",
                                "Your login link",
                                "waiting",
                                2,
                                "451 4.7.1 greylisted, try again later",
                                2));
        server.tokens()
                .hold(
                        mail(
                                2,
                                "jonas.weber@acme.example",
                                "Set a new password",
                                "sent",
                                1,
                                null,
                                11));
        server.tokens()
                .hold(
                        mail(
                                3,
                                "nobody@acme.example",
                                "Set a new password",
                                "failed",
                                5,
                                "550 5.1.1 no such mailbox",
                                47));
        server.tokens()
                .hold(mail(4, "new.hire@acme.example", "You are invited", "kept", 0, null, 50));
    }

    static void tenants(FakeServer server) {
        server.tenants().hold(tenant("default", "Default", "active", 0, 0, 0, 412, 1_284));
        server.tenants().hold(tenant("acme", "Acme Retail", "active", 500, 2_000, 3, 131, 204));
        server.tenants().hold(tenant("globex", "Globex", "suspended", 50, 0, 0, 12, 0));
    }

    private static TenantRow tenant(
            String id,
            String name,
            String state,
            long mostUsers,
            long mostSessions,
            long mismatches,
            long users,
            long sessions) {
        return new TenantRow(
                id,
                name,
                state,
                ago(2_000),
                state.equals("active") ? null : ago(20),
                id.equals("acme") ? List.of("login.acme.example") : List.of(),
                List.of(),
                mostUsers,
                mostSessions,
                mismatches,
                users,
                sessions);
    }
}
