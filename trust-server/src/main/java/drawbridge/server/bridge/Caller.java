package drawbridge.server.bridge;

import drawbridge.model.CallerKit;
import drawbridge.model.CallerSignals;
import drawbridge.model.IpAddress;
import drawbridge.model.IpNetwork;
import drawbridge.model.TenantId;
import drawbridge.model.ValidationMode;

import java.time.Duration;
import java.util.List;
import java.util.Set;

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
 * @param remember for kit {@code DRAWBRIDGE}: how long such a client may use an answer again while
 *     it follows ended sessions; zero for never
 * @param scopes what it may do
 * @param networks where it may call from; empty for anywhere
 * @param advancedMeans what ADVANCED compares besides the address
 */
public record Caller(
        String id,
        String name,
        TenantId tenant,
        CallerKit kit,
        CallerSignals signals,
        ValidationMode floor,
        Duration lease,
        Duration remember,
        Set<Scope> scopes,
        List<IpNetwork> networks,
        AdvancedMeans advancedMeans) {
    /** The id of the caller whose secret the environment gives. */
    public static final String ENVIRONMENT_ID = "clr_default";

    /** Its name, which no other caller of the tenant {@code default} may have. */
    public static final String ENVIRONMENT_NAME = "default";

    public Caller {
        scopes = Set.copyOf(scopes);
        networks = List.copyOf(networks);
    }

    /** Whether it may call from there. */
    public boolean mayCallFrom(IpAddress address) {
        return networks.isEmpty()
                || networks.stream().anyMatch(network -> network.contains(address));
    }
}
