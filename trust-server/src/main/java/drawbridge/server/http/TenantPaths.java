package drawbridge.server.http;

import drawbridge.model.TenantId;

import jakarta.servlet.http.HttpServletRequest;

import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lets the route table be written for {@code /auth}, whatever base path is configured and whether
 * or not {@code /t/{tenant}} stands before it. Works on the path as it was sent: one with dots or
 * escapes in these parts is not recognised, and so is not found.
 */
final class TenantPaths extends Handler.Wrapper {
    /** Where the routes are, as the route table spells it. */
    static final String ROUTES = "/auth";

    private static final String TENANT_KEY = "drawbridge.tenant";
    private static final Pattern TENANT =
            Pattern.compile("/t/([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)(/.*)");
    private static final String NOWHERE = "/";

    private final String base;

    /**
     * @param base such as {@code /auth}
     */
    TenantPaths(String base) {
        this.base = base;
    }

    /** The tenant that the path names. */
    static Optional<TenantId> tenant(HttpServletRequest request) {
        return Optional.ofNullable((String) request.getAttribute(TENANT_KEY)).map(TenantId::new);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        String path = request.getHttpURI().getPath();
        boolean staysThere = base.equals(ROUTES) && path != null && !path.startsWith("/t/");
        if (path == null || staysThere || isTricky(path)) {
            return super.handle(request, response, callback);
        }
        Matcher named = TENANT.matcher(path);
        boolean namesTenant = named.matches();
        String rest = namesTenant ? named.group(2) : path;
        boolean isOurs = rest.startsWith(base + "/");
        String target = target(path, rest, namesTenant, isOurs);
        if (target == null) {
            return super.handle(request, response, callback);
        }
        if (namesTenant && isOurs) {
            request.setAttribute(TENANT_KEY, named.group(1));
        }
        String query = request.getHttpURI().getQuery();
        HttpURI uri =
                HttpURI.build(request.getHttpURI(), query == null ? target : target + "?" + query)
                        .asImmutable();
        return super.handle(Request.serveAs(request, uri), response, callback);
    }

    /** Where the request goes; null when it stays where it is. */
    private @Nullable String target(String path, String rest, boolean namesTenant, boolean isOurs) {
        if (isOurs) {
            String target = ROUTES + rest.substring(base.length());
            return target.equals(path) ? null : target;
        }
        // Under another base, the routes are not at /auth besides; and /t/… is for the base alone.
        boolean hidden = !base.equals(ROUTES) && path.startsWith(ROUTES + "/");
        return hidden || namesTenant ? NOWHERE : null;
    }

    private static boolean isTricky(String path) {
        return path.contains("/.")
                || path.contains("//")
                || path.toLowerCase(Locale.ROOT).contains("%2e");
    }
}
