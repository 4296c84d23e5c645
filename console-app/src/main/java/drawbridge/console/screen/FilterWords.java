package drawbridge.console.screen;

import drawbridge.console.ui.Words;
import drawbridge.model.filter.FilterProblem;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A filter line that the server answers: {@code key:value} for each key it knows, and other words.
 *
 * @param values what stands behind each key
 * @param text the other words, with one space between them
 * @param problem the first word that cannot be read
 */
public record FilterWords(
        Map<String, String> values, String text, Optional<FilterProblem> problem) {
    /** Reads a line, in which those keys are known. */
    public static FilterWords of(String line, List<String> keys, Words words) {
        Map<String, String> values = new LinkedHashMap<>();
        List<String> others = new ArrayList<>();
        int at = 0;
        for (String word : line.split("\\s", -1)) {
            int colon = word.indexOf(':');
            String key = colon < 0 ? "" : word.substring(0, colon);
            if (colon < 0) {
                others.add(word);
            } else if (!keys.contains(key)) {
                return bad(at, word, words.get("filter.key", key, String.join(", ", keys)), false);
            } else if (colon + 1 == word.length()) {
                boolean isLast = at + word.length() == line.length();
                return bad(at, word, words.get("filter.empty", key), isLast);
            } else {
                values.put(key, word.substring(colon + 1));
            }
            at += word.length() + 1;
        }
        String text = String.join(" ", others.stream().filter(word -> !word.isEmpty()).toList());
        return new FilterWords(values, text, Optional.empty());
    }

    private static FilterWords bad(int at, String word, String why, boolean isBegun) {
        return new FilterWords(
                Map.of(), "", Optional.of(new FilterProblem(at, word.length(), why, isBegun)));
    }
}
