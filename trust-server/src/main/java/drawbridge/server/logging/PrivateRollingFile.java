package drawbridge.server.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.RollingFileAppender;

import drawbridge.server.Platform;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/** A rolling file that only its owner may read, also after it was rolled. */
final class PrivateRollingFile extends RollingFileAppender<ILoggingEvent> {
    private final Platform platform;
    private final ReentrantLock oneByOne = new ReentrantLock();

    PrivateRollingFile(Platform platform) {
        this.platform = platform;
    }

    /**
     * A line's time is taken on its own thread, and the line written later: without this, two lines
     * could stand the wrong way round.
     */
    @Override
    protected void subAppend(ILoggingEvent event) {
        oneByOne.lock();
        try {
            super.subAppend(event);
        } finally {
            oneByOne.unlock();
        }
    }

    @Override
    public void openFile(String file) throws IOException {
        platform.openPrivate(
                        Path.of(file), Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND))
                .close();
        super.openFile(file);
    }
}
