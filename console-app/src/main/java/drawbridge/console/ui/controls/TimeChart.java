package drawbridge.console.ui.controls;

import drawbridge.console.ui.Em;

import javafx.css.CssMetaData;
import javafx.css.Styleable;
import javafx.css.StyleableObjectProperty;
import javafx.css.StyleableProperty;
import javafx.css.StyleablePropertyFactory;
import javafx.geometry.VPos;
import javafx.scene.Cursor;
import javafx.scene.canvas.Canvas;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.Region;
import javafx.scene.paint.Color;
import javafx.scene.paint.CycleMethod;
import javafx.scene.paint.LinearGradient;
import javafx.scene.paint.Stop;
import javafx.scene.text.Font;
import javafx.scene.text.Text;
import javafx.scene.text.TextAlignment;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.function.IntConsumer;
import java.util.function.LongFunction;

/**
 * Values over time, painted at once on a canvas: layers stacked on one another, or lines with the
 * band between them. The value under the pointer is shown with its time. Colours come from the
 * style sheet ({@code -db-layer-1} to {@code -db-layer-6}, {@code -db-grid}, …).
 */
public final class TimeChart extends Region {
    /** How layers are drawn. */
    public enum Form {
        /** Each on top of the one before. */
        STACKED,
        /** Each on top of the one before, one bar for each step. */
        BARS,
        /** Each from zero, the area between the first and the last filled. */
        BAND,
        /** The first only, without axes: a small trend beside a number. */
        TREND
    }

    /** Writes a span of time. */
    @FunctionalInterface
    public interface SpanText {
        /** One or more lines for what lies between two instants, in milliseconds of the epoch. */
        String of(long fromMillis, long toMillis);
    }

    /** One series. */
    public static final class Layer {
        private final String name;
        private final double[] values;

        /**
         * A series that is not changed afterwards.
         *
         * @param name as the legend and the hover text call it
         * @param values one for each step; NaN where nothing is known
         */
        public Layer(String name, double[] values) {
            this.name = name;
            this.values = values;
        }

        /** As the legend and the hover text call it. */
        public String name() {
            return name;
        }

        /** The value at that step; NaN where nothing is known. */
        public double at(int step) {
            return values[step];
        }

        int length() {
            return values.length;
        }
    }

    /**
     * What is painted.
     *
     * @param fromMillis when the first step begins
     * @param stepMillis how long a step is
     * @param layers of the same length; the first is the lowest
     * @param known not painted: NaN where nothing is known. Null when that is where all layers are
     *     NaN
     */
    public record Frame(
            long fromMillis, long stepMillis, List<Layer> layers, @Nullable Layer known) {
        /** Nothing to paint. */
        public static final Frame EMPTY = new Frame(0, 1_000, List.of());

        public Frame {
            layers = List.copyOf(layers);
        }

        /** One of which something is known wherever a layer has a value. */
        public Frame(long fromMillis, long stepMillis, List<Layer> layers) {
            this(fromMillis, stepMillis, layers, null);
        }

        int steps() {
            return layers.isEmpty() ? 0 : layers.getFirst().length();
        }
    }

    private static final StyleablePropertyFactory<TimeChart> FACTORY =
            new StyleablePropertyFactory<>(Region.getClassCssMetaData());

    private static final double TOP = 8;
    private static final double BOTTOM = 22;
    private static final double RIGHT = 8;
    private static final int LAYERS = 6;

    private final Canvas canvas = new Canvas();
    private final List<StyleableProperty<Color>> layerColors = new ArrayList<>();
    private final StyleableProperty<Color> grid = color("grid", "-db-grid");
    private final StyleableProperty<Color> ink = color("ink", "-db-ink");
    private final StyleableProperty<Color> strongInk = color("strongInk", "-db-strong-ink");
    private final StyleableProperty<Color> surface = color("surface", "-db-surface");
    private final StyleableProperty<Color> edge = color("edge", "-db-edge");

    private Form form = Form.STACKED;
    private Frame frame = Frame.EMPTY;
    private DoubleFunction<String> axisText = value -> Long.toString(Math.round(value));
    private DoubleFunction<String> valueText = axisText;
    private SpanText timeText = (from, to) -> Long.toString(from);
    private String gapText = "";
    private @Nullable IntConsumer picked;
    private LongFunction<String> tickText = Long::toString;
    private double leastCeiling = 1;
    private double pointer = Double.NaN;
    private double pointerY = Double.NaN;
    private @Nullable Plot painted;

