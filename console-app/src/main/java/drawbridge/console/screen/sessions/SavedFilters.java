package drawbridge.console.screen.sessions;

import drawbridge.console.ui.Remembered;

import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

import java.util.LinkedHashMap;
import java.util.Map;

/** Filters that somebody gave names, in the order they were saved. Used on the FX thread. */
final class SavedFilters {
    private static final String KEY = "sessions.savedFilters";

    private final Remembered remembered;
    private final JsonMapper json = JsonMapper.builder().build();

    SavedFilters(Remembered remembered) {
        this.remembered = remembered;
    }

    /** Name to line; a copy. */
    Map<String, String> all() {
        return remembered.find(KEY).map(this::read).orElseGet(LinkedHashMap::new);
    }

    private Map<String, String> read(String text) {
        try {
            return json.readValue(text, new TypeReference<LinkedHashMap<String, String>>() {});
        } catch (JacksonException e) {
            return new LinkedHashMap<>(); // written by hand, or by a later console
        }
    }

    /** Saves it under that name, replacing what was there. */
    void save(String name, String line) {
        Map<String, String> all = all();
        all.put(name, line);
        remembered.put(KEY, json.writeValueAsString(all));
    }

    /** Forgets the one of that name. */
    void forget(String name) {
        Map<String, String> all = all();
        all.remove(name);
        remembered.put(KEY, json.writeValueAsString(all));
    }
}
