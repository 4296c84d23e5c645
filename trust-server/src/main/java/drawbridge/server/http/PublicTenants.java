package drawbridge.server.http;

import drawbridge.model.ProblemCode;
import drawbridge.model.TenantId;
import drawbridge.server.tenant.Tenant;
import drawbridge.server.tenant.TenantDirectory;

import io.javalin.http.Context;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Says which tenant a request of a browser or app is about: the one in {@code /t/{tenant}/…}, else
 * the one of the host name, else {@code default}. Bridge calls never ask: their secret says it.
 */
final class PublicTenants {
    private final TenantDirectory directory;
    private final Set<String> defaultOrigins;

    /**
     * @param defaultOrigins whose pages may call for the tenant {@code default}, besides those it
     *     has itself
     */
    PublicTenants(TenantDirectory directory, List<String> defaultOrigins) {
        this.directory = directory;
        this.defaultOrigins = Set.copyOf(defaultOrigins);
    }

    private TenantId named(Context ctx) {
        return TenantPaths.tenant(ctx.req())
                .or(() -> host(ctx).flatMap(directory::ofHost))
                .orElse(TenantId.DEFAULT);
    }

    private static Optional<String> host(Context ctx) {
        return Optional.ofNullable(ctx.header("Host"))
                .map(host -> host.replaceFirst(":[0-9]{1,5}$", "").toLowerCase(Locale.ROOT));
    }

    /**
     * The tenant of the request.
     *
     * @throws ProblemException when there is no such tenant, or it is suspended
     */
    TenantId of(Context ctx) {
        Tenant tenant =
                directory
                        .find(named(ctx))
                        .orElseThrow(() ->
                                ProblemException.of(
                                        ProblemCode.NOT_FOUND,
                                        JettyErrors.text(ProblemCode.NOT_FOUND)));
        if (tenant.isSuspended()) {
            throw suspended();
        }
        return tenant.id();
    }

    /** Refuses a caller whose tenant is suspended, or gone. */
    void requireActive(TenantId tenant) {
        if (!isActive(tenant)) {
            throw suspended();
        }
    }

    /** Whether there is such a tenant, and it is not suspended. */
    boolean isActive(TenantId tenant) {
        return directory.find(tenant).filter(known -> !known.isSuspended()).isPresent();
    }

    private static ProblemException suspended() {
        return ProblemException.of(ProblemCode.TENANT_SUSPENDED, "this tenant is suspended");
    }

    /**
     * Whose pages may call for the tenant of the request; nobody's when there is no such tenant.
     */
    Set<String> origins(Context ctx) {
        TenantId id = named(ctx);
        Stream<String> ofSetting =
                id.equals(TenantId.DEFAULT) ? defaultOrigins.stream() : Stream.empty();
        Stream<String> own =
                directory.find(id).stream().flatMap(t -> t.reach().corsOrigins().stream());
        return Stream.concat(ofSetting, own).collect(Collectors.toUnmodifiableSet());
    }
}
