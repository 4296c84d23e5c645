package drawbridge.server.bridge;

import drawbridge.model.CallerKit;
import drawbridge.model.CallerSignals;
import drawbridge.model.TenantId;
import drawbridge.model.ValidationMode;

import java.time.Duration;

/**
 * A back end that may ask about the sessions of one tenant.
 *
 * @param id its id
 * @param name its name, unique in the tenant
 * @param tenant whose sessions it may ask about
 * @param kit which client it runs
 * @param signals what becomes of a missing signal
 * @param floor the mode every call is judged by at least
 * @param lease for kit {@code FLOWFULL}: how long such a client may believe an answer; zero reports
 *     the real end
 */
public record Caller(
        String id,
        String name,
        TenantId tenant,
        CallerKit kit,
        CallerSignals signals,
        ValidationMode floor,
        Duration lease) {}
