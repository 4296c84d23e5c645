package drawbridge.server.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.RollingFileAppender;

import drawbridge.server.Platform;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** A rolling file that only its owner may read, also after it was rolled. */
final class PrivateRollingFile extends RollingFileAppender<ILoggingEvent> {
    private final Platform platform;

    PrivateRollingFile(Platform platform) {
        this.platform = platform;
    }

    @Override
    public void openFile(String file) throws IOException {
        platform.openPrivate(
                        Path.of(file), Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND))
                .close();
        super.openFile(file);
    }
}
