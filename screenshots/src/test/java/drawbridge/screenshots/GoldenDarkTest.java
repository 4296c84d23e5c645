package drawbridge.screenshots;

final class GoldenDarkTest extends GoldenTest {
    @Override
    String theme() {
        return "dark";
    }
}
