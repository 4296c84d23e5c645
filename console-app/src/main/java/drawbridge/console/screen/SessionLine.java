package drawbridge.console.screen;

import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;

import org.jspecify.annotations.Nullable;

/** One of a user's sessions in a drawer, with a way to it; stays the same node while it is told. */
public final class SessionLine extends HBox {
    private final Hyperlink what = new Hyperlink();
    private final Label where = new Label();
    private final Label when = new Label();

    /** An untold line. */
    public SessionLine() {
        where.getStyleClass().addAll("mono", "session-where");
        when.getStyleClass().addAll("muted", "session-when");
        when.setMinWidth(Region.USE_PREF_SIZE);
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        getChildren().addAll(what, where, gap, when);
        getStyleClass().add("other-line");
    }

    /**
     * Tells what is known of it now.
     *
     * @param agent what it is used with
     * @param open goes to it
     * @param ip where it was opened; null when that is unknown
     * @param seen when it was last seen
     */
    public void tell(String agent, Runnable open, @Nullable String ip, String seen) {
        what.setText(agent);
        what.setOnAction(_ -> open.run());
        where.setText(ip == null ? "–" : ip);
        when.setText(seen);
    }
}
