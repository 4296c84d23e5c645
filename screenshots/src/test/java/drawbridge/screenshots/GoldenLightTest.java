package drawbridge.screenshots;

final class GoldenLightTest extends GoldenTest {
    @Override
    String theme() {
        return "light";
    }
}
