package drawbridge.console.ui;

import javafx.scene.image.Image;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.stream.IntStream;

/** The program's mark, a gate in a shield, in the sizes that window systems ask for. */
public final class AppIcons {
    private static final int[] SIZES = {16, 32, 48, 64, 128, 256};

    private AppIcons() {}

    /** All sizes, the smallest first. */
    public static List<Image> all() {
        return IntStream.of(SIZES).mapToObj(AppIcons::load).toList();
    }

    private static Image load(int size) {
        String name = "/drawbridge/console/icons/drawbridge-" + size + ".png";
        try (InputStream in = AppIcons.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("icon is missing: " + name);
            }
            return new Image(in);
        } catch (IOException e) {
            throw new IllegalStateException("icon cannot be read: " + name, e);
        }
    }
}
