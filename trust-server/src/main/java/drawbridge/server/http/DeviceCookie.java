package drawbridge.server.http;

import drawbridge.model.TenantId;
import drawbridge.server.session.DeviceHash;

import io.javalin.http.Context;

import java.time.Duration;
import java.util.Optional;

/**
 * Lets a browser be known again by a cookie of its own, set at login and kept over many logins. A
 * back end forwards it as {@code device_cookie}. Only values that this server drew count.
 */
final class DeviceCookie {
    /** Browsers keep no cookie longer. */
    private static final Duration KEPT = Duration.ofDays(400);

    private static final String DRAWN_KEY = "drawbridge.deviceCookie";

    private final BrowserCookie cookie;
    private final Devices devices;

    DeviceCookie(BrowserCookie cookie, Devices devices) {
        this.cookie = cookie;
        this.devices = devices;
    }

    /** What a login records of the browser, known or new; empty when there are no cookies. */
    Optional<DeviceHash> atLogin(Context ctx, TenantId tenant) {
        if (!cookie.isOn()) {
            return Optional.empty();
        }
        String value = cookie.of(ctx).filter(devices::isDrawnHere).orElseGet(devices::drawCookie);
        ctx.attribute(DRAWN_KEY, value);
        return Optional.of(devices.hashCookie(tenant, value));
    }

    /** The browser that is known by a cookie from here; empty when it sent none. */
    Optional<DeviceHash> presented(Context ctx, TenantId tenant) {
        return cookie.of(ctx)
                .filter(devices::isDrawnHere)
                .map(value -> devices.hashCookie(tenant, value));
    }

    /** Gives the browser what was recorded, once its login is done. */
    void set(Context ctx) {
        String value = ctx.attribute(DRAWN_KEY);
        if (value != null) {
            cookie.set(ctx, value, KEPT);
        }
    }
}
