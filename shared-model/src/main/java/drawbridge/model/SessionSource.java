package drawbridge.model;

import java.util.Locale;

/** The tier that served a session. */
public enum SessionSource {
    /** The server's own memory. */
    MEMORY("ultra"),
    /** Redis, shared by the nodes. */
    REDIS("unified"),
    /** The database, which is the authority. */
    DATABASE("db");

    private final String cacheSource;

    SessionSource(String cacheSource) {
        this.cacheSource = cacheSource;
    }

    /** The name used in our own JSON: {@code memory}, {@code redis}, {@code database}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The name Flowfull clients know, sent as {@code cacheSource} in bridge answers. */
    public String cacheSource() {
        return cacheSource;
    }
}
