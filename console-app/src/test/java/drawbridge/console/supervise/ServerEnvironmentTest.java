package drawbridge.console.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerEnvironmentTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "PATH",
                "Path",
                "HOME",
                "LANG",
                "LC_ALL",
                "TZ",
                "TMPDIR",
                "SystemRoot",
                "JAVA_HOME",
                "BRIDGE_SECRET",
                "BRIDGE_VALIDATION_SECRET_FILE",
                "DATABASE_URL",
                "REDIS_URL",
                "DRAWBRIDGE_MASTER_KEY_FILE",
                "DRAWBRIDGE_TRUSTED_PROXIES"
            })
    void lets(String name) {
        assertThat(ServerEnvironment.isAllowed(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DRAWBRIDGE_CANARY",
                "FOO",
                "LC",
                "BRIDGE_SECRET_FILE_FILE",
                "bridge_secret",
                "AWS_SECRET_ACCESS_KEY",
                "JAVA_TOOL_OPTIONS",
                "JDK_JAVA_OPTIONS",
                "LD_PRELOAD",
                "DRAWBRIDGE_DATA_DIR",
                "DRAWBRIDGE_PORT",
                "_JPACKAGE_LAUNCHER",
                "DISPLAY",
                ""
            })
    void keeps(String name) {
        assertThat(ServerEnvironment.isAllowed(name)).isFalse();
    }
}
