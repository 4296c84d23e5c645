package drawbridge.server.http;

import drawbridge.model.TenantId;
import drawbridge.server.crypto.KeyedHash;
import drawbridge.server.crypto.Keys;
import drawbridge.server.session.DeviceHash;

import java.nio.charset.StandardCharsets;

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

    /** An agent as far as it is kept and compared; alike for the login and the call. */
    static String agent(String text) {
        return text.length() > RequestReader.MOST_AGENT
                ? text.substring(0, RequestReader.MOST_AGENT)
                : text;
    }
}
