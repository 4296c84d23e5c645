package drawbridge.server.session;

import java.time.Duration;

/**
 * How long sessions last.
 *
 * @param idle how long one lasts unused
 * @param absolute how long one lasts at most
 * @param hold how long an administrator's revocation can be undone
 */
public record SessionSettings(Duration idle, Duration absolute, Duration hold) {}
