package drawbridge.console.fake;

import drawbridge.console.ui.Remembered;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Remembers until it is thrown away. */
public final class RememberedInMemory implements Remembered {
    private final Map<String, String> values = new ConcurrentHashMap<>();

    @Override
    public Optional<String> find(String key) {
        return Optional.ofNullable(values.get(key));
    }

    @Override
    public void put(String key, String value) {
        values.put(key, value);
    }

    @Override
    public void forget(String key) {
        values.remove(key);
    }

    @Override
    public Path file() {
        return Path.of("/home/ana/.local/share/drawbridge", "console.json");
    }
}
