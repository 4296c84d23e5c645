package drawbridge.model.view;

/**
 * What a stored password hash costs to compute; never the hash. All of them are Argon2id.
 *
 * @param memoryKib memory in KiB
 * @param iterations passes over it
 * @param parallelism lanes
 * @param rehashDue whether it is weaker than hashes made today, so that the next login replaces it
 */
public record PasswordCost(int memoryKib, int iterations, int parallelism, boolean rehashDue) {}
