package drawbridge.server.token;

import drawbridge.model.TenantId;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How long tokens live and where their links lead.
 *
 * @param lifetimes for every purpose
 * @param publicUrl what links begin with, asked for each; never taken from a request
 * @param linkPath our own page, behind that
 * @param origins where else links may lead, such as {@code https://app.example.com}
 * @param verification whether addresses must be proven before their accounts may be used
 */
public record TokenSettings(
        Map<Purpose, Duration> lifetimes,
        Supplier<String> publicUrl,
        String linkPath,
        List<String> origins,
        boolean verification) {
    public TokenSettings {
        lifetimes = Map.copyOf(lifetimes);
        origins = List.copyOf(origins);
    }

    /** How long tokens of that purpose live. */
    public Duration lifetime(Purpose purpose) {
        return java.util.Objects.requireNonNull(lifetimes.get(purpose));
    }

    /**
     * The page a client wants its link to lead to, where that is allowed; otherwise the link leads
     * to our own.
     */
    public Optional<String> landing(Optional<String> wanted) {
        return wanted.filter(url -> url.length() <= 500)
                .filter(url ->
                        url.indexOf('#') < 0 && url.chars().allMatch(c -> c > 0x20 && c < 0x7f))
                .filter(url ->
                        origins.stream()
                                .anyMatch(origin ->
                                        url.equals(origin)
                                                || url.startsWith(origin + "/")
                                                || url.startsWith(origin + "?")));
    }

    /** The link that a mail carries. */
    String link(TenantId tenant, TrustTokens.Minted minted) {
        String landing = minted.row().landing();
        if (landing != null) {
            return landing + (landing.indexOf('?') < 0 ? "?" : "&") + "token=" + minted.text();
        }
        return "%s?purpose=%s&token=%s"
                .formatted(
                        page(tenant, linkPath), minted.row().purpose().wireName(), minted.text());
    }

    /** A page of our own, for that tenant. */
    String page(TenantId tenant, String path) {
        String prefix = tenant.equals(TenantId.DEFAULT) ? "" : "/t/" + tenant.value();
        return publicUrl.get() + prefix + path;
    }
}
