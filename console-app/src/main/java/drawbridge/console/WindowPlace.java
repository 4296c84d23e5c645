package drawbridge.console;

import drawbridge.console.ui.Remembered;

import javafx.geometry.Rectangle2D;
import javafx.stage.Screen;
import javafx.stage.Stage;

import java.util.Optional;

/** Where the window is and how large; remembered from one start to the next. On the FX thread. */
final class WindowPlace {
    private static final String KEY = "window.place";
    private static final String MAXIMIZED = "window.maximized";
    private static final double SMALLEST_WIDTH = 900;
    private static final double SMALLEST_HEIGHT = 500; // a screen of 1920 × 1080 at 200 % has 540
    private static final double USUAL_WIDTH = 1_440;
    private static final double USUAL_HEIGHT = 930;

    private final Remembered remembered;
    private Optional<Rectangle2D> unmaximized = Optional.empty();

    WindowPlace(Remembered remembered) {
        this.remembered = remembered;
    }

    /** Puts the window where it was, unless no screen is there any more. */
    void restore(Stage stage) {
        stage.setMinWidth(SMALLEST_WIDTH);
        stage.setMinHeight(SMALLEST_HEIGHT);
        remembered
                .find(KEY)
                .flatMap(WindowPlace::read)
                .filter(WindowPlace::isOnAScreen)
                .ifPresentOrElse(
                        place -> {
                            unmaximized = Optional.of(place);
                            stage.setX(place.getMinX());
                            stage.setY(place.getMinY());
                            stage.setWidth(place.getWidth());
                            stage.setHeight(place.getHeight());
                        },
                        () -> fit(stage));
        stage.setMaximized(remembered.find(MAXIMIZED).filter("true"::equals).isPresent());
    }

    /** The first time: as large as the screens were drawn for, title bar included if it fits. */
    private static void fit(Stage stage) {
        Rectangle2D room = Screen.getPrimary().getVisualBounds();
        stage.setWidth(Math.min(USUAL_WIDTH, room.getWidth()));
        stage.setHeight(Math.min(USUAL_HEIGHT, room.getHeight()));
    }

    /** Remembers where it is now. */
    void remember(Stage stage) {
        if (stage.isIconified() || stage.getWidth() <= 0) {
            return;
        }
        if (!stage.isMaximized()) {
            unmaximized =
                    Optional.of(
                            new Rectangle2D(
                                    stage.getX(),
                                    stage.getY(),
                                    stage.getWidth(),
                                    stage.getHeight()));
        }
        unmaximized.ifPresent(place -> remembered.put(KEY, write(place)));
        remembered.put(MAXIMIZED, Boolean.toString(stage.isMaximized()));
    }

    static String write(Rectangle2D place) {
        return "%d %d %d %d"
                .formatted(
                        Math.round(place.getMinX()),
                        Math.round(place.getMinY()),
                        Math.round(place.getWidth()),
                        Math.round(place.getHeight()));
    }

    static Optional<Rectangle2D> read(String text) {
        if (!text.matches("(-?[0-9]{1,5} ){2}[0-9]{1,5} [0-9]{1,5}")) {
            return Optional.empty();
        }
        String[] numbers = text.split(" ", -1);
        return Optional.of(
                new Rectangle2D(
                        Integer.parseInt(numbers[0]),
                        Integer.parseInt(numbers[1]),
                        Integer.parseInt(numbers[2]),
                        Integer.parseInt(numbers[3])));
    }

    private static boolean isOnAScreen(Rectangle2D place) {
        return !Screen.getScreensForRectangle(place).isEmpty();
    }
}
