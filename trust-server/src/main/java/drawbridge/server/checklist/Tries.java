package drawbridge.server.checklist;

import drawbridge.model.Practice;
import drawbridge.model.SessionToken;
import drawbridge.model.view.ChecklistEvidence;
import drawbridge.model.view.EndpointCoverage;
import drawbridge.server.checklist.ChecklistSettings.Place;
import drawbridge.server.checklist.Evidence.At;
import drawbridge.server.checklist.TryHttp.Answer;
import drawbridge.server.drill.DrillPass;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Attacks both listeners over HTTP, every endpoint of the route tables: calls without credentials
 * and with wrong ones, bodies that are none, pages of other origins, more calls than a limit lets
 * pass. Nothing it sends could change anything where a check were missing: ids are nobody's, and
 * what operators send is no JSON. Safe for many threads; one of them tries at a time.
 */
public final class Tries {
    private static final Logger LOG = LoggerFactory.getLogger(Tries.class);
    private static final int NAMED = 10;
    private static final byte[] NONE = {};
    private static final byte[] EMPTY = bytes("{}");
    private static final byte[] NO_JSON = bytes("[");
    private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH");
    private static final String JSON = "application/json";

    /** A page that nobody allowed: the name can never exist (RFC 2606). */
    private static final String FOREIGN_PAGE = "https://somewhere-else.invalid";

    /** More than so many calls would be a flood, and that limit is told to be too high anyway. */
    private static final int MOST_TO_EXHAUST = 120;

    private static final Map<String, String> HEADERS =
            Map.of(
                    "content-security-policy", "default-src 'none'; frame-ancestors 'none'",
                    "x-content-type-options", "nosniff",
                    "x-frame-options", "DENY",
                    "cache-control", "no-store");

    /** What the last tries found. */
    record Tried(
            Instant at,
            Map<Practice, List<ChecklistEvidence>> evidence,
            Map<String, Proof> proofs) {
        List<ChecklistEvidence> of(Practice practice) {
            return evidence.getOrDefault(practice, List.of());
        }
    }

    /** How an endpoint stood against so many kinds of wrong credentials. */
    private record Proof(boolean isRefused, int attempts) {}

    private record Wrong(String what, Map<String, String> headers) {}

    /** What one pass collects. */
    private static final class Finds {
        private final Map<Practice, List<ChecklistEvidence>> evidence =
                new EnumMap<>(Practice.class);
        private final Map<String, Proof> proofs = new HashMap<>();
        private int unanswered;

        void add(Practice practice, ChecklistEvidence found) {
            evidence.computeIfAbsent(practice, _ -> new ArrayList<>()).add(found);
        }

        boolean hasNone(Practice practice) {
            return evidence.getOrDefault(practice, List.of()).isEmpty();
        }
    }

    private final Supplier<Place> place;
    private final Supplier<List<EndpointCoverage>> endpoints;
    private final ChecklistSettings settings;
    private final Planted.Bed bed;
    private final DrillPass pass;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final ReentrantLock trying = new ReentrantLock();
    private volatile @Nullable Tried last;

    /**
     * @param place where the listeners are; known once the ports are open
     * @param pass what the tries are known by; nobody else's
     */
    Tries(
            Supplier<Place> place,
            Supplier<List<EndpointCoverage>> endpoints,
            ChecklistSettings settings,
            Planted.Bed bed,
            DrillPass pass,
            Clock clock) {
        this.place = place;
        this.endpoints = endpoints;
        this.settings = settings;
        this.bed = bed;
        this.pass = pass;
        this.clock = clock;
    }

    /** What was found the last time; empty before the first. */
    Optional<Tried> last() {
        return Optional.ofNullable(last);
    }

    boolean isTrying() {
        return trying.isLocked();
    }

    /** The endpoints as they stood when they were last tried. */
    List<EndpointCoverage> proven() {
        Tried known = last;
        if (known == null) {
            return endpoints.get();
        }
        return endpoints.get().stream()
                .map(each -> {
                    Proof proof = known.proofs().get(key(each));
                    return proof == null
                            ? each
                            : each.proven(
                                    proof.isRefused() ? "refused" : "answered", proof.attempts());
                })
                .toList();
    }

    private static String key(EndpointCoverage endpoint) {
        return endpoint.listener() + " " + endpoint.route();
    }

