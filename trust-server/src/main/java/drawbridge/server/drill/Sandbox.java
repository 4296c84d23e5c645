package drawbridge.server.drill;

import drawbridge.model.TenantId;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * A tenant that has the policies, callers and settings of another one and only users of the drill's
 * own; what is done in it over HTTP. Safe for many threads.
 */
public final class Sandbox {
    /** Routes of the sandbox that the drill's own rules decide, whatever the tenant's say. */
    enum Reference {
        /** STANDARD. */
        STANDARD,
        /** ADVANCED, with any evidence of the device. */
        ADVANCED,
        /** STRICT, with any evidence of the device. */
        STRICT,
        /** ADVANCED, and the device must be known by its cookie. */
        COOKIE;

        /** Its path. */
        String path() {
            return "/drawbridge-drill/" + name().toLowerCase(Locale.ROOT);
        }
    }

    /** Who plays in it and with what. */
    record Cast(
            CopiedCaller own,
            List<CopiedCaller> callers,
            List<CopiedRule> rules,
            Map<String, String> users) {
        Cast {
            callers = List.copyOf(callers);
            rules = List.copyOf(rules);
            users = Map.copyOf(users);
        }
    }

    private final TenantId tenant;
    private final String base;
    private final Cast cast;
    private final DrillHttp http;
    private final Masks masks;
    private final Addresses addresses;
    private final DrillSettings settings;
    private final Inside inside;

    /** What a drill does to the tiers of the sandbox. */
    public interface Tiers {
        /** Forgets the copies of that session in memory and in Redis. */
        void drop(TenantId tenant, String session);
    }

    /** What the database holds of a sandbox. */
    interface Stored {
        /** The password hashes of its users. */
        List<String> passwordHashes(TenantId sandbox);
    }

    /** What of the server a sandbox reaches besides its listener. */
    record Inside(Tiers tiers, Stored stored, DrillSettings settings, LongSupplier nanos) {}

    Sandbox(
            TenantId tenant,
            Cast cast,
            DrillHttp http,
            Masks masks,
            Addresses addresses,
            Inside inside) {
        this.tenant = tenant;
        this.base = "/t/" + tenant + inside.settings().base();
        this.cast = cast;
        this.http = http;
        this.masks = masks;
        this.addresses = addresses;
        this.inside = inside;
        this.settings = inside.settings();
    }

    TenantId tenant() {
        return tenant;
    }

    DrillSettings settings() {
        return settings;
    }

    /** A caller as a new one is made, with every right. */
    CopiedCaller own() {
        return cast.own();
    }

    /** One for each kind of settings that the tenant's callers have. */
    List<CopiedCaller> callers() {
        return cast.callers();
    }

    /** One for each kind of demand that the tenant's rules make. */
    List<CopiedRule> rules() {
        return cast.rules();
    }

    /** How the passwords of its users are stored. */
    List<String> passwordHashes() {
        return inside.stored().passwordHashes(tenant);
    }

    /** An address nobody else of this run comes from. */
    String newAddress() {
        return addresses.next();
    }

    long nanos() {
        return inside.nanos().getAsLong();
    }

    /** A secret is not to be shown. */
    String hide(String secret, String name) {
        return masks.hide(secret, name);
    }

    /** A user of the sandbox, at a device of its own, not logged in yet. */
    Person person(String name) {
        String email = name + "@drill.invalid";
        String password = cast.users().get(email);
        if (password == null) {
            throw new IllegalArgumentException("the sandbox has no user " + name);
        }
        return new Person(
                email,
                password,
                newAddress(),
                hide("device-" + name + "-" + tenant, "device id of " + name),
                "Mozilla/5.0 (drill; " + name + ")",
                "",
                null);
    }

    /** A request of a browser or app to the sandbox. */
    DrillHttp.Request client(String method, String path, String from) {
        return http.request(method, base + path, from);
    }

    /** A request of a back end. */
    DrillHttp.Request bridge(String path, CopiedCaller caller) {
        return http.request("POST", settings.base() + path, caller.ip(newAddressOfCallers()))
                .header("X-Bridge-Secret", caller.secret());
    }

    /** Any request. */
    DrillHttp.Request any(String method, String path, String from) {
        return http.request(method, settings.base() + path, from);
    }

    private static String newAddressOfCallers() {
        return "198.18.0.1";
    }

    /** Tries to log somebody in. */
    Exchange logIn(Person person, String password) {
        DrillHttp.Request request =
                client("POST", "/login", person.ip())
                        .header("X-Device-ID", person.device())
                        .header("User-Agent", person.agent())
                        .json(Map.of("email", person.email(), "password", password));
        String cookie = person.cookie();
        if (cookie != null) {
            request.header("Cookie", deviceCookieName() + "=" + cookie);
        }
        return request.send();
    }

    private String deviceCookieName() {
        return settings.cookieNames().getFirst();
    }

    /** The same person with the session that was answered. */
    Person withSession(Person person, Exchange login) {
        String id = login.text("session_id");
        if (id.isEmpty()) {
            id = login.text("sessionId");
        }
        hide(id, "session id of " + person.agent());
        Optional<String> drawn = deviceCookie(login);
        drawn.ifPresent(value -> hide(value, "device cookie"));
        return person.loggedIn(id, drawn.orElse(person.cookie()));
    }

    private Optional<String> deviceCookie(Exchange login) {
        for (String cookie : login.cookies()) {
            for (String name : settings.cookieNames()) {
                if (cookie.startsWith(name + "=")) {
                    int end = cookie.indexOf(';');
                    return Optional.of(
                            cookie.substring(name.length() + 1, end < 0 ? cookie.length() : end));
                }
            }
        }
        return Optional.empty();
    }

    /** What a back end reports of the client that presents a session; null for nothing. */
    record Seen(
            @Nullable String ip,
            @Nullable String device,
            @Nullable String cookie,
            @Nullable String agent) {
        /** All that the owner's own device shows. */
        static Seen of(Person person) {
            return new Seen(person.ip(), person.device(), person.cookie(), person.agent());
        }

        /** Nothing at all. */
        static Seen nothing() {
            return new Seen(null, null, null, null);
        }

        Seen withIp(@Nullable String other) {
            return new Seen(other, device, cookie, agent);
        }

        /** Another device, or none: its cookie is gone too. */
        Seen withDevice(@Nullable String other) {
            return new Seen(ip, other, null, agent);
        }

        Seen withoutCookie() {
            return new Seen(ip, device, null, agent);
        }

        Seen withAgent(@Nullable String other) {
            return new Seen(ip, device, cookie, other);
        }
    }

    /**
     * Asks whether a session may be trusted.
     *
     * @param mode what is asked for; null for nothing
     */
    Exchange validate(
            CopiedCaller caller,
            String session,
            Seen seen,
            String method,
            String path,
            @Nullable String mode) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("session_id", session);
        put(fields, "ip", seen.ip());
        put(fields, "device_id", seen.device());
        put(fields, "device_cookie", seen.cookie());
        put(fields, "user_agent", seen.agent());
        fields.put("method", method);
        fields.put("path", path);
        put(fields, "validation_mode", mode);
        return bridge("/bridge/validate", caller).json(fields).send();
    }

    private static void put(Map<String, Object> fields, String name, @Nullable String value) {
        if (value != null) {
            fields.put(name, value);
        }
    }

    /** The next validation of that session finds no copy. */
    void drop(String session) {
        inside.tiers().drop(tenant, session);
    }
}
