package drawbridge.console.supervise;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;

/** One process of the server and what the supervisor knows about it. For the timeline's thread. */
final class Run {
    final ServerProcess process;

    /** Where its output begins in the output file. */
    final long outputFrom;

    /** Whether an earlier console started it. */
    final boolean attached;

    private @Nullable URI publicUrl;
    private @Nullable URI adminUrl;
    private @Nullable Instant answersSince;
    private boolean stopAsked;
    private boolean killed;
    private String overdue = "";

    Run(ServerProcess process, long outputFrom, boolean attached) {
        this.process = process;
        this.outputFrom = outputFrom;
        this.attached = attached;
    }

    void reachableAt(URI publicAt, URI adminAt) {
        publicUrl = publicAt;
        adminUrl = adminAt;
    }

    void answers(Instant since) {
        answersSince = since;
    }

    void askedToStop() {
        stopAsked = true;
    }

    void killed() {
        killed = true;
    }

    /** It is ended because it did not answer in time. */
    void overdue(String why) {
        overdue = why;
    }

    @Nullable URI publicUrl() {
        return publicUrl;
    }

    @Nullable URI adminUrl() {
        return adminUrl;
    }

    boolean isStopAsked() {
        return stopAsked;
    }

    boolean isKilled() {
        return killed;
    }

    String overdue() {
        return overdue;
    }

    /** How long it has answered; zero when it never did. */
    Duration answeredFor(Instant now) {
        Instant since = answersSince;
        return since == null ? Duration.ZERO : Duration.between(since, now);
    }

    /** The line for the next console. */
    StateFile.Supervised supervised() {
        return new StateFile.Supervised(
                process.pid(), process.startedAt(), outputFrom, publicUrl, adminUrl);
    }
}
