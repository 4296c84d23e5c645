package drawbridge.server.cli;

import drawbridge.server.config.ConfigLoader;
import drawbridge.server.config.Loaded;
import drawbridge.server.config.Setting;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** The options that say where the settings are, and the few settings that are options too. */
final class ConfigOptions {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Settings file; the environment wins over it.")
    private @Nullable Path file;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Data folder: database, keys, admin token, logs. One process owns it.")
    private @Nullable String dataDir;

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "Port of the public listener; 0 takes any free one.")
    private @Nullable Integer port;

    @Option(
            names = "--admin-port",
            paramLabel = "N",
            description = "Port of the admin listener; 0 takes any free one.")
    private @Nullable Integer adminPort;

    Loaded load(Map<String, String> environment) {
        Map<Setting, String> given = new EnumMap<>(Setting.class);
        if (dataDir != null) {
            given.put(Setting.DATA_DIR, dataDir);
        }
        if (port != null) {
            given.put(Setting.LISTEN_PORT, port.toString());
        }
        if (adminPort != null) {
            given.put(Setting.ADMIN_PORT, adminPort.toString());
        }
        return new ConfigLoader(environment, Runtime.getRuntime().availableProcessors())
                .load(Optional.ofNullable(file), given);
    }
}