    /** An empty chart. */
    public TimeChart() {
        getStyleClass().add("time-chart");
        for (int i = 1; i <= LAYERS; i++) {
            layerColors.add(color("layer" + i, "-db-layer-" + i));
        }
        getChildren().add(canvas);
        setMinSize(60, 24);
        Em.follow(this, _ -> requestLayout());
        setOnMouseMoved(event -> {
            point(event.getX(), event.getY());
            setCursor(picked != null && layerUnder() >= 0 ? Cursor.HAND : Cursor.DEFAULT);
        });
        setOnMouseExited(_ -> point(Double.NaN, Double.NaN));
        setOnMouseClicked(event -> {
            point(event.getX(), event.getY());
            pick(layerUnder());
        });
        setOnKeyPressed(this::pressed);
        focusedProperty()
                .subscribe(focused -> {
                    if (!focused) {
                        point(Double.NaN, Double.NaN);
                    }
                });
    }

    private void point(double x, double y) {
        pointer = x;
        pointerY = y;
        paint();
    }

    private void pick(int layer) {
        if (picked != null && layer >= 0) {
            picked.accept(layer);
        }
    }

    /** Arrows walk from step to step, as the pointer would; Enter takes the largest layer. */
    private void pressed(KeyEvent event) {
        Plot plot = painted;
        if (plot == null || frame.steps() < 2) {
            return;
        }
        int last = frame.steps() - 1;
        int at = stepUnder(plot);
        switch (event.getCode()) {
            case LEFT ->
                    point(
                            plot.middleOf(this, Math.max(0, (at < 0 ? last + 1 : at) - 1)),
                            Double.NaN);
            case RIGHT ->
                    point(plot.middleOf(this, Math.min(last, at < 0 ? last : at + 1)), Double.NaN);
            case HOME -> point(plot.middleOf(this, 0), Double.NaN);
            case END -> point(plot.middleOf(this, last), Double.NaN);
            case ENTER -> pick(at < 0 ? -1 : largestAt(at));
            default -> {
                return;
            }
        }
        event.consume();
    }

    private int largestAt(int step) {
        int largest = -1;
        for (int layer = 0; layer < frame.layers().size(); layer++) {
            double value = frame.layers().get(layer).at(step);
            if (value > 0 && (largest < 0 || value > frame.layers().get(largest).at(step))) {
                largest = layer;
            }
        }
        return largest;
    }

    /** The step under the pointer; -1 where there is none. */
    private int stepUnder(Plot plot) {
        int steps = frame.steps();
        if (steps < 2
                || Double.isNaN(pointer)
                || pointer < plot.left() - 1
                || pointer > plot.right() + 1) {
            return -1;
        }
        double share = Math.clamp((pointer - plot.left()) / (plot.right() - plot.left()), 0.0, 1.0);
        return form == Form.BARS
                ? Math.min(steps - 1, (int) (share * steps))
                : (int) Math.round(share * (steps - 1));
    }

    /** The layer under the pointer; -1 where there is none. */
    private int layerUnder() {
        Plot plot = painted;
        int at = plot == null ? -1 : stepUnder(plot);
        if (plot == null || at < 0 || Double.isNaN(pointerY)) {
            return -1;
        }
        double below = 0;
        for (int layer = 0; layer < frame.layers().size(); layer++) {
            double value = frame.layers().get(layer).at(at);
            if (value > 0) {
                double top = isStacked() ? below + value : value;
                // Thin layers can be met: a little more than what is painted counts.
                if (pointerY >= plot.y(top) - 3 && pointerY <= plot.y(below) + 3) {
                    return layer;
                }
                below = top;
            }
        }
        return -1;
    }

    private StyleableProperty<Color> color(String property, String css) {
        return new Painted(property, css, layerColors.size());
    }

    /** A colour of the style sheet; the chart is painted anew when it changes. */
    private final class Painted extends StyleableObjectProperty<Color> {
        private final String property;
        private final CssMetaData<TimeChart, Color> meta;

        Painted(String property, String css, int at) {
            super(Color.TRANSPARENT);
            this.property = property;
            this.meta = metaOf(css, at);
        }

        @Override
        protected void invalidated() {
            paint();
        }

        @Override
        public Object getBean() {
            return TimeChart.this;
        }

