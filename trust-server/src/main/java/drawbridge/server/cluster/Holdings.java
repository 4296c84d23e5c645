package drawbridge.server.cluster;

import drawbridge.server.session.SharedSettings;

import java.util.EnumMap;
import java.util.Map;

/** Who reads which settings afresh. Told by one thread, before the node starts. */
public final class Holdings {
    private final Map<SharedSettings, Runnable> reloads = new EnumMap<>(SharedSettings.class);

    /**
     * Says who holds some settings.
     *
     * @param reload reads them from the database
     */
    public Holdings holds(SharedSettings settings, Runnable reload) {
        reloads.put(settings, reload);
        return this;
    }

    /**
     * Reads them afresh; from then on they are at least as new as at the call. For the keeper's
     * thread.
     *
     * @throws drawbridge.server.storage.StoreUnavailableException when they cannot be read
     */
    void reload(SharedSettings settings) {
        Runnable reload = reloads.get(settings);
        if (reload == null) {
            throw new IllegalStateException("nobody holds " + settings.wireName());
        }
        reload.run();
    }
}
