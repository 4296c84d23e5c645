package drawbridge.server.http;

import drawbridge.model.IpAddress;

import org.jspecify.annotations.Nullable;

/** A back end's request as the bridge reads it, whatever brought it here. For one thread. */
interface BridgeRequest {
    /** A header's value; null when it is absent. */
    @Nullable String header(String name);

    /**
     * The value of a header that must not say two things; null when it is absent.
     *
     * @throws ProblemException when it stands there more than once with different values
     */
    @Nullable String only(String name);

    /** A parameter of the query string, decoded; null when it is absent. */
    @Nullable String query(String name);

    /** Where it came from, as far as that can be known. */
    IpAddress from();

    /** The request's id. */
    String id();

    /**
     * The body, read once.
     *
     * @throws ProblemException when it is too large, of another type, or not a JSON object
     */
    Texts body();
}
