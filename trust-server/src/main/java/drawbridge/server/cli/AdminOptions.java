package drawbridge.server.cli;

import drawbridge.model.tls.CertificatePin;
import drawbridge.server.config.ConfigLoader;
import drawbridge.server.config.Loaded;
import drawbridge.server.config.ServerConfig;
import drawbridge.server.config.Setting;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.net.URI;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** Which server a command is meant for, and how it prints. */
final class AdminOptions {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Settings file of the server; the environment wins over it.")
    private @Nullable Path file;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Data folder of the server; it tells where the server answers.")
    private @Nullable String dataDir;

    @Option(
            names = "--admin-url",
            paramLabel = "URL",
            description = "Admin listener of the server, instead of asking the data folder.")
    private @Nullable URI adminUrl;

    @Option(
            names = "--admin-token-file",
            paramLabel = "FILE",
            description = "File that holds the admin token, instead of the data folder's.")
    private @Nullable Path tokenFile;

    @Option(
            names = "--admin-certificate",
            paramLabel = "SHA256",
            description =
                    "SHA-256 fingerprint of the certificate that server has to show; any other is refused.")
    private @Nullable String certificate;

    @Option(names = "--json", description = "Prints the answer as one JSON object.")
    private boolean json;

    boolean json() {
        return json;
    }

    Optional<URI> adminUrl() {
        return Optional.ofNullable(adminUrl);
    }

    /** The certificate that the server has to show; empty when any good one will do. */
    Optional<CertificatePin> certificate() {
        String text = certificate;
        return text == null
                ? Optional.empty()
                : Optional.of(
                        CertificatePin.parse(text)
                                .orElseThrow(() ->
                                        new CommandFailure(
                                                ExitCodes.USAGE,
                                                "--admin-certificate needs a SHA-256 fingerprint, 64 hexadecimal digits")));
    }

    Optional<Path> tokenFile() {
        return Optional.ofNullable(tokenFile);
    }

    /** The settings of the server that is meant. */
    ServerConfig config(Map<String, String> environment) {
        Map<Setting, String> given = new EnumMap<>(Setting.class);
        if (dataDir != null) {
            given.put(Setting.DATA_DIR, dataDir);
        }
        Loaded loaded =
                new ConfigLoader(environment, Runtime.getRuntime().availableProcessors())
                        .load(Optional.ofNullable(file), given);
        return switch (loaded) {
            case Loaded.Good(ServerConfig good) -> good;
            case Loaded.Wrong(var problems) ->
                    throw new CommandFailure(
                            ExitCodes.USAGE,
                            "the settings are wrong: " + String.join("; ", problems));
        };
    }
}
