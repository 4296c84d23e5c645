package drawbridge.server.config;

import java.util.List;

/** What came of reading the settings. */
public sealed interface Loaded {
    /** Everything is in order; warnings may stand in the configuration. */
    record Good(ServerConfig config) implements Loaded {}

    /**
     * The server must not start.
     *
     * @param problems every one there is, each a line such as {@code session.idle: 0s is too short;
     *     give 1m or more}; never empty, never with a secret
     */
    record Wrong(List<String> problems) implements Loaded {
        public Wrong {
            problems = List.copyOf(problems);
        }
    }
}
