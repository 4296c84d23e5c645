package drawbridge.server.http;

import drawbridge.model.IpAddress;
import drawbridge.model.TenantId;
import drawbridge.server.session.Signals;

import org.jspecify.annotations.Nullable;

/** What a back end reports of its client in the body of a bridge call. */
final class ReportedSignals {
    private ReportedSignals() {}

    /**
     * Address, told device and agent; what is not reported is null. Without the device cookie: only
     * who compares it with a recorded one may read that, and who records one must have drawn it.
     *
     * @param tenant the caller's
     */
    static Signals of(Texts body, TenantId tenant, Devices devices) {
        return new Signals(
                ip(body),
                body.only(
                                RequestReader.MOST_DEVICE,
                                "device_id",
                                "deviceId",
                                "device_fingerprint",
                                "deviceFingerprint")
                        .filter(text -> !text.isBlank())
                        .map(text -> devices.hash(tenant, text))
                        .orElse(null),
                body.only(8 * RequestReader.MOST_AGENT, "user_agent", "userAgent")
                        .filter(text -> !text.isBlank())
                        .map(Devices::agent)
                        .orElse(null));
    }

    /** The address a back end reports; null when it reports none. */
    private static @Nullable IpAddress ip(Texts body) {
        return body.only(512, "ip", "ip_address", "ipAddress")
                .filter(text -> !text.isBlank())
                .map(text ->
                        ReportedAddress.first(text)
                                .orElseThrow(() ->
                                        ProblemException.inField(
                                                "ip",
                                                "is no IP address; write it like 198.51.100.4 or 2001:db8::1")))
                .orElse(null);
    }
}
