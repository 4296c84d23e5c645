package drawbridge.server.checklist;

import drawbridge.model.SessionToken;

/**
 * Two sessions that lie in memory while the listeners are tried, and in no database: nobody's, and
 * good for nothing even where everything were open.
 *
 * @param expired of the tenant {@code default}, over since yesterday
 * @param foreign live, of a tenant that does not exist
 */
public record Planted(SessionToken expired, SessionToken foreign) {
    /** Where they are laid. */
    public interface Bed {
        /** Lays them. */
        Planted plant();

        /** Takes them away. */
        void clear(Planted planted);
    }
}
