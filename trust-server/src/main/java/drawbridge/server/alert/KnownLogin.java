package drawbridge.server.alert;

import drawbridge.model.IpAddress;

import java.time.Instant;

/** A login from before the start. */
public record KnownLogin(String tenant, String user, IpAddress ip, Instant at) {}
