package drawbridge.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import drawbridge.model.view.EndpointCoverage;
import drawbridge.server.RouteTables;
import drawbridge.server.http.RouteCoverage.Side;
import drawbridge.server.support.RunningServer;

import io.javalin.Javalin;
import io.javalin.http.Handler;
import io.javalin.security.RouteRole;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;

/** A server whose route table leaves an endpoint uncovered does not start, and says which. */
final class RouteCoverageTest {
    private static final Handler NOTHING = ctx -> {};

    static Stream<Arguments> uncovered() {
        return Stream.of(
                Arguments.of(Side.PUBLIC, "/auth/new", roles(), "says not who may call it"),
                Arguments.of(
                        Side.PUBLIC,
                        "/auth/new",
                        roles(Access.PUBLIC, Input.FIELDS),
                        "says not how often it may be called"),
                Arguments.of(
                        Side.PUBLIC,
                        "/auth/new",
                        roles(Access.PUBLIC, Limit.CHEAP),
                        "says not what it reads of a body"),
                Arguments.of(
                        Side.PUBLIC,
                        "/auth/new",
                        roles(Access.OPERATOR),
                        "is for operators and would be open on the public listener"),
                Arguments.of(
                        Side.ADMIN,
                        "/v1/new",
                        roles(Access.PUBLIC, Limit.CHEAP, Input.FIELDS),
                        "is not for operators and stands on the admin listener"),
                Arguments.of(
                        Side.PUBLIC,
                        "/auth/bridge/new",
                        roles(Access.SESSION, Limit.CHEAP, Input.FIELDS),
                        "must be for back ends exactly when its path holds /bridge/"));
    }

    private static List<RouteRole> roles(RouteRole... roles) {
        return List.of(roles);
    }

    @ParameterizedTest
    @MethodSource
    void uncovered(Side side, String path, List<RouteRole> roles, String missing) {
        assertThatThrownBy(() -> table(side, path, roles))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll(
                        "the server does not start", "POST " + path, missing, "docs/checklist.md");
    }

    @Test
    void aCoveredOneStarts() {
        table(Side.PUBLIC, "/auth/new", roles(Access.PUBLIC, Limit.CHEAP, Input.FIELDS));
        table(Side.ADMIN, "/v1/new", roles(Access.OPERATOR));
    }

    private static Javalin table(Side side, String path, List<RouteRole> roles) {
        return Javalin.create(config -> {
            config.routes.post(path, NOTHING, roles.toArray(RouteRole[]::new));
            RouteCoverage.read(config.unsafe.internalRouter.allHttpHandlers(), side);
        });
    }

    @Test
    void noCellOfTheTableIsBlank(@TempDir Path folder) {
        try (RunningServer server = RunningServer.start(folder, Clock.systemUTC())) {
            List<EndpointCoverage> endpoints = RouteTables.of(server.server()).endpoints();

            assertThat(endpoints)
                    .hasSizeGreaterThan(100)
                    .allSatisfy(each ->
                            assertThat(
                                            List.of(
                                                    each.authentication(),
                                                    each.limiter(),
                                                    each.schema(),
                                                    each.cors(),
                                                    each.proof()))
                                    .doesNotContain(""))
                    .allSatisfy(each ->
                            assertThat(each.perMinute() == null)
                                    .isEqualTo(each.limiter().equals("operator_key")));
        }
    }
}
