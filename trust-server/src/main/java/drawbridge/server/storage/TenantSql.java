package drawbridge.server.storage;

import drawbridge.server.storage.SqlNode.Group;
import drawbridge.server.storage.SqlNode.Parameter;
import drawbridge.server.storage.SqlNode.Sign;
import drawbridge.server.storage.SqlNode.Word;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds out whether a statement can only concern one tenant: every tenant table in it must be held
 * to a tenant by a condition that always counts, {@code tenant_id = :tenant}, or by an equality
 * with one that is. What it does not understand it refuses. Reads one statement; for one thread.
 */
final class TenantSql {
    /**
     * What came of it.
     *
     * @param parameters what must be the tenant for the statement to concern that tenant alone
     * @param loose a tenant table that is not held to one; null when all are
     */
    record Finding(Set<String> parameters, @Nullable String loose) {
        Finding {
            parameters = Set.copyOf(parameters);
        }
    }

    private static final Set<String> SET_OPERATIONS = Set.of("union", "intersect", "except");

    /** Words that end a list of tables, a condition, or follow a table in place of an alias. */
    private static final Set<String> CLAUSES =
            Set.of(
                    "select",
                    "from",
                    "where",
                    "on",
                    "set",
                    "values",
                    "group",
                    "order",
                    "having",
                    "limit",
                    "offset",
                    "returning",
                    "join",
                    "left",
                    "inner",
                    "cross",
                    "right",
                    "full",
                    "natural",
                    "using",
                    "for",
                    "window",
                    "default",
                    "do",
                    "conflict",
                    "as");

    /** How a table comes into a list of tables. */
    private enum Joined {
        /** Rows without a partner are left out. */
        STRICTLY,
        /** What is there already stays, with or without a partner. */
        LEFT,
        /** Its own rows stay without a partner, whatever the condition says. */
        UNBOUND
    }

    /** A table as one statement names it. */
    private static final class Reference {
        private final String table;
        private final @Nullable String key;
        private final int at;
        private final Joined joined;
        private String alias;
        private boolean isHeld;

        Reference(String table, @Nullable String key, int at, Joined joined) {
            this.table = table;
            this.key = key;
            this.at = at;
            this.joined = joined;
            this.alias = table;
        }
    }

    /** That two references are of the same tenant; {@code of} may be held by {@code by} only. */
    private record Tie(Reference of, Reference by) {}

    private final Map<String, String> keys;
    private final Set<String> parameters = new LinkedHashSet<>();
    private @Nullable String loose;

    private TenantSql(Map<String, String> keys) {
        this.keys = keys;
    }

    /**
     * Looks at a statement.
     *
     * @param keys the column that says whose a row is, by table
     */
    static Finding of(String sql, Map<String, String> keys) {
        TenantSql found = new TenantSql(keys);
        found.statement(SqlNode.parse(sql), null);
        return new Finding(found.parameters, found.loose);
    }

    /** The tables of one select, or of one change, and those around it. */
    private final class Level {
        private final @Nullable Level outer;
        private final List<Reference> references = new ArrayList<>();
        private final List<Tie> ties = new ArrayList<>();

        Level(@Nullable Level outer) {
            this.outer = outer;
        }

        /** Whose key a column is; empty when it is none. */
        private Optional<Reference> keyOf(@Nullable String qualifier, String column) {
            List<Reference> fitting =
                    references.stream()
                            .filter(r -> qualifier == null || r.alias.equals(qualifier))
                            .toList();
            if (qualifier == null && !column.equals("tenant_id") && references.size() > 1) {
                return Optional.empty(); // any of them may have a column of that name
            }
            List<Reference> keyed = fitting.stream().filter(r -> column.equals(r.key)).toList();
            if (keyed.size() == 1) {
                return Optional.of(keyed.getFirst());
            }
            return fitting.isEmpty() && outer != null
                    ? outer.keyOf(qualifier, column)
                    : Optional.empty();
        }

        /** Holds what equalities hold. */
        private void settle() {
            boolean isNews = true;
            while (isNews) {
                isNews = false;
                for (Tie tie : ties) {
                    if (tie.by().isHeld && !tie.of().isHeld) {
                        tie.of().isHeld = true;
                        isNews = true;
                    }
                }
            }
            for (Reference reference : references) {
                if (reference.key != null && !reference.isHeld && loose == null) {
                    loose = reference.table;
                }
            }
        }
    }