        @Override
        public String getName() {
            return property;
        }

        @Override
        public CssMetaData<TimeChart, Color> getCssMetaData() {
            return meta;
        }
    }

    private static CssMetaData<TimeChart, Color> metaOf(String css, int at) {
        return FACTORY.createColorCssMetaData(
                css, chart -> chart.styled(css, at), Color.TRANSPARENT, false);
    }

    private StyleableProperty<Color> styled(String css, int at) {
        return switch (css) {
            case "-db-grid" -> grid;
            case "-db-ink" -> ink;
            case "-db-strong-ink" -> strongInk;
            case "-db-surface" -> surface;
            case "-db-edge" -> edge;
            default -> layerColors.get(at);
        };
    }

    /** How layers are drawn. */
    public void setForm(Form wanted) {
        form = wanted;
        setMinWidth(wanted == Form.TREND ? 0 : 60);
        paint();
    }

    /** How values are written at the axis and under the pointer. */
    public void setValueTexts(DoubleFunction<String> axis, DoubleFunction<String> hover) {
        axisText = axis;
        valueText = hover;
    }

    /** How times are written at the axis, and the span of a step under the pointer. */
    public void setTimeTexts(LongFunction<String> axis, SpanText hover) {
        tickText = axis;
        timeText = hover;
    }

    /** What is said under the pointer of a step of which nothing is known. */
    public void setGapText(String text) {
        gapText = text;
    }

    /** Hears the number of the layer that was clicked; the arrow keys and Enter do the same. */
    public void setOnPicked(IntConsumer listener) {
        picked = listener;
        setFocusTraversable(true);
    }

    /** The top of the axis is never lower than this. */
    public void setLeastCeiling(double ceiling) {
        leastCeiling = ceiling;
    }

    /** What is painted. */
    public Frame shown() {
        return frame;
    }

    /** Paints other values. */
    public void show(Frame wanted) {
        frame = wanted;
        paint();
    }

    @Override
    protected void layoutChildren() {
        canvas.setWidth(getWidth());
        canvas.setHeight(getHeight());
        paint();
    }

    @Override
    protected double computePrefHeight(double width) {
        return form == Form.TREND ? 32 : 160;
    }

    @Override
    protected double computePrefWidth(double height) {
        return form == Form.TREND ? 90 : 300;
    }

    private void paint() {
        GraphicsContext g = canvas.getGraphicsContext2D();
        double width = canvas.getWidth();
        double height = canvas.getHeight();
        g.clearRect(0, 0, width, height);
        if (width < 20 || height < 16) {
            return;
        }
        if (form == Form.TREND) {
            Plot plot = new Plot(0, 2, width, height - 2, Math.max(leastCeiling, peak() * 1.2));
            area(g, plot, zeros(), tops(0), layerColor(0));
            line(g, plot, tops(0), layerColor(0), 1.2);
            return;
        }
        double step = niceStep(Math.max(leastCeiling, peak()) / 4);
        double ceiling = step * Math.ceil(Math.max(leastCeiling, peak()) * 1.02 / step);
        g.setFont(font());
        double left = axisWidth(step, ceiling);
        Plot plot =
                new Plot(left, TOP * scale(), width - RIGHT, height - BOTTOM * scale(), ceiling);
        painted = plot;
        gaps(g, plot);
        axes(g, plot, step);
        if (frame.steps() > 1) {
            layers(g, plot);
            hover(g, plot);
        }
    }

    /** Where values go on the canvas. */
    private record Plot(double left, double top, double right, double bottom, double ceiling) {
        double x(int step, int steps) {
            return left + (right - left) * step / Math.max(1, steps - 1);
        }

        double middle(int step, int steps) {
            return left + (right - left) * (step + 0.5) / steps;
        }

        double middleOf(TimeChart chart, int step) {
            int steps = chart.frame.steps();
            return chart.form == Form.BARS ? middle(step, steps) : x(step, steps);
        }

        double y(double value) {
            return bottom - (bottom - top) * Math.min(value, ceiling) / ceiling;
        }
    }