    /** Tries everything now, on the calling thread; who comes meanwhile waits and tries again. */
    void tryNow() {
        trying.lock();
        Planted planted = bed.plant();
        try (TryHttp http = new TryHttp(place.get().tls(), pass.open())) {
            Finds finds = new Finds();
            authentication(http, planted, finds);
            input(http, finds);
            limits(http, finds);
            browsers(http, finds);
            last = new Tried(clock.instant(), Map.copyOf(finds.evidence), finds.proofs);
            LOG.info(
                    "tried endpoints={} refused={}",
                    finds.proofs.size(),
                    finds.proofs.values().stream().filter(Proof::isRefused).count());
        } finally {
            pass.close();
            bed.clear(planted);
            trying.unlock();
        }
    }

    private void authentication(TryHttp http, Planted planted, Finds finds) {
        int attempts = 0;
        int asking = 0;
        for (EndpointCoverage endpoint : endpoints.get()) {
            List<Wrong> wrongs = wrongs(endpoint, planted);
            if (wrongs.isEmpty()) {
                continue;
            }
            asking++;
            boolean isRefused = true;
            for (Wrong wrong : wrongs) {
                attempts++;
                Optional<Answer> answer = call(http, endpoint, wrong.headers(), finds);
                if (answer.isPresent() && !answer.get().isRefused()) {
                    isRefused = false;
                    finds.add(
                            Practice.AUTHENTICATION,
                            Evidence.fail(
                                    "endpoint_open",
                                    "%s answered %d to a call with %s"
                                            .formatted(
                                                    endpoint.route(),
                                                    answer.get().status(),
                                                    wrong.what()),
                                    At.route("server", endpoint.route())));
                }
            }
            finds.proofs.put(key(endpoint), new Proof(isRefused, wrongs.size()));
        }
        if (finds.unanswered > 0) {
            finds.add(
                    Practice.AUTHENTICATION,
                    Evidence.warn(
                            "not_answered",
                            "%d of %d calls with wrong credentials were not answered in time"
                                    .formatted(finds.unanswered, attempts),
                            At.screen("server")));
        } else if (finds.hasNone(Practice.AUTHENTICATION)) {
            finds.add(
                    Practice.AUTHENTICATION,
                    Evidence.pass(
                            "endpoints_refuse",
                            "%d endpoints that ask who is there refused %,d calls: missing, malformed, unknown, expired and foreign credentials, and pages"
                                    .formatted(asking, attempts)));
        }
    }

    private List<Wrong> wrongs(EndpointCoverage endpoint, Planted planted) {
        String unknown = SessionToken.draw(random).reveal();
        return switch (endpoint.authentication()) {
            case "session", "tenant_admin" ->
                    List.of(
                            new Wrong("no session", Map.of()),
                            session("a malformed session", "not a session at all"),
                            session("an unknown session", unknown),
                            session("an expired session", planted.expired().reveal()),
                            session("a session of another tenant", planted.foreign().reveal()),
                            new Wrong(
                                    "a bearer token",
                                    Map.of("Authorization", "Bearer " + unknown)));
            case "bridge" ->
                    List.of(
                            new Wrong("no secret", Map.of()),
                            secret("an overlong secret", "x".repeat(600)),
                            secret("an unknown secret", "brs_" + unknown),
                            secret("a session for a secret", planted.foreign().reveal()),
                            new Wrong(
                                    "the Origin of a page",
                                    Map.of("X-Bridge-Secret", unknown, "Origin", FOREIGN_PAGE)));
            case "operator" ->
                    List.of(
                            new Wrong("no token", Map.of()),
                            token("an empty token", "Bearer "),
                            token("an unknown token", "Bearer " + unknown),
                            token("another scheme", "Basic " + unknown),
                            new Wrong(
                                    "the Origin of a page",
                                    Map.of(
                                            "Authorization",
                                            "Bearer " + unknown,
                                            "Origin",
                                            FOREIGN_PAGE)));
            default -> List.of();
        };
    }

    private static Wrong session(String what, String id) {
        return new Wrong(what, Map.of("X-Session-ID", id));
    }

    private static Wrong secret(String what, String secret) {
        return new Wrong(what, Map.of("X-Bridge-Secret", secret));
    }

