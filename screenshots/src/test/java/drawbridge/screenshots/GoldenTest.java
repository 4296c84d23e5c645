package drawbridge.screenshots;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.console.ui.Theme;

import javafx.application.Platform;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/**
 * Every screen looks as it was last approved. A picture that changed is written, with the
 * difference, under {@code target/differences}; {@code mvn -Pgolden -pl screenshots -am verify}
 * renews the approved ones.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class GoldenTest {
    /** Fonts are drawn a little differently by other versions of the font libraries. */
    private static final int CHANNEL_TOLERANCE = 48;

    private static final double MOST_DIFFERENT = 0.004;

    private static final boolean RENEW = Boolean.getBoolean("golden.renew");
    private static final Path GOLDEN = Path.of(System.getProperty("golden.folder", "golden"));
    private static final Path DIFFERENCES =
            Path.of(System.getProperty("golden.differences", "target/differences"));

    private static final AtomicBoolean STARTED = new AtomicBoolean();

    /** Once in a JVM, whichever test comes first. */
    @BeforeAll
    static void startToolkit() throws InterruptedException {
        if (STARTED.getAndSet(true)) {
            return;
        }
        CountDownLatch started = new CountDownLatch(1);
        Platform.startup(started::countDown);
        assertThat(started.await(180, TimeUnit.SECONDS)).isTrue();
        Platform.setImplicitExit(false);
    }

    /** {@code dark} or {@code light}: a class for each, as two JVMs draw at once. */
    abstract String theme();

    static Stream<String> pictures() {
        return ScreenshotTour.stops().stream()
                .flatMap(stop -> Stream.of(stop.name() + "-dark", stop.name() + "-light"));
    }

    Stream<String> picturesOfTheme() {
        return pictures().filter(name -> name.endsWith("-" + theme()));
    }

    @ParameterizedTest
    @MethodSource("picturesOfTheme")
    void looksAsApproved(String name) throws Exception {
        BufferedImage seen = render(name);
        Path approved = GOLDEN.resolve(name + ".png");

        if (RENEW) {
            write(seen, approved);
            return;
        }
        assertThat(approved).as("approved picture; see the class on how to make it").exists();
        BufferedImage expected = ImageIO.read(approved.toFile());
        assertThat(seen.getWidth()).isEqualTo(expected.getWidth());
        assertThat(seen.getHeight()).isEqualTo(expected.getHeight());
        double share = share(pixels(seen), pixels(expected));
        if (share > MOST_DIFFERENT) {
            write(seen, DIFFERENCES.resolve(name + "-seen.png"));
            write(difference(seen, expected), DIFFERENCES.resolve(name + "-difference.png"));
        }
        assertThat(share)
                .as("share of pixels that differ; pictures are in %s", DIFFERENCES)
                .isLessThanOrEqualTo(MOST_DIFFERENT);
    }

    private static BufferedImage render(String name) throws Exception {
        boolean dark = name.endsWith("-dark");
        String stopName = name.substring(0, name.lastIndexOf('-'));
        ScreenshotTour.Stop stop =
                ScreenshotTour.stops().stream()
                        .filter(each -> each.name().equals(stopName))
                        .findFirst()
                        .orElseThrow();
        CompletableFuture<BufferedImage> picture = new CompletableFuture<>();
        Platform.runLater(() -> {
            try {
                picture.complete(
                        ScreenshotTour.render(stop, dark ? Theme.Choice.DARK : Theme.Choice.LIGHT));
            } catch (RuntimeException | Error e) {
                picture.completeExceptionally(e);
            }
        });
        return picture.get(180, TimeUnit.SECONDS);
    }

    private static int[] pixels(BufferedImage image) {
        int width = image.getWidth();
        return image.getRGB(0, 0, width, image.getHeight(), null, 0, width);
    }

    private static double share(int[] seen, int[] expected) {
        long different = 0;
        for (int i = 0; i < seen.length; i++) {
            if (seen[i] != expected[i] && differs(seen[i], expected[i])) {
                different++;
            }
        }
        return (double) different / seen.length;
    }

    /** What differs in red over a dimmed picture. */
    private static BufferedImage difference(BufferedImage seen, BufferedImage expected) {
        int[] painted = pixels(seen);
        int[] approved = pixels(expected);
        for (int i = 0; i < painted.length; i++) {
            painted[i] = differs(painted[i], approved[i]) ? 0xff0000 : painted[i] >> 2 & 0x3f3f3f;
        }
        int width = seen.getWidth();
        BufferedImage difference =
                new BufferedImage(width, seen.getHeight(), BufferedImage.TYPE_INT_RGB);
        difference.setRGB(0, 0, width, seen.getHeight(), painted, 0, width);
        return difference;
    }

    private static boolean differs(int a, int b) {
        for (int shift = 0; shift <= 16; shift += 8) {
            if (Math.abs((a >> shift & 255) - (b >> shift & 255)) > CHANNEL_TOLERANCE) {
                return true;
            }
        }
        return false;
    }

    private static void write(BufferedImage picture, Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.deleteIfExists(file);
        ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
        ImageWriteParam smallest = writer.getDefaultWriteParam();
        smallest.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        smallest.setCompressionQuality(0); // of PNG: the slowest and smallest, without loss
        try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(picture, null, null), smallest);
            out.flush();
        } finally {
            writer.dispose();
        }
    }
}