    /** A time of which nothing is known is shaded, so that it is not taken for a quiet one. */
    private void gaps(GraphicsContext g, Plot plot) {
        int steps = frame.steps();
        int from = 0;
        while (from < steps && isUnknown(from)) {
            from++; // before the first figures there was perhaps no server
        }
        g.setFill(ink.getValue().deriveColor(0, 1, 1, 0.13));
        while (from < steps) {
            if (!isUnknown(from)) {
                from++;
                continue;
            }
            int to = from;
            while (to + 1 < steps && isUnknown(to + 1)) {
                to++;
            }
            boolean bars = form == Form.BARS;
            double slot = (plot.right() - plot.left()) / steps;
            double left = bars ? plot.left() + slot * from : plot.x(from - 1, steps);
            double right =
                    bars
                            ? plot.left() + slot * (to + 1)
                            : plot.x(Math.min(steps - 1, to + 1), steps);
            g.fillRect(left, plot.top(), right - left, plot.bottom() - plot.top());
            from = to + 1;
        }
    }

    private boolean isUnknown(int step) {
        Layer known = frame.known();
        return known != null
                ? Double.isNaN(known.at(step))
                : frame.layers().stream().allMatch(layer -> Double.isNaN(layer.at(step)));
    }

    private Color layerColor(int layer) {
        return layerColors.get(Math.min(layer, LAYERS - 1)).getValue();
    }

    private double scale() {
        return Em.of(this) / Em.USUAL;
    }

    private Font font() {
        return Font.font("Inter", 11 * scale());
    }

    private double axisWidth(double step, double ceiling) {
        double widest = 0;
        for (double value = 0; value <= ceiling + step / 2; value += step) {
            Text text = new Text(axisText.apply(value));
            text.setFont(font());
            widest = Math.max(widest, text.getLayoutBounds().getWidth());
        }
        return Math.ceil(widest) + 10;
    }

    private double peak() {
        double peak = 0;
        for (int i = 0; i < frame.steps(); i++) {
            double sum = 0;
            for (Layer layer : frame.layers()) {
                double value = layer.at(i);
                if (!Double.isNaN(value)) {
                    sum = isStacked() ? sum + value : Math.max(sum, value);
                }
            }
            peak = Math.max(peak, sum);
        }
        return peak;
    }

    /** The smallest of 1, 2, 2.5 and 5 times a power of ten that is not less. */
    static double niceStep(double least) {
        double power = Math.pow(10, Math.floor(Math.log10(Math.max(least, 1e-9))));
        for (double factor : new double[] {1, 2, 2.5, 5, 10}) {
            if (factor * power >= least * 0.999_999) {
                return factor * power;
            }
        }
        return 10 * power;
    }

    private void axes(GraphicsContext g, Plot plot, double step) {
        g.setLineWidth(1);
        g.setTextBaseline(VPos.CENTER);
        for (double value = 0; value <= plot.ceiling() + step / 2; value += step) {
            double y = Math.round(plot.y(value)) + 0.5;
            g.setStroke(grid.getValue());
            g.setLineDashes(value == 0 ? new double[0] : new double[] {3, 4});
            g.strokeLine(plot.left(), y, plot.right(), y);
            g.setFill(ink.getValue());
            g.setTextAlign(TextAlignment.RIGHT);
            g.fillText(axisText.apply(value), plot.left() - 8, y);
        }
        g.setLineDashes();
        times(g, plot);
    }

    private void times(GraphicsContext g, Plot plot) {
        int steps = frame.steps();
        if (steps < 2) {
            return;
        }
        long span = frame.stepMillis() * (form == Form.BARS ? steps : steps - 1);
        double half = 14 * scale();
        long every = tickEvery(span, (plot.right() - plot.left()) / scale());
        long first = (frame.fromMillis() + every - 1) / every * every;
        g.setFill(ink.getValue());
        g.setTextBaseline(VPos.BOTTOM);
        g.setTextAlign(TextAlignment.CENTER);
        for (long at = first; at <= frame.fromMillis() + span; at += every) {
            double x =
                    plot.left() + (plot.right() - plot.left()) * (at - frame.fromMillis()) / span;
            if (x - plot.left() > half && plot.right() - x > half) {
                g.fillText(tickText.apply(at), x, plot.bottom() + BOTTOM * scale() - 3);
            }
        }
    }

    private static long tickEvery(long span, double width) {
        long[] minutes = {1, 2, 3, 5, 10, 15, 20, 30, 60, 120, 180, 240, 360, 720};
        for (long every : minutes) {
            if (span / (every * 60_000.0) * 56 <= width) {
                return every * 60_000;
            }
        }
        return 1_440 * 60_000L;
    }

