package drawbridge.model.view;

import org.jspecify.annotations.Nullable;

/**
 * What a server stands on: its runtime, its listeners, its database, and where its log goes.
 *
 * @param java the runtime, such as {@code 25.0.1 (Eclipse Adoptium)}
 * @param system the operating system and processor
 * @param tls whether the public listener proves itself
 * @param database how the database is used
 * @param logs how log lines fare that are sent elsewhere; null when they are not
 */
public record ServerCondition(
        String java,
        String system,
        boolean tls,
        DatabaseCondition database,
        @Nullable ShippedLogs logs) {}
