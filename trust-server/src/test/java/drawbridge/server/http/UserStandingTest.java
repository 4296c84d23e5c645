package drawbridge.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.server.support.DatabaseContract;
import drawbridge.server.support.MutableClock;
import drawbridge.server.support.RunningServer;
import drawbridge.server.support.RunningServer.Answer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.StreamSupport;

/** What an administrator sees of an account besides what it says of a person. */
@DatabaseContract
class UserStandingTest {
    private final MutableClock clock = new MutableClock(Instant.parse("2026-03-01T12:00:00Z"));
    private RunningServer server;

    @BeforeEach
    void start(@TempDir Path data) {
        server = RunningServer.start(data, clock);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String create(String email, String more) {
        clock.advance(Duration.ofSeconds(1)); // so that their order is known
        Answer answer =
                server.admin(
                        "/v1/users",
                        "{\"email\":\"%s\",\"password\":\"%s\"%s}"
                                .formatted(email, RunningServer.PASSWORD, more));
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(201);
        return answer.text("id");
    }

    private int logIn(String email, String password) {
        return server.post(
                        "/auth/login",
                        "{\"email\":\"%s\",\"password\":\"%s\"}".formatted(email, password))
                .status();
    }

    private JsonNode row(String id) {
        return server.admin("/v1/users/" + id).json();
    }

    private List<String> found(String query) {
        JsonNode page = server.admin("/v1/users?" + query).json();
        return StreamSupport.stream(page.get("items").spliterator(), false)
                .map(item -> item.get("email").asString())
                .toList();
    }

    @Test
    void tellsSessionsFailuresAndTheCostOfTheHashOfEach() {
        String ana = create("ana@example.test", "");
        String bea = create("bea@example.test", "");
        assertThat(logIn("ana@example.test", RunningServer.PASSWORD)).isEqualTo(200);
        assertThat(logIn("ana@example.test", RunningServer.PASSWORD)).isEqualTo(200);
        for (int i = 0; i < 3; i++) {
            assertThat(logIn("bea@example.test", "not this one at all")).isEqualTo(401);
        }

        JsonNode page = server.admin("/v1/users").json();

        assertThat(page.get("items").get(1)).isEqualTo(row(ana));
        assertThat(row(ana).get("sessions").asInt()).isEqualTo(2);
        assertThat(row(ana).get("failedLogins").asInt()).isZero();
        assertThat(row(ana).get("lastFailedAt").isNull()).isTrue();
        assertThat(row(bea).get("sessions").asInt()).isZero();
        assertThat(row(bea).get("failedLogins").asInt()).isEqualTo(3);
        assertThat(row(bea).get("lastFailedAt").asString()).isEqualTo("2026-03-01T12:00:02Z");
        assertThat(row(bea).get("closed").asBoolean()).isFalse();
        JsonNode password = row(bea).get("password");
        assertThat(password.get("memoryKib").asInt()).isGreaterThanOrEqualTo(19_456);
        assertThat(password.get("rehashDue").asBoolean()).isFalse();
        assertThat(page.toString()).doesNotContain("argon2id");
    }

    @Test
    void findsThemByHowTheyStand() {
        create("well@example.test", ",\"verified\":true");
        create("unproven@example.test", "");
        String off = create("off@example.test", ",\"verified\":true");
        server.adminCall("POST", "/v1/users/" + off + "/disable", "{\"reason\":\"left us\"}");

        assertThat(found("state=active"))
                .containsExactly("unproven@example.test", "well@example.test");
        assertThat(found("state=locked")).containsExactly("off@example.test");
        assertThat(found("state=unverified")).containsExactly("unproven@example.test");
        assertThat(found("tenant=default")).hasSize(3);
        assertThat(found("tenant=elsewhere")).isEmpty();
        assertThat(server.admin("/v1/users?state=odd").status()).isEqualTo(400);
        JsonNode disabled = server.admin("/v1/audit?kind=user.disabled").json().get("items").get(0);
        assertThat(disabled.get("detail").asString()).isEqualTo("left us");
    }

    @Test
    void unlockingOpensWhatFailuresClosed() {
        String email = "cleo@example.test";
        String id = create(email, "");
        for (int i = 0; i < 200 && !row(id).get("closed").asBoolean(); i++) {
            logIn(email, "not this one at all");
            clock.advance(Duration.ofMinutes(16));
        }
        assertThat(row(id).get("closed").asBoolean()).isTrue();
        assertThat(found("state=locked")).containsExactly(email);
        assertThat(found("state=active")).isEmpty();
        assertThat(logIn(email, RunningServer.PASSWORD)).isEqualTo(401);

        assertThat(server.adminCall("POST", "/v1/users/" + id + "/enable", "{}").status())
                .isEqualTo(200);

        assertThat(logIn(email, RunningServer.PASSWORD)).isEqualTo(200);
        assertThat(row(id).get("failedLogins").asInt()).isZero();
    }
}
