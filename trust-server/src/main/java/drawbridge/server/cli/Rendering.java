package drawbridge.server.cli;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Prints what the admin API answers: as it is for programs, as a table or as lines for people. It
 * knows no fields: what a newer server adds is shown too.
 */
final class Rendering {
    private static final int WIDEST = 60;
    private static final String NOTHING = "-";

    private Rendering() {}

    /**
     * @param columns of a list, those that it has; none of them means every simple field
     */
    static void print(Terminal terminal, boolean json, JsonNode answer, String... columns) {
        if (json) {
            terminal.out().println(JsonMapper.shared().writeValueAsString(answer));
            return;
        }
        JsonNode items = answer.isArray() ? answer : answer.path("items");
        if (items.isArray()) {
            table(terminal.out(), items, List.of(columns));
            String next = answer.path("next").asString("");
            if (!next.isEmpty()) {
                terminal.err().println("There are more: --after " + next);
            }
        } else {
            lines(terminal.out(), "", answer);
        }
    }

    private static void table(PrintWriter out, JsonNode items, List<String> wanted) {
        Set<String> simple = new LinkedHashSet<>();
        for (JsonNode item : items) {
            item.properties()
                    .forEach(field -> {
                        if (!field.getValue().isContainer()) {
                            simple.add(field.getKey());
                        }
                    });
        }
        List<String> columns = new ArrayList<>(wanted);
        columns.retainAll(simple);
        if (columns.isEmpty()) {
            columns.addAll(simple);
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(columns);
        for (JsonNode item : items) {
            rows.add(columns.stream().map(column -> text(item.path(column))).toList());
        }
        if (rows.size() == 1) {
            out.println("There are none.");
            return;
        }
        print(out, "", rows);
    }

    /** Rows within an answer; columns in which none has anything are left out. */
    private static void innerTable(PrintWriter out, JsonNode items) {
        Set<String> columns = new LinkedHashSet<>();
        for (JsonNode item : items) {
            item.properties()
                    .forEach(field -> {
                        if (!text(field.getValue()).equals(NOTHING)) {
                            columns.add(field.getKey());
                        }
                    });
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.copyOf(columns));
        for (JsonNode item : items) {
            rows.add(columns.stream().map(column -> text(item.path(column))).toList());
        }
        print(out, "  ", rows);
    }

    private static void print(PrintWriter out, String before, List<List<String>> rows) {
        int[] widths = new int[rows.getFirst().size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.min(WIDEST, Math.max(widths[i], row.get(i).length()));
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder(before);
            for (int i = 0; i < widths.length; i++) {
                String cell = row.get(i);
                line.append(cell);
                line.repeat(' ', Math.max(0, widths[i] - cell.length()) + 2);
            }
            out.println(line.toString().stripTrailing());
        }
    }

    private static void lines(PrintWriter out, String before, JsonNode node) {
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            String name = before + field.getKey();
            JsonNode value = field.getValue();
            if (value.isObject()) {
                lines(out, name + ".", value);
            } else if (isTable(value)) {
                out.println(name + ":");
                innerTable(out, value);
            } else if (value.isArray() && value.size() > 0 && value.get(0).isContainer()) {
                for (int i = 0; i < value.size(); i++) {
                    lines(out, "%s.%d.".formatted(name, i + 1), value.get(i));
                }
            } else {
                out.println(name + ": " + text(value));
            }
        }
    }

    /** A list of objects that hold no further ones. */
    private static boolean isTable(JsonNode value) {
        return value.isArray()
                && value.size() > 0
                && value.valueStream()
                        .allMatch(item ->
                                item.isObject()
                                        && item.valueStream().noneMatch(JsonNode::isContainer));
    }

    /** A value without anything that could steer a terminal. */
    private static String text(JsonNode value) {
        String text;
        if (value.isArray()) {
            List<String> all = new ArrayList<>();
            value.forEach(
                    each -> all.add(each.isContainer() ? each.toString() : each.asString("")));
            text = String.join(",", all);
        } else {
            text = value.isMissingNode() || value.isNull() ? "" : value.asString(value.toString());
        }
        return text.isEmpty() ? NOTHING : text.replaceAll("\\p{Cntrl}", "?");
    }
}
