package drawbridge.model.view;

import java.time.Instant;

/**
 * The signed report of a run. {@code docs/drills.md} says how it is checked without a server.
 *
 * @param format {@code drawbridge-drill-report/v1}
 * @param report the {@link DrillRun} as JSON: exactly the text that was signed
 * @param signedAt when; a part of what was signed
 * @param keyId the key's id, as in {@code /.well-known/drawbridge-keys}
 * @param publicKey the key as PASERK {@code k4.public}
 * @param signature Ed25519 over format, newline, {@code signedAt}, newline and {@code report}, in
 *     base64url
 */
public record DrillReport(
        String format,
        String report,
        Instant signedAt,
        String keyId,
        String publicKey,
        String signature) {}
