package drawbridge.console.screen.overview;

import drawbridge.console.model.Happening;
import drawbridge.console.ui.Formats;
import drawbridge.console.ui.Words;

import javafx.beans.InvalidationListener;
import javafx.beans.WeakInvalidationListener;
import javafx.beans.value.ObservableValue;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.kordamp.ikonli.javafx.FontIcon;

import java.time.Instant;

/** One line of what is worth reading. */
final class FeedCell extends ListCell<Happening> {
    private final OverviewViewModel overview;
    private final Words words;
    private final Formats formats;
    private final ObservableValue<Instant> seconds;
    private final FontIcon icon = new FontIcon();
    private final Label sentence = new Label();
    private final Label details = new Label();
    private final Label count = new Label();
    private final Label at = new Label();
    private final Button read = new Button();
    private final HBox box;
    private final InvalidationListener ticked = _ -> showTime();

    FeedCell(
            OverviewViewModel overview,
            Words words,
            Formats formats,
            ObservableValue<Instant> seconds) {
        this.overview = overview;
        this.words = words;
        this.formats = formats;
        this.seconds = seconds;
        sentence.getStyleClass().add("feed-sentence");
        sentence.setMinWidth(0);
        details.getStyleClass().addAll("muted", "small-text");
        details.setWrapText(true);
        details.setMinWidth(0);
        at.getStyleClass().addAll("muted", "small-text");
        at.setMinWidth(Region.USE_PREF_SIZE);
        at.setTooltip(new Tooltip());
        count.getStyleClass().add("count-chip");
        count.setMinWidth(Region.USE_PREF_SIZE);
        read.getStyleClass().add("feed-read");
        read.setGraphic(new FontIcon("fth-check"));
        read.setFocusTraversable(false); // the list has a key for it
        read.setAccessibleText(words.get("overview.feed.read"));
        read.setTooltip(new Tooltip(words.get("overview.feed.read")));
        read.setMinWidth(Region.USE_PREF_SIZE);
        read.setOnAction(_ -> overview.feed().markRead(getItem()));
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        HBox head = new HBox(sentence, count, gap, at);
        head.getStyleClass().add("feed-head");
        VBox text = new VBox(head, details);
        text.getStyleClass().add("feed-text");
        text.setMinWidth(0);
        HBox.setHgrow(text, Priority.ALWAYS);
        box = new HBox(icon, text, read);
        getStyleClass().add("feed-cell");
        setPrefWidth(0); // as wide as the list, so that details wrap
        seconds.addListener(new WeakInvalidationListener(ticked));
        setOnMouseClicked(_ -> {
            if (getItem() != null) {
                overview.follow(getItem());
            }
        });
    }

    @Override
    protected void updateItem(Happening happening, boolean empty) {
        super.updateItem(happening, empty);
        if (empty || happening == null) {
            setGraphic(null);
            return;
        }
        icon.setIconLiteral(iconOf(happening.kind()));
        sentence.setText(overview.what(happening));
        String more = overview.details(happening);
        details.setText(more);
        details.setVisible(!more.isEmpty());
        details.setManaged(!more.isEmpty());
        boolean several =
                happening.count() > 1 && happening.kind() != Happening.Kind.REFUSALS_OMITTED;
        count.setVisible(several);
        count.setManaged(several);
        count.setText(words.get("event.times", formats.number(happening.count())));
        boolean alert = overview.feed().isAlert(happening);
        read.setVisible(alert);
        read.setManaged(alert);
        box.getStyleClass().setAll("feed-line", "tone-" + toneOf(happening.kind()));
        if (alert) {
            box.getStyleClass().add("feed-alert");
        }
        setCursor(
                overview.leadsSomewhere(happening)
                        ? javafx.scene.Cursor.HAND
                        : javafx.scene.Cursor.DEFAULT);
        showTime();
        setGraphic(box);
    }

    /**
     * As tall as its text is at the list's width; the list itself asks for no width in particular.
     */
    @Override
    protected double computePrefHeight(double width) {
        if (getListView() == null || getGraphic() == null) {
            return super.computePrefHeight(width);
        }
        double room = getListView().getWidth() - snappedLeftInset() - snappedRightInset() - 14;
        return snappedTopInset() + box.prefHeight(Math.max(120, room)) + snappedBottomInset();
    }

    private void showTime() {
        Happening happening = getItem();
        if (happening != null && !isEmpty()) {
            at.setText(formats.ago(happening.lastAt(), seconds.getValue()));
            at.getTooltip().setText(formats.exact(happening.lastAt(), seconds.getValue()));
        }
    }

    private static String iconOf(Happening.Kind kind) {
        return switch (kind) {
            case REFUSED, REFUSALS_OMITTED -> "fth-x-octagon";
            case REVOKED, USER_REVOKED, MANY_REVOKED -> "fth-slash";
            case LOGGED_OUT -> "fth-log-out";
            case RESTORED -> "fth-rotate-ccw";
            case LOGIN_REFUSED -> "fth-user-x";
            case SOURCE_DOWN -> "fth-cloud-off";
            case SOURCE_UP -> "fth-cloud";
            case ALERT_CRITICAL, ALERT_WARNING -> "fth-bell";
            case ALERT_CLEARED -> "fth-check";
            case NOTICE_INFO -> "fth-info";
            case NOTICE_WARNING -> "fth-alert-triangle";
            case NOTICE_ERROR -> "fth-alert-octagon";
        };
    }

    private static String toneOf(Happening.Kind kind) {
        return switch (kind) {
            case REFUSED,
                    REFUSALS_OMITTED,
                    REVOKED,
                    USER_REVOKED,
                    MANY_REVOKED,
                    NOTICE_ERROR,
                    ALERT_CRITICAL ->
                    "danger";
            case LOGIN_REFUSED, SOURCE_DOWN, NOTICE_WARNING, ALERT_WARNING -> "warning";
            case RESTORED, SOURCE_UP, ALERT_CLEARED -> "success";
            case LOGGED_OUT, NOTICE_INFO -> "calm";
        };
    }
}
