package drawbridge.console.screen.checklist;

import drawbridge.console.ui.Formats;
import drawbridge.console.ui.Words;
import drawbridge.console.ui.controls.ColumnRoom;
import drawbridge.model.view.EndpointCoverage;
import drawbridge.model.view.PolicyCoverage;
import drawbridge.model.view.PolicyCoverage.PolicyCaller;

import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;

import java.util.function.Function;
import java.util.stream.Collectors;

/** Fills both coverage tables: a word in every cell. */
final class CoverageTables {
    private static final double LEAST = 0.85;

    private final Words words;
    private final Formats formats;

    CoverageTables(Words words, Formats formats) {
        this.words = words;
        this.formats = formats;
    }

    void endpoints(TableView<EndpointCoverage> table) {
        column(table, "endpoint", 240, EndpointCoverage::route);
        column(
                table,
                "authentication",
                140,
                each -> words.oneOf("checklist.access", each.authentication()));
        column(table, "limiter", 160, this::limiter);
        column(table, "schema", 120, each -> words.oneOf("checklist.schema", each.schema()));
        column(
                table,
                "size",
                90,
                each ->
                        each.mostBytes() == 0
                                ? words.get("checklist.noBody")
                                : formats.bytes(each.mostBytes()));
        column(table, "cors", 110, each -> words.oneOf("checklist.cors", each.cors()));
        column(table, "proof", 160, this::proof);
        fit(table);
    }

    private String limiter(EndpointCoverage each) {
        Integer rate = each.perMinute();
        String what = words.oneOf("checklist.limiter", each.limiter());
        return rate == null
                ? what
                : words.get("checklist.limited", what, formats.number(rate.longValue()));
    }

    private String proof(EndpointCoverage each) {
        String how = words.oneOf("checklist.proof", each.proof());
        return each.attempts() == 0
                ? how
                : words.get("checklist.proven", how, formats.number(each.attempts()));
    }

    void policies(TableView<PolicyCoverage> table) {
        column(
                table,
                "policy",
                200,
                each -> each.line() == 0 ? words.get("checklist.unruled") : each.route());
        column(
                table,
                "mode",
                110,
                each -> each.line() == 0 ? words.get("checklist.floor") : each.mode());
        column(
                table,
                "limit",
                150,
                each -> {
                    Integer rate = each.ratePerMinute();
                    return rate == null
                            ? words.get("checklist.noLimit")
                            : words.get("checklist.rate", formats.number(rate.longValue()));
                });
        column(
                table,
                "evidence",
                130,
                each -> words.oneOf("checklist.evidence", each.leastEvidence()));
        column(table, "calls", 110, each -> formats.number(each.callsLastHour()));
        column(
                table,
                "callers",
                250,
                each ->
                        each.callers().isEmpty()
                                ? words.get("checklist.noCallers")
                                : each.callers().stream()
                                        .map(this::caller)
                                        .collect(Collectors.joining("; ")));
        fit(table);
    }

    /** The last column takes what room there is. */
    private static void fit(TableView<?> table) {
        table.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
        ColumnRoom.follow(table);
    }

    private String caller(PolicyCaller caller) {
        String share =
                words.get(
                        "checklist.caller",
                        caller.name(),
                        formats.number(caller.complete()),
                        formats.number(caller.calls()));
        return caller.lacks().isEmpty()
                ? share
                : words.get("checklist.callerLacks", share, String.join(", ", caller.lacks()));
    }

    private <T> void column(
            TableView<T> table, String key, double width, Function<T, String> cell) {
        TableColumn<T, String> column = new TableColumn<>(words.oneOf("checklist.column", key));
        column.setMinWidth(width * LEAST);
        column.setPrefWidth(width);
        column.setCellValueFactory(row -> new ReadOnlyStringWrapper(cell.apply(row.getValue())));
        table.getColumns().add(column);
    }
}
