package drawbridge.server.session;

import drawbridge.model.TenantId;
import drawbridge.model.UserId;

/** One committed row of the revocation log, as the tiers need to know it. */
public sealed interface Revocation {
    /** Its number; later rows have greater ones. */
    long number();

    /** One session was ended, restored or given a new id: what was read of it before is void. */
    record OfSession(long number, SessionKey key) implements Revocation {}

    /** Every session the user had. */
    record OfUser(long number, TenantId tenant, UserId user) implements Revocation {}

    /** Every session of the tenant. */
    record OfTenant(long number, TenantId tenant) implements Revocation {}

    /** Every session there was. */
    record OfEverything(long number) implements Revocation {}

    /** A caller's secrets; no session is meant. */
    record OfSecret(long number) implements Revocation {}

    /** What is remembered of the user is void; no session ends by it. */
    record OfUserFacts(long number, TenantId tenant, UserId user) implements Revocation {}

    /** What every node holds in memory of settings is void; no session ends by it. */
    record OfSettings(long number, SharedSettings settings) implements Revocation {}
}
