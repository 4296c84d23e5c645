package drawbridge.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import drawbridge.console.supervise.ServerEnvironment;
import drawbridge.server.config.Setting;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The console names what its server may see, and the server what it reads; only here both are
 * known.
 */
class EnvironmentTest {
    @ParameterizedTest
    @EnumSource(
            value = Setting.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"DATA_DIR", "LISTEN_PORT", "ADMIN_PORT"}) // the console gives these itself
    void letsEverySettingThrough(Setting setting) {
        assertThat(ServerEnvironment.isAllowed(setting.variable())).isTrue();
        if (setting.isSecret()) {
            assertThat(ServerEnvironment.isAllowed(setting.variable() + "_FILE")).isTrue();
        }
    }
}