    private static Wrong token(String what, String header) {
        return new Wrong(what, Map.of("Authorization", header));
    }

    private Optional<Answer> call(
            TryHttp http, EndpointCoverage endpoint, Map<String, String> headers, Finds finds) {
        byte[] body =
                WITH_BODY.contains(endpoint.method())
                        ? endpoint.listener().equals("admin") ? NO_JSON : EMPTY
                        : NONE;
        return call(http, endpoint, headers, JSON, body, finds);
    }

    private Optional<Answer> call(
            TryHttp http,
            EndpointCoverage endpoint,
            Map<String, String> headers,
            String contentType,
            byte[] body,
            Finds finds) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        if (body.length > 0) {
            all.put("Content-Type", contentType);
        }
        try {
            return Optional.of(
                    http.send(endpoint.method(), url(endpoint), http.address(), all, body));
        } catch (IOException e) {
            LOG.warn(
                    "try {} {} was not answered: {}",
                    endpoint.method(),
                    endpoint.path(),
                    e.getMessage());
            finds.unanswered++;
            return Optional.empty();
        }
    }

    private URI url(EndpointCoverage endpoint) {
        String path = endpoint.path().replaceAll("[{<][^}>]*[}>]", "nobody-has-this-id-0");
        Place at = place.get();
        return endpoint.listener().equals("admin") ? at.admin().resolve(path) : open(path);
    }

    private URI open(String path) {
        String known = "/auth";
        String reached =
                path.startsWith(known + "/")
                        ? settings.base() + path.substring(known.length())
                        : path;
        return place.get().open().resolve(reached);
    }

    private record Malformed(String what, String contentType, String body, Set<Integer> expected) {}

    private List<Malformed> malformed() {
        List<Malformed> all = new ArrayList<>();
        all.add(new Malformed("text for JSON", "text/plain", "a=b", Set.of(415)));
        all.add(new Malformed("half an object", JSON, "{\"a\":", Set.of(400)));
        all.add(new Malformed("one field twice", JSON, "{\"a\":1,\"a\":2}", Set.of(400)));
        all.add(new Malformed("a list for an object", JSON, "[{}]", Set.of(400)));
        long most = settings.edge().mostBodyBytes();
        if (most <= OfInput.LARGE_BODY) {
            String large = " ".repeat((int) most + 1);
            all.add(new Malformed("a body that is too large", JSON, large, Set.of(413)));
        }
        return all;
    }

    /** What anybody may call is tried; the others refuse before they read. */
    private void input(TryHttp http, Finds finds) {
        int before = finds.unanswered;
        int tried = 0;
        int taken = 0;
        for (EndpointCoverage endpoint : endpoints.get()) {
            if (!endpoint.authentication().equals("anybody")
                    || !endpoint.schema().equals("fields")) {
                continue;
            }
            tried++;
            for (Malformed wrong : malformed()) {
                Optional<Answer> answer =
                        call(
                                http,
                                endpoint,
                                Map.of(),
                                wrong.contentType(),
                                bytes(wrong.body()),
                                finds);
                boolean isTaken =
                        answer.filter(a -> !a.isRefused() && !wrong.expected().contains(a.status()))
                                .isPresent();
                if (isTaken && taken++ < NAMED) {
                    finds.add(
                            Practice.INPUT,
                            Evidence.fail(
                                    "input_taken",
                                    "%s answered %d to %s"
                                            .formatted(
                                                    endpoint.route(),
                                                    answer.orElseThrow().status(),
                                                    wrong.what()),
                                    At.route("server", endpoint.route())));
                }
            }
        }
        if (taken == 0 && finds.unanswered == before) {
            finds.add(
                    Practice.INPUT,
                    Evidence.pass(
                            "input_refused",
                            "%d endpoints that anybody may call refused other types, half objects, doubled fields, lists and bodies that are too large"
                                    .formatted(tried)));
        }
    }

    private void limits(TryHttp http, Finds finds) {
        Optional<EndpointCoverage> guessable =
                endpoints.get().stream()
                        .filter(each -> each.authentication().equals("anybody"))
                        .filter(each -> each.limiter().equals("authentication"))
                        .filter(each -> each.schema().equals("fields"))
                        .findFirst();
        int most = settings.edge().perMinute();
        if (guessable.isEmpty() || most > MOST_TO_EXHAUST) {
            finds.add(
                    Practice.RATE_LIMITS,
                    Evidence.note(
                            "limit_not_tried",
                            "the limit of %,d a minute is too high to be tried".formatted(most),
                            At.NOWHERE));
            return;
        }
        String from = http.address();
        int status = 0;
        try {
            // What is counted is the call, before anything of it is read; an empty one hashes
            // nothing.
            for (int i = 0; i <= most && status != 429; i++) {
                status =
                        http.send(
                                        guessable.get().method(),
                                        url(guessable.get()),
                                        from,
                                        Map.of("Content-Type", "text/plain"),
                                        bytes("x"))
                                .status();
            }
        } catch (IOException e) {
            return; // what does not answer is told with the others
        }
        finds.add(
                Practice.RATE_LIMITS,
                status == 429
                        ? Evidence.pass(
                                "limit_holds",
                                "%d calls from one address to %s within a second ended with 429"
                                        .formatted(most + 1, guessable.get().route()))
                        : Evidence.fail(
                                "limit_open",
                                "%d calls from one address to %s were all taken"
                                        .formatted(most + 1, guessable.get().route()),
                                At.setting("limit.authentication")));
    }

    private void browsers(TryHttp http, Finds finds) {
        int before = finds.evidence.getOrDefault(Practice.BROWSERS, List.of()).size();
        for (String origin : List.of(FOREIGN_PAGE, "null")) {
            preflight(http, origin, finds);
        }
        Set<String> looked = Set.of("/health", "/auth/validation", "/auth/nothing-is-here");
        for (String path : looked) {
            headers(http, open(path), path, finds);
        }
        headers(http, place.get().admin().resolve("/v1/snapshot"), "the admin listener", finds);
        if (finds.evidence.getOrDefault(Practice.BROWSERS, List.of()).size() == before) {
            finds.add(
                    Practice.BROWSERS,
                    Evidence.pass(
                            "pages_refused",
                            "a page of another origin, and one of none, were not answered; every answer carried CSP, nosniff, frame and no-store%s"
                                    .formatted(settings.edge().hasTls() ? ", and HSTS" : "")));
        }
    }

    private void preflight(TryHttp http, String origin, Finds finds) {
        try {
            Answer answer =
                    http.send(
                            "OPTIONS",
                            open("/auth/login"),
                            http.address(),
                            Map.of("Origin", origin, "Access-Control-Request-Method", "POST"),
                            NONE);
            if (answer.header("access-control-allow-origin").isPresent()) {
                finds.add(
                        Practice.BROWSERS,
                        Evidence.fail(
                                "origin_answered",
                                "a page of the origin %s was told that it may call"
                                        .formatted(origin),
                                At.setting("cors.origins")));
            }
        } catch (IOException e) {
            finds.add(Practice.BROWSERS, unanswered("a page's question"));
        }
    }

    private void headers(TryHttp http, URI url, String where, Finds finds) {
        try {
            Answer answer =
                    http.send("GET", url, http.address(), Map.of("Origin", FOREIGN_PAGE), NONE);
            Map<String, String> expected = new LinkedHashMap<>(HEADERS);
            boolean isTls = "https".equals(url.getScheme());
            List<String> missing = new ArrayList<>();
            expected.forEach((name, value) -> {
                if (!answer.header(name).orElse("").equals(value)) {
                    missing.add(name);
                }
            });
            if (isTls && answer.header("strict-transport-security").isEmpty()) {
                missing.add("strict-transport-security");
            }
            if (!missing.isEmpty()) {
                finds.add(
                        Practice.BROWSERS,
                        Evidence.fail(
                                "header_missing",
                                "%s answers without %s"
                                        .formatted(where, String.join(", ", missing)),
                                At.screen("server")));
            }
            if (answer.header("access-control-allow-origin").isPresent()) {
                finds.add(
                        Practice.BROWSERS,
                        Evidence.fail(
                                "origin_answered",
                                "%s lets a page of any origin read its answer".formatted(where),
                                At.setting("cors.origins")));
            }
        } catch (IOException e) {
            finds.add(Practice.BROWSERS, unanswered(where));
        }
    }

    private static ChecklistEvidence unanswered(String what) {
        return Evidence.warn(
                "not_answered", what + " was not answered in time", At.screen("server"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
