package drawbridge.server.http;

import drawbridge.model.TenantId;
import drawbridge.server.crypto.KeyedHash;
import drawbridge.server.crypto.Keys;
import drawbridge.server.session.DeviceHash;

import io.javalin.http.Context;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/** Turns what was told of a device into what is kept of it. Safe for many threads. */
final class Devices {
    private static final int COOKIE_BYTES = 32;

    private final KeyedHash keyed;
    private final KeyedHash drawn;
    private final SecureRandom random = new SecureRandom();

    Devices(Keys keys) {
        this.keyed = keys.hashFor("device/v1");
        this.drawn = keys.hashFor("device-cookie/v1");
    }

    /** The keyed hash of a device's id or fingerprint, different in every tenant. */
    DeviceHash hash(TenantId tenant, String device) {
        // A tenant id holds no zero byte, so no two pairs run together.
        return new DeviceHash(
                keyed.of((tenant.value() + "\0" + device).getBytes(StandardCharsets.UTF_8)));
    }

    /** A value for a device cookie: random, and recognisable as drawn here. */
    String drawCookie() {
        byte[] bits = new byte[COOKIE_BYTES];
        random.nextBytes(bits);
        return "dev_" + text(bits) + "." + text(drawn.of(bits));
    }

    /** Whether a device cookie's value was drawn here: nobody chooses his own. */
    boolean isDrawnHere(String value) {
        int dot = value.indexOf('.');
        if (!value.startsWith("dev_") || dot < 0 || value.length() > RequestReader.MOST_TOKEN) {
            return false;
        }
        try {
            Base64.Decoder decoder = Base64.getUrlDecoder();
            byte[] bits = decoder.decode(value.substring(4, dot));
            byte[] tag = decoder.decode(value.substring(dot + 1));
            return bits.length == COOKIE_BYTES && MessageDigest.isEqual(tag, drawn.of(bits));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** The keyed hash of a device cookie; never equal to that of anything told. */
    DeviceHash hashCookie(TenantId tenant, String value) {
        return new DeviceHash(
                keyed.of((tenant.value() + "\0\0" + value).getBytes(StandardCharsets.UTF_8)));
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