    private void statement(List<SqlNode> nodes, @Nullable Level outer) {
        List<SqlNode> part = new ArrayList<>();
        for (SqlNode node : nodes) {
            if (node instanceof Word(String word) && SET_OPERATIONS.contains(word)) {
                one(part, outer);
                part = new ArrayList<>();
            } else if (!(part.isEmpty() && node instanceof Word(String all) && all.equals("all"))) {
                part.add(node);
            }
        }
        one(part, outer);
    }

    private void one(List<SqlNode> nodes, @Nullable Level outer) {
        Level level = new Level(outer);
        if (!nodes.isEmpty() && nodes.getFirst().is("insert")) {
            insertion(nodes, level);
            return;
        }
        tables(nodes, level);
        conditions(nodes, level);
        level.settle();
        inner(nodes, level);
        mentions(nodes, level);
    }

    // ---- which tables ----

    private void tables(List<SqlNode> nodes, Level level) {
        boolean listing = false;
        for (int i = 0; i < nodes.size(); i++) {
            SqlNode node = nodes.get(i);
            boolean starts =
                    node.is("join")
                            || node.is("into")
                            || (node.is("from") && !before(nodes, i).is("distinct"))
                            || (node.is("update")
                                    && !before(nodes, i).is("do")
                                    && !before(nodes, i).is("for"));
            if (node instanceof Word(String word) && CLAUSES.contains(word) && !node.is("as")) {
                listing = node.is("from");
            }
            if ((starts || (listing && node.is(",")))
                    && i + 1 < nodes.size()
                    && nodes.get(i + 1) instanceof Word(String table)) {
                Reference reference =
                        new Reference(table, keys.get(table), i + 1, joined(nodes, i));
                int next = i + 2;
                if (next < nodes.size() && nodes.get(next).is("as")) {
                    next++;
                }
                if (next < nodes.size()
                        && nodes.get(next) instanceof Word(String alias)
                        && !CLAUSES.contains(alias)) {
                    reference.alias = alias;
                }
                level.references.add(reference);
            }
        }
    }

    private static Joined joined(List<SqlNode> nodes, int join) {
        SqlNode kind = before(nodes, join);
        SqlNode side = kind.is("outer") ? before(nodes, join - 1) : kind;
        if (!nodes.get(join).is("join") || !(kind.is("outer") || isSide(side))) {
            return Joined.STRICTLY;
        }
        return side.is("left") ? Joined.LEFT : Joined.UNBOUND;
    }

    private static boolean isSide(SqlNode word) {
        return word.is("left") || word.is("right") || word.is("full");
    }

    private static SqlNode before(List<SqlNode> nodes, int index) {
        return index == 0 ? new Sign(";") : nodes.get(index - 1);
    }

    // ---- which conditions ----

    private void conditions(List<SqlNode> nodes, Level level) {
        Reference joined = null;
        List<SqlNode> condition = null;
        for (int i = 0; i < nodes.size(); i++) {
            SqlNode node = nodes.get(i);
            boolean isClause = node instanceof Word(String word) && CLAUSES.contains(word);
            if (isClause || node.is(";")) {
                if (condition != null) {
                    conjuncts(condition, level, joined);
                }
                condition = null;
            }
            if (node.is("join")) {
                int table = i + 1;
                joined =
                        level.references.stream()
                                .filter(reference -> reference.at == table)
                                .findFirst()
                                .orElse(null);
            }
            if (node.is("where")) {
                joined = null;
                condition = new ArrayList<>();
            } else if (node.is("on")
                    && !(i + 1 < nodes.size() && nodes.get(i + 1).is("conflict"))) {
                condition = new ArrayList<>();
            } else if (condition != null) {
                condition.add(node);
            }
            if (node.is("set")) {
                assignments(nodes, i, level);
            }
        }
        if (condition != null) {
            conjuncts(condition, level, joined);
        }
    }

    private void conjuncts(List<SqlNode> nodes, Level level, @Nullable Reference joined) {
        if (nodes.stream().anyMatch(node -> node.is("case"))) {
            return; // what stands in it need not count
        }
        if (nodes.stream().anyMatch(node -> node.is("or"))) {
            ownOrNobodys(nodes, level, joined);
            return;
        }
        List<SqlNode> part = new ArrayList<>();
        boolean isRange = false;
        for (SqlNode node : nodes) {
            if (node.is("and") && !isRange) {
                conjunct(part, level, joined);
                part = new ArrayList<>();
            } else {
                isRange = node.is("between") || (isRange && !node.is("and"));
                part.add(node);
            }
        }
        conjunct(part, level, joined);
    }

