package drawbridge.server.audit;

import drawbridge.model.view.AuditCheckpoint;
import drawbridge.model.view.AuditReport;
import drawbridge.model.view.AuditReport.Chain;
import drawbridge.model.view.AuditReport.Finding;
import drawbridge.server.crypto.KeyedHash;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/**
 * Looks at audit chains row by row and says what does not fit. Of each tenant first the
 * checkpoints, then the rows, both in their order, then {@link #endOf}. One thread, one
 * verification.
 */
public final class AuditVerifier {
    private static final int TOLD_EACH = 1_000;

    private final byte[] publicKey;
    private final LongConsumer progress;
    private final List<Finding> findings = new ArrayList<>();
    private final List<Chain> chains = new ArrayList<>();
    private long findingsInAll;
    private long rows;
    private long checkpoints;
    private Reading reading = new Reading();

    /** What was read of the present tenant's chain. */
    private static final class Reading {
        private final Map<Long, String> witnessed = new HashMap<>();
        private final TreeMap<Long, AuditCheckpoint> ahead = new TreeMap<>();
        private @Nullable AuditCheckpoint last;
        private long rows;
        private long checkpoints;
        private long lastNumber;
        private String lastHash = AuditRow.GENESIS;
        private long witnessedThrough;
    }

    /**
     * @param publicKey the checkpoints' public key
     */
    public AuditVerifier(byte[] publicKey) {
        this(publicKey, _ -> {});
    }

    /**
     * @param progress hears how many rows were looked at, every {@value #TOLD_EACH}
     */
    AuditVerifier(byte[] publicKey, LongConsumer progress) {
        this.publicKey = publicKey.clone();
        this.progress = progress;
    }

    /** The next checkpoint of the present tenant. */
    public void checkpoint(AuditCheckpoint checkpoint) {
        checkpoints++;
        reading.checkpoints++;
        AuditCheckpoint last = reading.last;
        long expected = last == null ? 1 : last.sequence() + 1;
        String previous = last == null ? AuditCheckpoint.NONE_BEFORE : last.fingerprint();
        if (checkpoint.sequence() != expected) {
            checkpointFinding(checkpoint, "is where checkpoint %d should be".formatted(expected));
        } else if (!checkpoint.previous().equals(previous)) {
            checkpointFinding(checkpoint, "does not follow the one before it");
        }
        reading.last = checkpoint;
        take(checkpoint);
    }

    /** A checkpoint of the present tenant that somebody else kept. */
    public void witness(AuditCheckpoint checkpoint) {
        take(checkpoint);
    }

    private void take(AuditCheckpoint checkpoint) {
        if (!checkpoint.isSignedBy(publicKey)) {
            checkpointFinding(checkpoint, "is not signed by this server's key");
            return;
        }
        String known = reading.witnessed.put(checkpoint.number(), checkpoint.hash());
        if (known != null && !known.equals(checkpoint.hash())) {
            checkpointFinding(checkpoint, "contradicts another one about the same row");
        }
        reading.ahead.put(checkpoint.number(), checkpoint);
    }

    private void checkpointFinding(AuditCheckpoint checkpoint, String what) {
        find(
                "checkpoint",
                checkpoint.tenant(),
                checkpoint.sequence(),
                "checkpoint %d %s".formatted(checkpoint.sequence(), what));
    }

    /** The next row of the present tenant. */
    public void row(AuditRow row) {
        rows++;
        if (rows % TOLD_EACH == 0) {
            progress.accept(rows);
        }
        reading.rows++;
        long expected = reading.lastNumber + 1;
        if (row.number() > expected) {
            find(
                    "missing",
                    row.tenant(),
                    expected,
                    row.number() == expected + 1
                            ? "row %d is gone".formatted(expected)
                            : "rows %d to %d are gone".formatted(expected, row.number() - 1));
        } else if (row.number() < expected) {
            find(
                    "missing",
                    row.tenant(),
                    row.number(),
                    "row %d stands where row %d should".formatted(row.number(), expected));
        } else if (!row.hash().equals(row.hashBehind(reading.lastHash))) {
            find(
                    "changed",
                    row.tenant(),
                    row.number(),
                    "row %d does not fit its hash: it was changed, or stands in another's place"
                            .formatted(row.number()));
        }
        witnessed(row);
        reading.lastNumber = row.number();
        reading.lastHash = row.hash();
    }

    private void witnessed(AuditRow row) {
        String hash = reading.witnessed.get(row.number());
        if (hash == null) {
            return;
        }
        reading.ahead.remove(row.number());
        if (hash.equals(row.hash())) {
            reading.witnessedThrough = row.number();
        } else {
            find(
                    "changed",
                    row.tenant(),
                    row.number(),
                    "row %d is not the one a signed checkpoint saw: it or one before it was changed"
                            .formatted(row.number()));
        }
    }

    /** Something was done in the present tenant that left a row; before {@link #endOf}. */
    void mustHaveRows(String tenant) {
        if (reading.rows == 0) {
            find(
                    "cut",
                    tenant,
                    1,
                    "the whole chain is gone: the tenant has users, and each of them left a row");
        }
    }

    /** The rows of the tenant are over. */
    public void endOf(String tenant) {
        if (!reading.ahead.isEmpty()) {
            long seen = reading.ahead.lastKey();
            if (seen > reading.lastNumber) {
                cut(tenant, seen, "a signed checkpoint");
            }
        }
        chains.add(
                new Chain(
                        tenant,
                        reading.rows,
                        reading.checkpoints,
                        reading.lastNumber,
                        reading.lastHash,
                        reading.witnessedThrough));
        reading = new Reading();
    }

    private void cut(String tenant, long through, String witness) {
        find(
                "cut",
                tenant,
                reading.lastNumber + 1,
                "the tail is cut off: the chain ends with row %d, and %s saw row %d"
                        .formatted(reading.lastNumber, witness, through));
    }

    /** What the head row of the present tenant says; before {@link #endOf}. */
    void head(String tenant, @Nullable AuditHead head, KeyedHash keyed) {
        if (head == null) {
            if (reading.rows > 0) {
                find("head", tenant, 0, "the row that says where the chain ends is gone");
            }
            return;
        }
        if (!head.isGenuine(keyed)) {
            find("head", tenant, head.number(), "the row that says where the chain ends is forged");
        } else if (head.number() > reading.lastNumber) {
            cut(tenant, head.number(), "its head");
        } else if (head.number() < reading.lastNumber || !head.hash().equals(reading.lastHash)) {
            find(
                    "head",
                    tenant,
                    head.number(),
                    "the chain ends with row %d, but its head is another row %d"
                            .formatted(reading.lastNumber, head.number()));
        }
        if (head.origin().equals(AuditHead.REFOUND)) {
            find(
                    "head",
                    tenant,
                    0,
                    "the head was gone once, and rows behind the one that was then last may be missing");
        }
    }

    /** Something is wrong with what was read as a whole. */
    public void find(String kind, String tenant, long number, String text) {
        findingsInAll++;
        if (findings.size() < AuditReport.MOST_FINDINGS) {
            findings.add(new Finding(kind, tenant, number, text));
        }
    }

    /** What was found. */
    public AuditReport report() {
        return new AuditReport(
                findingsInAll == 0,
                rows,
                checkpoints,
                Base64.getUrlEncoder().withoutPadding().encodeToString(publicKey),
                chains,
                findings,
                findingsInAll);
    }
}
