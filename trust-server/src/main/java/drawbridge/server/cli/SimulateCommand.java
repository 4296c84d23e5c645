package drawbridge.server.cli;

import drawbridge.model.IpAddress;
import drawbridge.model.Secret;
import drawbridge.server.config.Reason;
import drawbridge.server.config.SecretFile;
import drawbridge.server.config.Units;
import drawbridge.server.simulate.ServerCounts;
import drawbridge.server.simulate.Simulation;
import drawbridge.server.simulate.SimulationException;
import drawbridge.server.simulate.SimulationPlan;
import drawbridge.server.simulate.SimulationReport;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** {@code simulate}: traffic for a running server, and a judgement of its answers. */
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.Provider.class,
        description = {
            "Sends simulated traffic to a running server and checks every answer.",
            "",
            "People who do not exist (ada.0042@simulation.invalid) register, log in and out, and are validated in all three modes, most of them from the place they logged in from and some from another one. The server must run on this machine and trust the address this comes from: start it with DRAWBRIDGE_TRUSTED_PROXIES=127.0.0.2/32. The people stay in its database.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every request that had to be refused was not trusted",
            "1:a request that had to be refused was answered \"valid\"",
            "2:it could not begin; the message says why",
            "6:too little was answered to tell"
        })
final class SimulateCommand implements Callable<Integer> {
    private static final Duration LONGEST = Duration.ofMinutes(10);

    /** Whoever holds the input ends it before. */
    private static final Duration ENDLESS = Duration.ofDays(365);

    private static final Duration REPORT_PATIENCE = Duration.ofSeconds(20);
    private static final int MOST_RATE = 5000;
    private static final int MOST_USERS = 100_000;