    private double[] zeros() {
        return new double[frame.steps()];
    }

    /** The upper edge of a layer. */
    private double[] tops(int upTo) {
        double[] tops = new double[frame.steps()];
        for (int i = 0; i < tops.length; i++) {
            if (isStacked()) {
                for (int layer = 0; layer <= upTo; layer++) {
                    tops[i] += frame.layers().get(layer).at(i);
                }
            } else {
                tops[i] = frame.layers().get(upTo).at(i);
            }
        }
        return tops;
    }

    private boolean isStacked() {
        return form == Form.STACKED || form == Form.BARS;
    }

    private void layers(GraphicsContext g, Plot plot) {
        int last = frame.layers().size() - 1;
        if (form == Form.BARS) {
            bars(g, plot);
            return;
        }
        if (form == Form.BAND) {
            area(g, plot, tops(0), tops(last), layerColor(last));
            area(g, plot, zeros(), tops(0), layerColor(0));
            for (int layer = last; layer >= 0; layer--) {
                line(g, plot, tops(layer), layerColor(layer), 1.6);
            }
            return;
        }
        double[] below = zeros();
        List<double[]> edges = new ArrayList<>();
        for (int layer = 0; layer <= last; layer++) {
            double[] tops = tops(layer);
            area(g, plot, below, tops, layerColor(layer));
            edges.add(tops);
            below = tops;
        }
        for (int layer = last; layer >= 0; layer--) {
            if (hasValues(layer)) {
                line(g, plot, edges.get(layer), layerColor(layer), 1.6);
            }
        }
    }

    private void bars(GraphicsContext g, Plot plot) {
        int steps = frame.steps();
        double slot = (plot.right() - plot.left()) / steps;
        double width = Math.max(1, Math.min(14, slot * 0.72));
        for (int i = 0; i < steps; i++) {
            double below = 0;
            for (int layer = 0; layer < frame.layers().size(); layer++) {
                double value = frame.layers().get(layer).at(i);
                if (value > 0) {
                    double top = plot.y(below + value);
                    g.setFill(layerColor(layer));
                    g.fillRect(
                            plot.left() + slot * i + (slot - width) / 2,
                            top,
                            width,
                            plot.y(below) - top);
                    below += value;
                }
            }
        }
    }

    private boolean hasValues(int layer) {
        for (int i = 0; i < frame.steps(); i++) {
            if (frame.layers().get(layer).at(i) > 0) {
                return true;
            }
        }
        return false;
    }

    private static void area(
            GraphicsContext g, Plot plot, double[] lower, double[] upper, Color color) {
        Stop top = new Stop(0, color.deriveColor(0, 1, 1, 0.42));
        Stop end = new Stop(1, color.deriveColor(0, 1, 1, 0.06));
        g.setFill(
                new LinearGradient(
                        0, plot.top(), 0, plot.bottom(), false, CycleMethod.NO_CYCLE, top, end));
        int steps = upper.length;
        int from = 0;
        while (from < steps) {
            if (Double.isNaN(upper[from])) {
                from++;
                continue;
            }
            int to = from;
            while (to + 1 < steps && !Double.isNaN(upper[to + 1])) {
                to++;
            }
            g.beginPath();
            g.moveTo(plot.x(from, steps), plot.y(upper[from]));
            for (int i = from; i <= to; i++) {
                g.lineTo(plot.x(i, steps), plot.y(upper[i]));
            }
            for (int i = to; i >= from; i--) {
                g.lineTo(plot.x(i, steps), plot.y(Double.isNaN(lower[i]) ? 0 : lower[i]));
            }
            g.closePath();
            g.fill();
            from = to + 1;
        }
    }

    private static void line(
            GraphicsContext g, Plot plot, double[] values, Color color, double width) {
        g.setStroke(color);
        g.setLineWidth(width);
        int steps = values.length;
        boolean drawing = false;
        g.beginPath();
        for (int i = 0; i < steps; i++) {
            if (Double.isNaN(values[i])) {
                drawing = false;
            } else if (drawing) {
                g.lineTo(plot.x(i, steps), plot.y(values[i]));
            } else {
                g.moveTo(plot.x(i, steps), plot.y(values[i]));
                drawing = true;
            }
        }
        g.stroke();
        g.setFill(color);
        for (int i = 0; i < steps; i++) {
            boolean before = i > 0 && !Double.isNaN(values[i - 1]);
            boolean after = i + 1 < steps && !Double.isNaN(values[i + 1]);
            if (!Double.isNaN(values[i]) && !before && !after) {
                g.fillOval(plot.x(i, steps) - 2, plot.y(values[i]) - 2, 4, 4); // a lone value
            }
        }
    }

