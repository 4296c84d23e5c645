package drawbridge.server.http;

import drawbridge.model.TenantId;
import drawbridge.server.crypto.KeyedHash;
import drawbridge.server.crypto.Keys;
import drawbridge.server.session.DeviceHash;

import io.javalin.http.Context;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Turns what was told of a device into what is kept of it. Safe for many threads. */
final class Devices {
    private final KeyedHash keyed;

    Devices(Keys keys) {
        this.keyed = keys.hashFor("device/v1");
    }

    /** The keyed hash of a device's id or fingerprint, different in every tenant. */
    DeviceHash hash(TenantId tenant, String device) {
        // A tenant id holds no zero byte, so no two pairs run together.
        return new DeviceHash(
                keyed.of((tenant.value() + "\0" + device).getBytes(StandardCharsets.UTF_8)));
    }

    /** The device that a client tells of in a header or in its body. */
    Optional<DeviceHash> told(RequestReader reader, Context ctx, Body body, TenantId tenant) {
        return reader.header(ctx, "X-Device-ID", RequestReader.MOST_DEVICE)
                .or(() -> body.text(RequestReader.MOST_DEVICE, "device_id", "deviceId"))
                .filter(text -> !text.isBlank())
                .map(text -> hash(tenant, text));
    }

    /** An agent as far as it is kept and compared; alike for the login and the call. */
    static String agent(String text) {
        return text.length() > RequestReader.MOST_AGENT
                ? text.substring(0, RequestReader.MOST_AGENT)
                : text;
    }
}
