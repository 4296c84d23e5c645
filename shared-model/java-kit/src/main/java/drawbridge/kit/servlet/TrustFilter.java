package drawbridge.kit.servlet;

import drawbridge.kit.Answer;
import drawbridge.kit.Bridge;
import drawbridge.kit.Guard;
import drawbridge.kit.Refusals;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.function.Function;

/**
 * Lets only requests through whose session the trust server calls good. What comes behind finds the
 * answer by {@link #trusted}.
 *
 * <p>The guard's prefixes are paths inside the application, as its servlets are mapped; the trust
 * server is told the request's whole path, so its route policies are written with the context path:
 * {@code /payments} of an application that runs at {@code /shop} is {@code /shop/payments} there.
 */
public final class TrustFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;
    private static final String TRUSTED = "drawbridge.trusted";

    private final transient Bridge bridge;
    private final transient Guard guard;
    private final transient Function<HttpServletRequest, String> clientAddress;

    /**
     * @param clientAddress the client's address; {@code HttpServletRequest::getRemoteAddr} when no
     *     proxy stands in front
     */
    public TrustFilter(
            Bridge bridge, Guard guard, Function<HttpServletRequest, String> clientAddress) {
        this.bridge = bridge;
        this.guard = guard;
        this.clientAddress = clientAddress;
    }

    /** What the server said of this request's session; null where no filter stood before. */
    public static Answer.@Nullable Trusted trusted(HttpServletRequest request) {
        return request.getAttribute(TRUSTED) instanceof Answer.Trusted trusted ? trusted : null;
    }

    @Override
    protected void doFilter(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Answer answer =
                guard.question(
                                request.getMethod(),
                                request.getRequestURI(),
                                request.getContextPath(),
                                clientAddress.apply(request),
                                request::getHeader,
                                name -> cookie(request, name))
                        .map(bridge::ask)
                        .orElseGet(Refusals::noSession);
        if (answer instanceof Answer.Trusted) {
            request.setAttribute(TRUSTED, answer);
            chain.doFilter(request, response);
            return;
        }
        Refusals.Told told = Refusals.told(answer);
        response.setStatus(told.status());
        response.setContentType("application/json");
        response.setHeader("Cache-Control", "no-store");
        if (told.retryAfterSeconds() > 0) {
            response.setIntHeader("Retry-After", told.retryAfterSeconds());
        }
        response.getOutputStream().write(told.body());
    }

    private static @Nullable String cookie(HttpServletRequest request, String name) {
        Cookie[] cookies = request.getCookies();
        if (cookies != null) {
            for (Cookie cookie : cookies) {
                if (cookie.getName().equals(name)) {
                    return cookie.getValue();
                }
            }
        }
        return null;
    }
}