    private void hover(GraphicsContext g, Plot plot) {
        int at = stepUnder(plot);
        if (at < 0) {
            return;
        }
        int steps = frame.steps();
        boolean bars = form == Form.BARS;
        double x = Math.round(bars ? plot.middle(at, steps) : plot.x(at, steps)) + 0.5;
        g.setStroke(ink.getValue());
        g.setLineWidth(1);
        g.strokeLine(x, plot.top(), x, plot.bottom());
        List<String> names = new ArrayList<>();
        List<String> values = new ArrayList<>();
        boolean unknown = isUnknown(at);
        for (int layer = frame.layers().size() - 1; layer >= 0 && !unknown; layer--) {
            double value = frame.layers().get(layer).at(at);
            names.add(frame.layers().get(layer).name());
            values.add(Double.isNaN(value) ? "–" : valueText.apply(value));
            if (!bars && !Double.isNaN(value) && hasValues(layer)) {
                g.setFill(layerColor(layer));
                g.fillOval(x - 3, plot.y(tops(layer)[at]) - 3, 6, 6);
            }
        }
        box(
                g,
                plot,
                x,
                timeText.of(
                                frame.fromMillis() + at * frame.stepMillis(),
                                frame.fromMillis() + (at + 1) * frame.stepMillis())
                        + (unknown ? "\n" + gapText : ""),
                names,
                values);
    }

    private void box(
            GraphicsContext g,
            Plot plot,
            double x,
            String title,
            List<String> names,
            List<String> values) {
        List<String> lines = title.lines().toList();
        double by = scale();
        double wide = 0;
        for (String each : lines) {
            Text text = new Text(each);
            text.setFont(font());
            wide = Math.max(wide, text.getLayoutBounds().getWidth() - 24 * by);
        }
        for (int i = 0; i < names.size(); i++) {
            Text text = new Text(names.get(i) + "   " + values.get(i));
            text.setFont(font());
            wide = Math.max(wide, text.getLayoutBounds().getWidth());
        }
        double width = Math.max(96 * by, wide + 44 * by);
        double line = 16 * by;
        double row = 17 * by;
        double head = line * lines.size();
        double height = 10 * by + head + row * names.size();
        double left = x + 12 + width > plot.right() ? x - 12 - width : x + 12;
        double top = plot.top() + 2;
        g.setFill(surface.getValue());
        g.fillRoundRect(left, top, width, height, 8, 8);
        g.setStroke(edge.getValue());
        g.strokeRoundRect(left + 0.5, top + 0.5, width - 1, height - 1, 8, 8);
        g.setTextBaseline(VPos.CENTER);
        g.setTextAlign(TextAlignment.LEFT);
        for (int i = 0; i < lines.size(); i++) {
            g.setFill((i == 0 ? strongInk : ink).getValue());
            g.fillText(lines.get(i), left + 10 * by, top + 13 * by + line * i);
        }
        for (int i = 0; i < names.size(); i++) {
            double y = top + head + 14 * by + row * i;
            g.setFill(layerColor(names.size() - 1 - i));
            g.fillOval(left + 10 * by, y - 3.5 * by, 7 * by, 7 * by);
            g.setTextAlign(TextAlignment.LEFT);
            g.setFill(ink.getValue());
            g.fillText(names.get(i), left + 23 * by, y);
            g.setTextAlign(TextAlignment.RIGHT);
            g.setFill(strongInk.getValue());
            g.fillText(values.get(i), left + width - 10 * by, y);
        }
    }

    @Override
    public List<CssMetaData<? extends Styleable, ?>> getCssMetaData() {
        List<CssMetaData<? extends Styleable, ?>> all =
                new ArrayList<>(Region.getClassCssMetaData());
        for (StyleableProperty<Color> color : colors()) {
            all.add(color.getCssMetaData());
        }
        return all;
    }

    private List<StyleableProperty<Color>> colors() {
        List<StyleableProperty<Color>> all = new ArrayList<>(layerColors);
        all.addAll(List.of(grid, ink, strongInk, surface, edge));
        return all;
    }
}
