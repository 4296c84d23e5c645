package drawbridge.model.view;

import java.time.Instant;
import java.util.List;

/**
 * What a diagnostic bundle holds, and what it was kept from holding.
 *
 * @param madeAt when it was looked at
 * @param parts its files
 * @param leftOut what is not in it, in sentences
 */
public record DiagnosticContents(Instant madeAt, List<DiagnosticPart> parts, List<String> leftOut) {
    public DiagnosticContents {
        parts = List.copyOf(parts);
        leftOut = List.copyOf(leftOut);
    }
}
