package drawbridge.console.fake;

import drawbridge.console.client.Cancellation;
import drawbridge.console.client.Reply;
import drawbridge.console.client.UpkeepCalls;
import drawbridge.model.view.BackupRow;
import drawbridge.model.view.DatabaseCondition;
import drawbridge.model.view.DiagnosticContents;
import drawbridge.model.view.NodeRow;
import drawbridge.model.view.Page;
import drawbridge.model.view.ServerCondition;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/** Nodes, condition, backups and diagnostics as a test wants them. Safe for many threads. */
public final class FakeUpkeep implements UpkeepCalls {
    private static final byte[] BACKUP = "a whole database".getBytes(StandardCharsets.UTF_8);

    private final FakeServer server;
    private final Clock clock;
    private final List<NodeRow> nodes = new ArrayList<>();
    private final List<BackupRow> backups = new ArrayList<>();
    private ServerCondition condition =
            new ServerCondition(
                    "25.0.1 (Eclipse Adoptium)",
                    "Linux 6.8, amd64, 8 processors",
                    false,
                    new DatabaseCondition("sqlite", "13", 4, 0, 4, 0, 0),
                    null);
    private DiagnosticContents contents;
    private boolean isTornApart;

    FakeUpkeep(FakeServer server, Clock clock) {
        this.server = server;
        this.clock = clock;
        this.contents = new DiagnosticContents(clock.instant(), List.of(), List.of());
    }

    /** These are the nodes from now on. */
    public synchronized void nodes(List<NodeRow> rows) {
        nodes.clear();
        nodes.addAll(rows);
    }

    /** This is what it stands on from now on. */
    public synchronized void condition(ServerCondition now) {
        condition = now;
    }

    /** These are the backups, newest first. */
    public synchronized void backups(List<BackupRow> rows) {
        backups.clear();
        backups.addAll(rows);
    }

    /** This is what a bundle would hold. */
    public synchronized void contents(DiagnosticContents now) {
        contents = now;
    }

    /** From now on files arrive other than they were sent. */
    public synchronized void tearApart() {
        isTornApart = true;
    }

    private <T> Reply<T> answer(String tried, T value) {
        return Optional.ofNullable(server.silence())
                .<Reply<T>>map(why -> new Reply.Unreachable<>(tried, why))
                .or(() ->
                        Optional.ofNullable(server.refusal())
                                .map(problem -> new Reply.Rejected<>(503, problem)))
                .orElseGet(() -> new Reply.Done<>(value));
    }

    @Override
    public synchronized Reply<Nodes> nodes() {
        return answer("GET /v1/nodes", new Nodes(nodes));
    }

    @Override
    public synchronized Reply<ServerCondition> condition() {
        return answer("GET /v1/condition", condition);
    }

    @Override
    public synchronized Reply<Page<BackupRow>> backups() {
        return answer("GET /v1/backup", new Page<>(List.copyOf(backups), null, backups.size()));
    }

    @Override
    public synchronized Reply<BackupRow> backUp() {
        BackupRow made =
                new BackupRow(
                        "backup-20260301T120000.000Z.db",
                        "backup",
                        clock.instant(),
                        BACKUP.length,
                        hash());
        Reply<BackupRow> reply = answer("POST /v1/backup", made);
        if (reply instanceof Reply.Done<BackupRow>) {
            backups.addFirst(made);
        }
        return reply;
    }

    private static String hash() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(BACKUP));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public synchronized Reply<Long> fetch(
            String name, OutputStream to, LongConsumer bytes, Cancellation cancellation) {
        try {
            to.write(isTornApart ? new byte[] {1} : BACKUP);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        bytes.accept(BACKUP.length);
        return answer("GET /v1/backup/…", (long) BACKUP.length);
    }

    @Override
    public synchronized Reply<DiagnosticContents> diagnostics() {
        return answer("GET /v1/diagnostics", contents);
    }

    @Override
    public synchronized Reply<Long> bundle(OutputStream to, Cancellation cancellation) {
        try {
            to.write(BACKUP);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return answer("GET /v1/diagnostics/bundle", (long) BACKUP.length);
    }
}
