package drawbridge.server.session;

import drawbridge.model.SessionId;
import drawbridge.model.TenantId;

/** What a session is found by, in every tier: never without its tenant. */
public record SessionKey(TenantId tenant, SessionId id) {}
