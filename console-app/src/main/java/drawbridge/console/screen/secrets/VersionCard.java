package drawbridge.console.screen.secrets;

import drawbridge.console.screen.secrets.CallerState.Use;
import drawbridge.console.ui.Formats;
import drawbridge.console.ui.Words;
import drawbridge.console.ui.controls.ShareBar;
import drawbridge.model.view.CallerRow.Version;

import javafx.css.PseudoClass;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.kordamp.ikonli.javafx.FontIcon;

import java.time.Duration;
import java.time.Instant;

/** One accepted version of a caller's secret; of an old one, how much of it is left in use. */
final class VersionCard extends VBox {
    private static final PseudoClass QUIET = PseudoClass.getPseudoClass("quiet");

    private final Words words;
    private final Formats formats;
    private final boolean isOld;
    private final FontIcon icon = new FontIcon();
    private final Label title = new Label();
    private final Label age = new Label();
    private final Label used = new Label();
    private final Label share = new Label();
    private final ShareBar bar = new ShareBar();
    private final Label quiet = new Label();
    private final Label until = new Label();
    private final Button retire = new Button();
    private final Button burn = new Button();
    private final Tooltip exactAge = new Tooltip();

    /**
     * @param isOld whether there is a newer one
     * @param number the version
     */
    VersionCard(
            int number,
            boolean isOld,
            Words words,
            Formats formats,
            Runnable retiring,
            Runnable burning) {
        this.isOld = isOld;
        this.words = words;
        this.formats = formats;
        getStyleClass().add("version-card");
        title.getStyleClass().add("version-title");
        age.getStyleClass().addAll("muted", "small-text");
        age.setTooltip(exactAge);
        age.setMinWidth(Region.USE_PREF_SIZE);
        for (Label each : new Label[] {used, share, quiet, until}) {
            each.setWrapText(true);
            each.setMinHeight(Region.USE_PREF_SIZE);
        }
        used.getStyleClass().addAll("muted", "small-text");
        until.getStyleClass().addAll("muted", "small-text");
        retire.setText(words.get("secrets.retire"));
        retire.setId("retire-" + number);
        retire.getStyleClass().addAll("small", "retire");
        retire.setMinWidth(Region.USE_PREF_SIZE);
        retire.setOnAction(_ -> retiring.run());
        retire.setAccessibleText(words.get("secrets.retireName", formats.number(number)));
        burn.setText(words.get("secrets.burn"));
        burn.setId("burn-" + number);
        burn.getStyleClass().addAll("small", "burn");
        burn.setMinWidth(Region.USE_PREF_SIZE);
        burn.setOnAction(_ -> burning.run());
        burn.setAccessibleText(words.get("secrets.burnName", formats.number(number)));
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        HBox head = new HBox(icon, title, gap, age);
        head.getStyleClass().add("version-head");
        Region rest = new Region();
        HBox.setHgrow(rest, Priority.ALWAYS);
        HBox buttons = new HBox(rest, burn);
        buttons.getStyleClass().add("version-buttons");
        getChildren().add(head);
        if (isOld) {
            buttons.getChildren().addFirst(until);
            until.setMinWidth(0);
            buttons.getChildren().add(retire);
            getChildren().addAll(share, bar, quiet);
        } else {
            buttons.getChildren().addFirst(used);
            used.setMinWidth(0);
        }
        getChildren().add(buttons);
    }

    /** Shows it as it is now. */
    void show(CallerState state, Version version, boolean canAct, Instant now, Duration wanted) {
        Use use = state.use(version);
        boolean isQuiet = use.isQuiet(now);
        look(isOld ? isQuiet ? "fth-check-circle" : "fth-clock" : "fth-key");
        pseudoClassStateChanged(QUIET, isQuiet);
        title.setText(
                words.get(
                        isOld ? "secrets.version.old" : "secrets.version.current",
                        formats.number(version.version())));
        age.setText(
                words.get(
                        "secrets.version.age",
                        formats.span(Duration.between(version.createdAt(), now))));
        exactAge.setText(formats.exact(version.createdAt(), now));
        Instant lastAt = use.lastAt();
        used.setText(
                lastAt == null
                        ? words.get("secrets.version.unused")
                        : words.get("secrets.version.used", formats.ago(lastAt, now)));
        retire.setDisable(!canAct);
        burn.setDisable(!canAct);
        if (!isOld) {
            return;
        }
        String sharing =
                words.get(
                        "secrets.version.share",
                        formats.number(use.calls()),
                        formats.number(use.all()),
                        formats.percent(use.share()));
        share.setText(sharing);
        bar.show(use.share(), sharing);
        Instant quietAt = use.quietAt();
        if (isQuiet) {
            quiet.setText(words.get("secrets.version.quiet", formats.span(wanted)));
        } else if (quietAt == null || use.calls() > 0) {
            quiet.setText(
                    lastAt == null
                            ? words.get("secrets.version.unused")
                            : words.get("secrets.version.stillUsed", formats.ago(lastAt, now)));
        } else {
            quiet.setText(
                    words.get(
                            "secrets.version.quietIn",
                            formats.span(Duration.between(now, quietAt).plusMillis(999))));
        }
        Instant end = version.acceptedUntil();
        until.setText(end == null ? "" : left(end, now));
        boolean wasQuiet = retire.getStyleClass().contains("success");
        if (isQuiet != wasQuiet) {
            if (isQuiet) {
                retire.getStyleClass().add("success");
            } else {
                retire.getStyleClass().remove("success");
            }
        }
    }

    private String left(Instant end, Instant now) {
        return now.isBefore(end)
                ? words.get("secrets.version.left", formats.spanUntil(end, now))
                : words.get("secrets.version.over");
    }

    private void look(String literal) {
        if (!literal.equals(icon.getIconLiteral())) {
            icon.setIconLiteral(literal);
        }
    }
}
