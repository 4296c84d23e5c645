package drawbridge.console.client;

import drawbridge.model.view.BackupRow;
import drawbridge.model.view.DiagnosticContents;
import drawbridge.model.view.NodeRow;
import drawbridge.model.view.Page;
import drawbridge.model.view.ServerCondition;

import java.io.OutputStream;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * What the admin API says of the server itself: its nodes, what it stands on, its backups and its
 * diagnostics. All of it can be asked of a server elsewhere, too. Blocks and does not throw, as
 * {@link TrustClient} has it.
 */
public interface UpkeepCalls {
    /**
     * The nodes.
     *
     * @param items every server of the database
     */
    record Nodes(List<NodeRow> items) {
        public Nodes {
            items = List.copyOf(items);
        }
    }

    /** {@code GET /v1/nodes}. */
    Reply<Nodes> nodes();

    /** {@code GET /v1/condition}. */
    Reply<ServerCondition> condition();

    /** {@code GET /v1/backup}: newest first. */
    Reply<Page<BackupRow>> backups();

    /** {@code POST /v1/backup}: copies the whole database, which may take minutes. */
    Reply<BackupRow> backUp();

    /**
     * {@code GET /v1/backup/{name}}: its file.
     *
     * @param to stays open
     * @param bytes told now and then how many were written, by this thread
     * @return how many it has
     */
    Reply<Long> fetch(String name, OutputStream to, LongConsumer bytes, Cancellation cancellation);

    /** {@code GET /v1/diagnostics}: what a bundle made now would hold. */
    Reply<DiagnosticContents> diagnostics();

    /**
     * {@code GET /v1/diagnostics/bundle}: the archive.
     *
     * @param to stays open
     * @return how many bytes it has
     */
    Reply<Long> bundle(OutputStream to, Cancellation cancellation);
}
