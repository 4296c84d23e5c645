package drawbridge.server.storage;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/** A piece of SQL as a reader sees it: words, signs, and what stands in parentheses. */
sealed interface SqlNode {
    /** A keyword or a name, in lower case. */
    record Word(String text) implements SqlNode {}

    /** A parameter by its name; {@code ?} has none. */
    record Parameter(String name) implements SqlNode {}

    /** An operator, a comma, or a literal, of which only that it is one is kept. */
    record Sign(String text) implements SqlNode {}

    /** What stands in one pair of parentheses. */
    record Group(List<SqlNode> inside) implements SqlNode {
        public Group {
            inside = List.copyOf(inside);
        }
    }

    /** Whether it is that word or sign. */
    default boolean is(String text) {
        return switch (this) {
            case Word(String word) -> word.equals(text);
            case Sign(String sign) -> sign.equals(text);
            case Parameter _, Group _ -> false;
        };
    }

    /** Takes SQL apart; comments are left out. */
    static List<SqlNode> parse(String sql) {
        Deque<List<SqlNode>> open = new ArrayDeque<>();
        open.push(new ArrayList<>());
        int at = 0;
        while (at < sql.length()) {
            char c = sql.charAt(at);
            int from = at;
            at++;
            if (Character.isWhitespace(c)) {
                continue;
            }
            if (sql.startsWith("--", from)) {
                at = ending(sql, "\n", at);
            } else if (sql.startsWith("/*", from)) {
                at = ending(sql, "*/", at);
            } else if (c == '\'') {
                at = ending(sql, "'", at);
                top(open).add(new Sign("'"));
            } else if (c == '"') {
                at = ending(sql, "\"", at);
                top(open).add(new Word(sql.substring(from + 1, at - 1).toLowerCase(Locale.ROOT)));
            } else if (c == '(') {
                open.push(new ArrayList<>());
            } else if (c == ')' && open.size() > 1) {
                Group group = new Group(open.pop());
                top(open).add(group);
            } else if (c == '?') {
                top(open).add(new Parameter("?"));
            } else if (c == ':' && at < sql.length() && isName(sql.charAt(at))) {
                at = endOfName(sql, at);
                top(open).add(new Parameter(sql.substring(from + 1, at)));
            } else if (isName(c)) {
                at = endOfName(sql, at);
                String word = sql.substring(from, at).toLowerCase(Locale.ROOT);
                top(open).add(Character.isDigit(c) ? new Sign("0") : new Word(word));
            } else {
                while (at < sql.length() && "<>=!|&:".indexOf(c) >= 0 && isOperator(sql, at)) {
                    at++;
                }
                top(open).add(new Sign(sql.substring(from, at)));
            }
        }
        while (open.size() > 1) {
            Group group = new Group(open.pop());
            top(open).add(group);
        }
        return List.copyOf(top(open));
    }

    private static List<SqlNode> top(Deque<List<SqlNode>> open) {
        return open.element();
    }

    private static int ending(String sql, String mark, int from) {
        int end = sql.indexOf(mark, from);
        return end < 0 ? sql.length() : end + mark.length();
    }

    private static boolean isOperator(String sql, int at) {
        char next = sql.charAt(at);
        boolean startsParameter =
                next == ':' && at + 1 < sql.length() && isName(sql.charAt(at + 1));
        boolean isCast = next == ':' && sql.charAt(at - 1) == ':';
        return "<>=!|&:".indexOf(next) >= 0 && (isCast || !startsParameter);
    }

    private static boolean isName(char c) {
        return c == '_' || Character.isLetterOrDigit(c);
    }

    private static int endOfName(String sql, int at) {
        int end = at;
        while (end < sql.length() && isName(sql.charAt(end))) {
            end++;
        }
        return end;
    }
}