    private void conjunct(List<SqlNode> part, Level level, @Nullable Reference joined) {
        if (part.size() == 1 && part.getFirst() instanceof Group(List<SqlNode> inside)) {
            conjuncts(inside, level, joined);
            return;
        }
        int equals = -1;
        for (int i = 0; i < part.size(); i++) {
            equals = part.get(i).is("=") ? i : equals;
        }
        if (equals > 0) {
            equality(part.subList(0, equals), part.subList(equals + 1, part.size()), level, joined);
        }
    }

    /** {@code x.tenant_id = … OR x.tenant_id IS NULL}: rows of nobody are the server's own. */
    private void ownOrNobodys(List<SqlNode> nodes, Level level, @Nullable Reference joined) {
        int or = 0;
        while (!nodes.get(or).is("or")) {
            or++;
        }
        List<SqlNode> nobodys = nodes.subList(or + 1, nodes.size());
        int size = nobodys.size();
        if (size >= 3
                && nobodys.get(size - 2).is("is")
                && nobodys.get(size - 1).is("null")
                && nobodys.stream().noneMatch(node -> node.is("or") || node.is("and"))) {
            List<SqlNode> column = nobodys.subList(0, size - 2);
            List<SqlNode> own = nodes.subList(0, or);
            if (own.size() > column.size() && own.subList(0, column.size()).equals(column)) {
                conjunct(own, level, joined);
            }
        }
    }

    private void equality(
            List<SqlNode> left, List<SqlNode> right, Level level, @Nullable Reference joined) {
        Optional<Reference> a = column(left, level);
        Optional<Reference> b = column(right, level);
        if (a.isPresent() && b.isPresent()) {
            tie(a.get(), b.get(), level, joined);
            tie(b.get(), a.get(), level, joined);
        } else if (a.isPresent() && right.size() == 1 && right.getFirst() instanceof Parameter p) {
            hold(a.get(), p, level, joined);
        } else if (b.isPresent() && left.size() == 1 && left.getFirst() instanceof Parameter p) {
            hold(b.get(), p, level, joined);
        }
    }

    /** A condition of an outer join says nothing of the rows that stay whatever it says. */
    private static boolean mayHold(Reference of, Level level, @Nullable Reference joined) {
        if (!level.references.contains(of)) {
            return false;
        }
        return joined == null
                || joined.joined == Joined.STRICTLY
                || (joined.joined == Joined.LEFT && of == joined);
    }

    private void tie(Reference of, Reference by, Level level, @Nullable Reference joined) {
        if (mayHold(of, level, joined)) {
            level.ties.add(new Tie(of, by));
        }
    }

    private void hold(Reference of, Parameter by, Level level, @Nullable Reference joined) {
        if (mayHold(of, level, joined)) {
            of.isHeld = true;
            parameters.add(by.name());
        }
    }

    private static Optional<Reference> column(List<SqlNode> nodes, Level level) {
        if (nodes.size() == 1 && nodes.getFirst() instanceof Word(String column)) {
            return level.keyOf(null, column);
        }
        return nodes.size() == 3
                        && nodes.getFirst() instanceof Word(String qualifier)
                        && nodes.get(1).is(".")
                        && nodes.get(2) instanceof Word(String column)
                ? level.keyOf(qualifier, column)
                : Optional.empty();
    }

    /** No row changes hands. */
    private void assignments(List<SqlNode> nodes, int set, Level level) {
        for (int i = set + 1; i + 1 < nodes.size(); i++) {
            if (nodes.get(i) instanceof Word(String word) && CLAUSES.contains(word)) {
                return;
            }
            boolean isTarget = nodes.get(i - 1).is("set") || nodes.get(i - 1).is(",");
            if (isTarget && nodes.get(i) instanceof Word(String column)) {
                for (Reference reference : level.references) {
                    if (column.equals(reference.key) && loose == null) {
                        loose = reference.table;
                    }
                }
            }
        }
    }

    // ---- what is inserted ----