    private static final String DEFAULT_URL = "http://127.0.0.1:7070";

    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = DEFAULT_URL,
            description = "The server's public address (default: ${DEFAULT-VALUE}).")
    private String url = "";

    @Option(
            names = "--admin-url",
            paramLabel = "URL",
            description =
                    "The server's admin address; with a token, its own counts are compared with what was seen here.")
    private @Nullable String adminUrl;

    @Option(
            names = "--admin-token-file",
            paramLabel = "FILE",
            description = "File with the admin token.")
    private @Nullable Path adminTokenFile;

    @Option(
            names = "--bridge-secret-file",
            paramLabel = "FILE",
            description =
                    "File with the bridge secret; without it --data-dir, then BRIDGE_SECRET counts.")
    private @Nullable Path bridgeSecretFile;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Takes the secrets from DIR/bridge-secret and DIR/admin-token.")
    private @Nullable Path dataDir;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            defaultValue = "60s",
            description = "How long, at most 10m (default: ${DEFAULT-VALUE}).")
    private String duration = "";

    @Option(
            names = "--warm-up",
            paramLabel = "TIME",
            defaultValue = "3s",
            description =
                    "Tells the times of this first part apart, at most half of all: both programs are still being compiled then (default: ${DEFAULT-VALUE}).")
    private String warmUp = "";

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "200",
            description = "Requests a second, at most 5000 (default: ${DEFAULT-VALUE}).")
    private int rate;

    @Option(
            names = "--users",
            paramLabel = "N",
            defaultValue = "200",
            description =
                    "Simulated users; registering each costs the server a password hash (default: ${DEFAULT-VALUE}).")
    private int users;

    @Option(
            names = "--changed",
            paramLabel = "PERCENT",
            defaultValue = "4",
            description =
                    "Share of validations from another ip, device or agent (default: ${DEFAULT-VALUE}).")
    private double changed;

    @Option(
            names = "--storm",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "Logins with wrong passwords a second besides, each of another account and from another network, at most 1000 (default: ${DEFAULT-VALUE}).")
    private int storm;

    @Option(
            names = "--from",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.2",
            description =
                    "Loopback address to connect from, the \"proxy\" (default: ${DEFAULT-VALUE}).")
    private String from = "";

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "The same seed asks the same things in the same order (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--until-input-ends",
            description =
                    "Goes on until standard input ends, instead of for --duration: whoever started this ends it by closing its input, or by ending.")
    private boolean untilInputEnds;

    @Option(names = "--json", description = "Prints the report as one JSON object.")
    private boolean json;

    private final Terminal terminal;

    SimulateCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (Secret secret = bridgeSecret()) {
            Optional<ServerCounts> counts = counts();
            Simulation simulation = new Simulation(plan(secret), counts, System::nanoTime);
            CompletableFuture<Integer> code = new CompletableFuture<>();
            Thread hook = new Thread(() -> endAtSignal(simulation, code), "signal");
            Runtime.getRuntime().addShutdownHook(hook);
            if (untilInputEnds) {
                Thread.ofPlatform()
                        .name("input")
                        .daemon()
                        .start(() -> endWithInput(simulation, terminal.in()));
            }
            try {
                code.complete(run(simulation, counts.map(ServerCounts::adminUrl)));
            } finally {
                code.complete(ExitCodes.FAULT); // unless it ended well
                forget(hook);
            }
            return code.join();
        } catch (SimulationException e) {
            throw new CommandFailure(ExitCodes.USAGE, Reason.of(e), e);
        }
    }

    private int run(Simulation simulation, Optional<URI> askedAt) throws InterruptedException {
        SimulationReport report =
                simulation.run(line -> {
                    if (!json) {
                        terminal.err().println(line);
                    }
                });
        SimulationPrinter printer = new SimulationPrinter(terminal.out(), askedAt);
        if (json) {
            printer.printJson(report);
        } else {
            printer.print(report);
        }
        if (report.wrong() > 0) {
            return ExitCodes.FAULT;
        }
        return report.isInconclusive() ? ExitCodes.UNREACHABLE : ExitCodes.OK;
    }

    /** The end of the input ends the simulation, whether it was closed or its holder has gone. */
    private static void endWithInput(Simulation simulation, InputStream input) {
        try {
            long _ = input.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // An input that cannot be read any more has ended too.
        } finally {
            simulation.stop();
        }
    }

    /** A signal ends the simulation; the report so far is printed before the process ends. */
    private static void endAtSignal(Simulation simulation, CompletableFuture<Integer> code) {
        simulation.stop();
        int exit =
                code.completeOnTimeout(
                                ExitCodes.FAULT, REPORT_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                        .join();
        Runtime.getRuntime().halt(exit);
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // A signal came first: the hook ends the process once the exit code is known.
            return;
        }
    }

    private SimulationPlan plan(Secret secret) {
        Duration asked = duration("--duration", duration);
        Duration warm = duration("--warm-up", warmUp);
        Duration half = asked.dividedBy(2);
        require(
                asked.isPositive() && asked.compareTo(LONGEST) <= 0,
                "--duration: give more than 0s and at most " + Units.text(LONGEST));
        require(rate >= 1 && rate <= MOST_RATE, "--rate: give 1 to " + MOST_RATE);
        require(users >= 1 && users <= MOST_USERS, "--users: give 1 to " + MOST_USERS);
        require(storm >= 0 && storm <= 1000, "--storm: give 0 to 1000");
        require(changed >= 0 && changed <= 100, "--changed: give 0 to 100");
        return new SimulationPlan(
                loopback("--url", url),
                secret,
                localAddress(),
                untilInputEnds ? ENDLESS : asked,
                warm.compareTo(half) < 0 ? warm : half,
                rate,
                users,
                changed / 100,
                storm,
                seed);
    }

    private static Duration duration(String option, String text) {
        return Units.duration(text)
                .orElseThrow(() ->
                        usage(
                                "%s: %s is no duration; give one such as 60s"
                                        .formatted(option, text)));
    }

    private InetAddress localAddress() {
        IpAddress address =
                IpAddress.parse(from)
                        .filter(parsed -> parsed.isLoopback() && parsed.isIpv4())
                        .orElseThrow(() ->
                                usage(
                                        "--from: %s is no IPv4 loopback address; give one such as 127.0.0.2"
                                                .formatted(from)));
        try {
            return InetAddress.getByAddress(address.bytes());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }

    /** Only this machine: a tool that registers people must not reach anybody else's server. */
    private static URI loopback(String option, String text) {
        try {
            URI uri = new URI(text);
            String host = uri.getHost();
            boolean here =
                    host != null
                            && (host.equals("localhost")
                                    || IpAddress.parse(host.replaceAll("[\\[\\]]", ""))
                                            .filter(IpAddress::isLoopback)
                                            .isPresent());
            if (here && "http".equals(uri.getScheme())) {
                return uri;
            }
        } catch (URISyntaxException e) {
            throw usage(
                    "%s: %s is no address; give one such as http://127.0.0.1:7070"
                            .formatted(option, text));
        }
        throw usage(
                "%s: %s is not on this machine; only http://127.0.0.1 and its like are simulated at"
                        .formatted(option, text));
    }

    private Secret bridgeSecret() {
        if (bridgeSecretFile != null) {
            return read("--bridge-secret-file", bridgeSecretFile);
        }
        if (dataDir != null && Files.exists(dataDir.resolve("bridge-secret"))) {
            return read("--data-dir", dataDir.resolve("bridge-secret"));
        }
        String variable = terminal.environment().getOrDefault("BRIDGE_SECRET", "").strip();
        if (!variable.isEmpty()) {
            return Secret.ofText(variable);
        }
        throw usage(
                "the bridge secret is needed: give --bridge-secret-file, BRIDGE_SECRET, or --data-dir with a bridge-secret in it");
    }

    private Optional<ServerCounts> counts() {
        Path file = adminTokenFile;
        if (file == null && dataDir != null && Files.exists(dataDir.resolve("admin-token"))) {
            file = dataDir.resolve("admin-token");
        }
        if (file == null) {
            if (adminUrl != null) {
                throw usage("--admin-url needs a token: give --admin-token-file or --data-dir");
            }
            return Optional.empty();
        }
        if (adminUrl == null && !url.equals(DEFAULT_URL)) {
            return Optional.empty(); // a token goes only where somebody said that it may
        }
        String address = adminUrl == null ? "http://127.0.0.1:7071" : adminUrl;
        return Optional.of(
                new ServerCounts(
                        loopback("--admin-url", address), read("--admin-token-file", file)));
    }

    private static Secret read(String option, Path file) {
        try {
            return Secret.takeOwnership(SecretFile.read(file));
        } catch (IOException e) {
            throw usage("%s: %s cannot be read: %s".formatted(option, file, Reason.of(e)));
        }
    }

    private static void require(boolean holds, String sentence) {
        if (!holds) {
            throw usage(sentence);
        }
    }

    private static CommandFailure usage(String sentence) {
        return new CommandFailure(ExitCodes.USAGE, sentence);
    }
}
