package drawbridge.console.ui;

import java.nio.file.Path;
import java.util.Optional;

/** What is remembered from one start to the next, by key: window, theme, columns, choices. */
public interface Remembered {
    /** What was put last under that key. */
    Optional<String> find(String key);

    /** Remembers it, replacing what was there. Never fails: at worst it is forgotten. */
    void put(String key, String value);

    /** In which file. */
    Path file();

    /** Forgets it. */
    void forget(String key);
}
