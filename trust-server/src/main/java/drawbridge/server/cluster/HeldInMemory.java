package drawbridge.server.cluster;

import drawbridge.server.session.SharedSettings;

/**
 * What a node holds in memory besides sessions, and any node may change. For the keeper's thread.
 */
public interface HeldInMemory {
    /**
     * Reads it afresh; from then on it is at least as new as at the call.
     *
     * @throws drawbridge.server.storage.StoreUnavailableException when it cannot be read
     */
    void reload(SharedSettings settings);
}
