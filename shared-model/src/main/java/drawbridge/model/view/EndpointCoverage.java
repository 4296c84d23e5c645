package drawbridge.model.view;

import org.jspecify.annotations.Nullable;

/**
 * What stands before an endpoint, as the route table says it.
 *
 * @param listener {@code public} or {@code admin}
 * @param method such as {@code POST}
 * @param path as the route table spells it
 * @param authentication {@code anybody}, {@code session}, {@code tenant_admin}, {@code bridge} or
 *     {@code operator}
 * @param limiter what its calls are counted as: {@code requests}, {@code authentication}, {@code
 *     hashing}, {@code export}, {@code wrong_secrets}; or {@code operator_key}, for whom only one
 *     key exists
 * @param perMinute how many of these one source may send; null for {@code operator_key}
 * @param schema what is read of a body: {@code fields}, {@code form} or {@code nothing}
 * @param mostBytes of a body; 0 where none is read
 * @param cors which pages may call: {@code exact_origins} or {@code none}
 * @param proof how it stood when it was attacked: {@code refused}, {@code answered}, {@code open}
 *     for what anybody may call, or {@code not_tried}
 * @param attempts with how many kinds of wrong credentials
 */
public record EndpointCoverage(
        String listener,
        String method,
        String path,
        String authentication,
        String limiter,
        @Nullable Integer perMinute,
        String schema,
        long mostBytes,
        String cors,
        String proof,
        int attempts) {
    /** Method and path. */
    public String route() {
        return method + " " + path;
    }

    /** The same, tried so often, and how that went. */
    public EndpointCoverage proven(String how, int tried) {
        return new EndpointCoverage(
                listener,
                method,
                path,
                authentication,
                limiter,
                perMinute,
                schema,
                mostBytes,
                cors,
                how,
                tried);
    }
}
