package drawbridge.server.checklist;

import drawbridge.model.IpAddress;
import drawbridge.model.TenantId;
import drawbridge.model.view.ChecklistEvidence;
import drawbridge.server.checklist.Evidence.At;
import drawbridge.server.tenant.Tenants;

import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Pages of which origins may call, and how cookies are set. What is answered to others is tried.
 */
final class OfBrowsers implements Judge {
    private final Tenants tenants;
    private final ChecklistSettings settings;

    OfBrowsers(Tenants tenants, ChecklistSettings settings) {
        this.tenants = tenants;
        this.settings = settings;
    }

    @Override
    public List<ChecklistEvidence> judge(TenantId tenant, Instant now) {
        List<ChecklistEvidence> found = new ArrayList<>();
        Set<String> origins = origins(tenant);
        for (String origin : origins) {
            if (origin.startsWith("http:") && !isHere(URI.create(origin).getHost())) {
                found.add(
                        Evidence.warn(
                                "origin_without_tls",
                                "pages of %s may call, and whoever is on the way can put anything into them"
                                        .formatted(origin),
                                tenant.equals(TenantId.DEFAULT)
                                        ? At.setting("cors.origins")
                                        : At.screen("tenants")));
            }
        }
        for (String warning : settings.warnings()) {
            if (isOfTls(warning)) {
                found.add(
                        Evidence.warn(
                                "link_without_tls", warning, At.setting(warning.split(" ", 2)[0])));
            }
        }
        if (settings.edge().isCookieBare()) {
            found.add(
                    Evidence.warn(
                            "cookie_not_secure",
                            "cookies are never marked Secure, and browsers send them without TLS too",
                            At.setting("session.cookie.secure")));
        }
        found.add(
                Evidence.pass(
                        "exact_origins",
                        origins.isEmpty()
                                ? "no page of another origin may call"
                                : "pages of exactly these may call: "
                                        + String.join(", ", origins)));
        if (!settings.edge().hasTls()) {
            found.add(
                    Evidence.note(
                            "plain_http",
                            "the listener has no TLS of its own: HSTS is told where a trusted proxy brought the request by TLS",
                            At.setting("tls.cert")));
        }
        return found;
    }

    private Set<String> origins(TenantId tenant) {
        Set<String> origins = new TreeSet<>();
        tenants.find(tenant).ifPresent(known -> origins.addAll(known.reach().corsOrigins()));
        if (tenant.equals(TenantId.DEFAULT)) {
            origins.addAll(settings.edge().corsOrigins());
        }
        return origins;
    }

    private static boolean isHere(String host) {
        return host.equals("localhost")
                || IpAddress.parse(host.replaceAll("[\\[\\]]", ""))
                        .filter(IpAddress::isLoopback)
                        .isPresent();
    }

    /** Whether a warning of the settings is about what browsers are led to. */
    static boolean isOfTls(String warning) {
        return warning.contains(" without TLS");
    }
}
