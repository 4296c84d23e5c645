package drawbridge.server.session;

import drawbridge.model.SessionSource;

import java.time.Instant;

/**
 * A session that was found.
 *
 * @param session its facts
 * @param source the tier that served it
 * @param lastSeenAt when it was last trusted, as far as this node knows
 */
public record Found(Session session, SessionSource source, Instant lastSeenAt) {}
