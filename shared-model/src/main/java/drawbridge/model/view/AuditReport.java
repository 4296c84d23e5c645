package drawbridge.model.view;

import java.util.List;

/**
 * What a verification found.
 *
 * @param sound whether nothing is wrong
 * @param rows how many rows were looked at
 * @param checkpoints how many checkpoints were looked at
 * @param publicKey what they were checked with, in base64url
 * @param tenants each chain that was looked at
 * @param findings what is wrong, the first {@value #MOST_FINDINGS}
 * @param findingsInAll how many there are
 */
public record AuditReport(
        boolean sound,
        long rows,
        long checkpoints,
        String publicKey,
        List<Chain> tenants,
        List<Finding> findings,
        long findingsInAll) {
    /** How many findings are listed. */
    public static final int MOST_FINDINGS = 100;

    public AuditReport {
        tenants = List.copyOf(tenants);
        findings = List.copyOf(findings);
    }

    /**
     * One tenant's chain.
     *
     * @param rows how many it has
     * @param checkpoints how many of them it has
     * @param lastNumber the number of the last row; 0 when there is none
     * @param lastHash its hash
     * @param witnessedThrough the last row under a good checkpoint; 0 when there is none
     */
    public record Chain(
            String tenant,
            long rows,
            long checkpoints,
            long lastNumber,
            String lastHash,
            long witnessedThrough) {}

    /**
     * Something that is wrong.
     *
     * @param kind {@code changed}, {@code missing}, {@code cut}, {@code checkpoint}, {@code head}
     *     or {@code file}
     * @param tenant whose chain; empty when it is the file as a whole
     * @param number the row or, for a checkpoint, its sequence; 0 when neither
     * @param text a sentence for a person
     */
    public record Finding(String kind, String tenant, long number, String text) {}
}
