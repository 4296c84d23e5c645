package drawbridge.server.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.joran.spi.ConsoleTarget;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.TriggeringPolicyBase;
import ch.qos.logback.core.spi.FilterReply;

import drawbridge.server.Platform;
import drawbridge.server.Version;
import drawbridge.server.config.ServerConfig;
import drawbridge.server.config.ServerConfig.LogLevel;
import drawbridge.server.config.ServerConfig.LogReceiver;

import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.slf4j.MarkerFactory;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The server's log: a readable line on the error stream for the person who started it, and {@code
 * logs/server.jsonl} in the data folder with every field, for the console and for machines. Rolled
 * at 10 MiB into {@code server.1.jsonl} to {@code server.4.jsonl}.
 */
public final class ServerLogging implements AutoCloseable {
    /** For what the person at the error stream is told in other words: it goes to the file only. */
    public static final Marker FILE_ONLY = MarkerFactory.getMarker("FILE_ONLY");

    /** The logger of audit rows: on only while lines are sent elsewhere, and for there only. */
    public static final String AUDIT = "drawbridge.audit";

    private static final long MOST_BYTES = 10L << 20;
    private static final int OLD_FILES = 4;

    /** Libraries that tell at INFO what is of use to their own developers. */
    private static final List<String> TALKATIVE =
            List.of("com.zaxxer.hikari", "org.flywaydb", "org.eclipse.jetty", "io.javalin");

    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(ServerLogging.class);

    /** Line ends in a message would let whoever caused it forge lines. */
    private static final String PATTERN =
            "%date{HH:mm:ss.SSS} %-5level %logger{0} %replace(%msg %kvp{NONE}){'[\\r\\n]+', ' '}%replace( %ex{0}){'[\\r\\n]+', ' '}%n";

    private final LoggerContext context;
    private final Optional<LogShipping> shipping;

    private ServerLogging(LoggerContext context, Optional<LogShipping> shipping) {
        this.context = context;
        this.shipping = shipping;
    }

    /** Only what is wrong, on the error stream: for commands that print their own answer. */
    public static void quiet() {
        LoggerContext context = fresh();
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.WARN);
        context.getLogger(AUDIT).setLevel(Level.OFF);
        addConsole(context);
    }

    /**
     * Starts both logs, and the sending of their lines where there is a receiver.
     *
     * @param node the server's name, which a receiver is told
     * @param logs the folder of the log file; made (0700) when absent
     * @throws IOException when the file cannot be written
     */
    public static ServerLogging start(
            ServerConfig.Log config, String node, Path logs, Platform platform) throws IOException {
        ServerLogging logging = start(config.level(), logs, platform, MOST_BYTES);
        return config.receiver()
                .map(receiver ->
                        new ServerLogging(
                                logging.context,
                                Optional.of(shipTo(receiver, node, logging.context))))
                .orElse(logging);
    }

    private static LogShipping shipTo(LogReceiver receiver, String node, LoggerContext context) {
        LogShipping shipping =
                LogShipping.start(receiver, node, Version.current(), ProcessHandle.current().pid());
        UnsynchronizedAppenderBase<ILoggingEvent> appender = shipping.appender();
        appender.setContext(context);
        appender.start();
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
        Logger audit = context.getLogger(AUDIT);
        audit.setLevel(Level.INFO);
        audit.addAppender(appender);
        return shipping;
    }

    /** The sending of lines elsewhere; empty where there is no receiver. */
    public Optional<LogShipping> shipping() {
        return shipping;
    }

    static ServerLogging start(LogLevel level, Path logs, Platform platform) throws IOException {
        return start(level, logs, platform, MOST_BYTES);
    }

    static ServerLogging start(LogLevel level, Path logs, Platform platform, long mostBytes)
            throws IOException {
        if (Files.notExists(logs)) {
            platform.createPrivateFolder(logs);
        }
        Path file = logs.resolve("server.jsonl");
        LoggerContext context = fresh();
        Level least = Level.toLevel(level.name());
        Level others = least.isGreaterOrEqual(Level.WARN) ? least : Level.WARN;
        context.getLogger(Logger.ROOT_LOGGER_NAME)
                .setLevel(least.isGreaterOrEqual(Level.INFO) ? least : Level.INFO);
        context.getLogger("drawbridge").setLevel(least);
        context.getLogger(AUDIT).setLevel(Level.OFF);
        context.getLogger(AUDIT).setAdditive(false);
        TALKATIVE.forEach(name -> context.getLogger(name).setLevel(others));
        addConsole(context);
        addFile(context, file, platform, mostBytes);
        if (!Files.isWritable(file)) {
            throw new IOException("the log file " + file + " cannot be written");
        }
        return new ServerLogging(context, Optional.empty());
    }

    private static LoggerContext fresh() {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        return context;
    }

    private static void addConsole(LoggerContext context) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.setPattern(PATTERN);
        encoder.start();
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setTarget(ConsoleTarget.SystemErr.getName());
        console.setEncoder(encoder);
        console.addFilter(new ForPeople());
        console.start();
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(console);
    }

    private static void addFile(
            LoggerContext context, Path file, Platform platform, long mostBytes) {
        JsonLines encoder = new JsonLines();
        encoder.setContext(context);
        encoder.start();
        PrivateRollingFile appender = new PrivateRollingFile(platform);
        appender.setContext(context);
        appender.setFile(file.toString());
        appender.setEncoder(encoder);
        FixedWindowRollingPolicy rolling = new FixedWindowRollingPolicy();
        rolling.setContext(context);
        rolling.setParent(appender);
        rolling.setFileNamePattern(file.resolveSibling("server.%i.jsonl").toString());
        rolling.setMinIndex(1);
        rolling.setMaxIndex(OLD_FILES);
        rolling.start();
        BySize trigger = new BySize(mostBytes);
        trigger.setContext(context);
        trigger.start();
        appender.setRollingPolicy(rolling);
        appender.setTriggeringPolicy(trigger);
        appender.start();
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
    }

    /** Writes and sends out what is left and ends both logs; later lines are lost. */
    @Override
    public void close() {
        shipping.map(LogShipping::end)
                .filter(left -> left > 0)
                .ifPresent(left -> LOG.warn("the receiver of logs did not get lines={}", left));
        context.stop();
    }

    /** Keeps from the error stream what the person there is told in other words. */
    private static final class ForPeople extends Filter<ILoggingEvent> {
        @Override
        public FilterReply decide(ILoggingEvent event) {
            List<Marker> markers = event.getMarkerList();
            boolean elsewhere =
                    (markers != null && markers.contains(FILE_ONLY))
                            || event.getMessage().equals("Failed to start Javalin");
            return elsewhere ? FilterReply.DENY : FilterReply.NEUTRAL;
        }
    }

    /** Rolls at the size itself; the library's own policy looks only now and then. */
    private static final class BySize extends TriggeringPolicyBase<ILoggingEvent> {
        private final long mostBytes;

        BySize(long mostBytes) {
            this.mostBytes = mostBytes;
        }

        @Override
        public boolean isTriggeringEvent(File active, ILoggingEvent event) {
            return active.length() >= mostBytes;
        }
    }
}
