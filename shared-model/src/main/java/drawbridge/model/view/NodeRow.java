package drawbridge.model.view;

import org.jspecify.annotations.Nullable;

/**
 * A server of those that share a database.
 *
 * @param node its name
 * @param incarnation which of its lives: a server that starts again, or was struck out, has a new
 *     one
 * @param applied the last row of the revocation log that it is known to have applied
 * @param lease {@code held} while it may answer from its memory, {@code lapsed} when it must ask
 *     the database for each request
 * @param silentMillis for how long it has not been seen to renew its lease
 * @param version of its program
 * @param url where clients reach it; null while they do not
 * @param self whether it is the one that answers
 */
public record NodeRow(
        String node,
        long incarnation,
        long applied,
        String lease,
        long silentMillis,
        String version,
        @Nullable String url,
        boolean self) {}
