package drawbridge.model.view;

import java.time.Instant;

/**
 * A version of route policies, as the list of versions shows it.
 *
 * @param version its number
 * @param at when it was made
 * @param by who made it
 * @param note what was said about it; may be empty
 * @param rules how many rules it has
 * @param inForce whether validations are judged by it now
 */
public record PolicyVersionRow(
        int version, Instant at, String by, String note, int rules, boolean inForce) {}