    /** {@code INSERT INTO table (columns) VALUES (…)}, or {@code … SELECT …}. */
    private void insertion(List<SqlNode> nodes, Level level) {
        int select = 0;
        while (select < nodes.size() && !nodes.get(select).is("select")) {
            select++;
        }
        List<SqlNode> told = nodes.subList(0, select);
        List<SqlNode> selected = nodes.subList(select, nodes.size());
        boolean isPlain =
                told.size() > 3
                        && told.get(1).is("into")
                        && told.get(2) instanceof Word
                        && told.get(3) instanceof Group;
        if (isPlain
                && told.get(2) instanceof Word(String table)
                && told.get(3) instanceof Group(List<SqlNode> columns)) {
            Reference target = new Reference(table, keys.get(table), 2, Joined.STRICTLY);
            level.references.add(target);
            int place = listed(columns).indexOf(List.<SqlNode>of(new Word(key(target))));
            target.isHeld =
                    place >= 0
                            && mayOverwrite(nodes, target)
                            && (selected.isEmpty()
                                    ? tuples(told).stream().allMatch(v -> isTenant(v, place))
                                    : isTenant(listed(selection(selected)), place));
        }
        for (int i = 0; i < nodes.size(); i++) {
            if (nodes.get(i).is("set")) {
                assignments(nodes, i, level);
            }
        }
        level.settle();
        inner(told, level);
        mentions(told, level);
        if (!selected.isEmpty()) {
            statement(selected, null);
        }
    }

    private static String key(Reference reference) {
        return reference.key == null ? "" : reference.key;
    }

    /** What stands between VALUES and whatever follows. */
    private static List<List<List<SqlNode>>> tuples(List<SqlNode> nodes) {
        List<List<List<SqlNode>>> tuples = new ArrayList<>();
        boolean isInside = false;
        for (SqlNode node : nodes) {
            if (node instanceof Group(List<SqlNode> values) && isInside) {
                tuples.add(listed(values));
            } else if (!node.is(",")) {
                isInside = node.is("values");
            }
        }
        return tuples;
    }

    private static List<SqlNode> selection(List<SqlNode> select) {
        return select.stream().skip(1).takeWhile(node -> !node.is("from")).toList();
    }

    private boolean isTenant(List<List<SqlNode>> values, int place) {
        if (place < values.size()
                && values.get(place).size() == 1
                && values.get(place).getFirst() instanceof Parameter(String name)) {
            parameters.add(name);
            return true;
        }
        return false;
    }

    /** What is there already may be overwritten when it can only be the same tenant's. */
    private static boolean mayOverwrite(List<SqlNode> nodes, Reference target) {
        for (int i = 0; i + 1 < nodes.size(); i++) {
            if (nodes.get(i).is("do") && nodes.get(i + 1).is("update")) {
                return nodes.get(i - 1) instanceof Group(List<SqlNode> conflict)
                        && listed(conflict).contains(List.<SqlNode>of(new Word(key(target))));
            }
        }
        return true;
    }

    private static List<List<SqlNode>> listed(List<SqlNode> nodes) {
        List<List<SqlNode>> all = new ArrayList<>();
        List<SqlNode> one = new ArrayList<>();
        for (SqlNode node : nodes) {
            if (node.is(",")) {
                all.add(one);
                one = new ArrayList<>();
            } else {
                one.add(node);
            }
        }
        all.add(one);
        return all;
    }

    // ---- what is inside ----

    private void inner(List<SqlNode> nodes, Level level) {
        for (SqlNode node : nodes) {
            if (node instanceof Group(List<SqlNode> inside)) {
                boolean isQuery =
                        !inside.isEmpty()
                                && (inside.getFirst().is("select") || inside.getFirst().is("with"));
                if (isQuery) {
                    statement(inside, level);
                } else {
                    inner(inside, level);
                    mentions(inside, level);
                }
            }
        }
    }

    /** A tenant table that is named in a place where this looks for none. */
    private void mentions(List<SqlNode> nodes, Level level) {
        for (int i = 0; i < nodes.size(); i++) {
            if (nodes.get(i) instanceof Word(String word) && keys.containsKey(word)) {
                boolean isQualifier = i + 1 < nodes.size() && nodes.get(i + 1).is(".");
                boolean isColumn = before(nodes, i).is(".");
                boolean isKnown =
                        level.references.stream()
                                .anyMatch(reference -> reference.table.equals(word));
                if (!isQualifier && !isColumn && !isKnown && loose == null) {
                    loose = word;
                }
            }
        }
    }
}
