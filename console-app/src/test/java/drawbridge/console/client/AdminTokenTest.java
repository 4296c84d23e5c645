package drawbridge.console.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

class AdminTokenTest {
    @TempDir private Path folder;

    @Test
    void takesTheEnvironmentBeforeFiles() throws IOException {
        Files.writeString(folder.resolve("admin-token"), "from-folder\n");
        Path named = Files.writeString(folder.resolve("named"), "from-named\r\n");

        assertThat(AdminToken.find(folder, Map.of())).isEqualTo(token("from-folder"));
        assertThat(AdminToken.find(folder, Map.of("DRAWBRIDGE_ADMIN_TOKEN_FILE", named.toString())))
                .isEqualTo(token("from-named"));
        assertThat(
                        AdminToken.find(
                                folder,
                                Map.of(
                                        "DRAWBRIDGE_ADMIN_TOKEN",
                                        "from-variable",
                                        "DRAWBRIDGE_ADMIN_TOKEN_FILE",
                                        named.toString())))
                .isEqualTo(token("from-variable"));
    }

    @Test
    void saysWhereItLookedWhenThereIsNone() {
        assertThatThrownBy(() -> AdminToken.find(folder, Map.of()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(folder.resolve("admin-token").toString());
    }

    @Test
    void refusesWhatCannotStandInAHeaderWithoutShowingIt() throws IOException {
        Files.writeString(folder.resolve("admin-token"), "two\nlines");

        assertThatThrownBy(() -> AdminToken.find(folder, Map.of()))
                .isInstanceOf(IOException.class)
                .message()
                .doesNotContain("two");
    }

    private static AdminToken token(String text) {
        return AdminToken.of(text.getBytes(StandardCharsets.US_ASCII));
    }
}
