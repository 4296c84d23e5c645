package drawbridge.console.ui.controls;

import javafx.geometry.Insets;
import javafx.geometry.Orientation;
import javafx.scene.Node;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;

import java.util.ArrayList;
import java.util.List;

/**
 * Tools side by side, as in an {@link HBox}: what grows there takes the room that is left. Where
 * they find no room, in a narrow window or with large text, they go on in a further line instead of
 * being cut.
 */
public final class ToolRow extends FlowPane {
    /** An empty row. */
    public ToolRow() {
        getStyleClass().add("tool-row");
    }

    @Override
    public Orientation getContentBias() {
        return Orientation.HORIZONTAL;
    }

    private static boolean grows(Node node) {
        return HBox.getHgrow(node) == Priority.ALWAYS;
    }

    private static double wanted(Node node) {
        double least = node.minWidth(-1);
        double most = Math.max(least, node.maxWidth(-1));
        return Math.ceil(grows(node) ? least : Math.clamp(node.prefWidth(-1), least, most));
    }

    private List<List<Node>> lines(double width) {
        List<List<Node>> lines = new ArrayList<>();
        double used = 0;
        for (Node node : getManagedChildren()) {
            double wanted = wanted(node);
            boolean fits = !lines.isEmpty() && used + getHgap() + wanted <= width;
            if (!fits) {
                lines.add(new ArrayList<>());
                used = -getHgap();
            }
            lines.getLast().add(node);
            used += getHgap() + wanted;
        }
        return lines;
    }

    /** How wide each one of a line is: what grows shares the room that is left. */
    private List<Double> widths(List<Node> line, double room) {
        double used =
                line.stream().mapToDouble(ToolRow::wanted).sum() + getHgap() * (line.size() - 1);
        long growing = line.stream().filter(ToolRow::grows).count();
        double each = growing == 0 ? 0 : Math.floor(Math.max(0, room - used) / growing);
        return line.stream()
                .map(node -> Math.min(room, wanted(node) + (grows(node) ? each : 0)))
                .toList();
    }

    private static double height(Node node, double width) {
        double at = node.getContentBias() == null ? -1 : width;
        double least = node.minHeight(at);
        double most = Math.max(least, node.maxHeight(at));
        return Math.ceil(Math.clamp(node.prefHeight(at), least, most));
    }

    private double height(List<Node> line, double room) {
        List<Double> widths = widths(line, room);
        double highest = 0;
        for (int i = 0; i < line.size(); i++) {
            highest = Math.max(highest, height(line.get(i), widths.get(i)));
        }
        return highest;
    }

    @Override
    protected double computeMinWidth(double height) {
        Insets around = getInsets();
        return around.getLeft()
                + around.getRight()
                + getManagedChildren().stream()
                        .mapToDouble(node -> Math.ceil(node.minWidth(-1)))
                        .max()
                        .orElse(0);
    }

    @Override
    protected double computePrefWidth(double height) {
        Insets around = getInsets();
        List<Node> nodes = getManagedChildren();
        return around.getLeft()
                + around.getRight()
                + nodes.stream().mapToDouble(node -> Math.ceil(node.prefWidth(-1))).sum()
                + getHgap() * Math.max(0, nodes.size() - 1);
    }

    @Override
    protected double computeMinHeight(double width) {
        return computePrefHeight(width);
    }

    @Override
    protected double computePrefHeight(double width) {
        Insets around = getInsets();
        double room = (width < 0 ? prefWidth(-1) : width) - around.getLeft() - around.getRight();
        List<List<Node>> lines = lines(room);
        return around.getTop()
                + around.getBottom()
                + lines.stream().mapToDouble(line -> height(line, room)).sum()
                + getVgap() * Math.max(0, lines.size() - 1);
    }

    @Override
    protected void layoutChildren() {
        Insets around = getInsets();
        double room = getWidth() - around.getLeft() - around.getRight();
        double top = around.getTop();
        for (List<Node> line : lines(room)) {
            double height = height(line, room);
            List<Double> widths = widths(line, room);
            double left = around.getLeft();
            for (int i = 0; i < line.size(); i++) {
                double width = widths.get(i);
                double own = Math.min(height, height(line.get(i), width));
                double down = Math.round((height - own) / 2);
                line.get(i)
                        .resizeRelocate(snapPositionX(left), snapPositionY(top + down), width, own);
                left += width + getHgap();
            }
            top += height + getVgap();
        }
    }
}
