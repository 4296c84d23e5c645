package drawbridge.console.client;

import drawbridge.model.Secret;
import drawbridge.model.view.CallerRow;
import drawbridge.model.view.OwnSecrets;
import drawbridge.model.view.Page;
import drawbridge.model.view.SigningKeyRow;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Callers, their secrets, signing keys and the server's own secrets. As with {@link TrustClient}
 * every method blocks until the answer is there. Durations are written such as {@code 24h}.
 */
public interface SecretCalls {
    /**
     * What a caller should be.
     *
     * @param tenant for a new caller only; null for the default tenant
     */
    record CallerWish(
            String name,
            @Nullable String tenant,
            String kit,
            String signals,
            String floor,
            String lease,
            String remember,
            String advancedMeans,
            List<String> scopes,
            List<String> networks) {
        public CallerWish {
            scopes = List.copyOf(scopes);
            networks = List.copyOf(networks);
        }
    }

    /**
     * A caller with a new secret, which whoever gets it closes.
     *
     * @param version the secret's version
     */
    record CallerSecret(CallerRow caller, int version, Secret secret) {}

    /**
     * A caller after a change.
     *
     * @param number the change's number in the revocation log; 0 when nothing had to change
     */
    record CallerDone(CallerRow caller, long number) {}

    /**
     * One of the server's own secrets after its rotation.
     *
     * @param secret the new one, which whoever gets it closes; null where it is not told
     */
    record OwnRotated(OwnSecrets.Own now, @Nullable Secret secret) {}

    /** {@code GET /v1/callers}: of every tenant. */
    Reply<Page<CallerRow>> callers();

    /** {@code POST /v1/callers}. */
    Reply<CallerSecret> create(CallerWish wish);

    /** {@code PATCH /v1/callers/{id}}. */
    Reply<CallerDone> change(String id, CallerWish wish);

    /** {@code DELETE /v1/callers/{id}}: none of its secrets is accepted any more. */
    Reply<CallerDone> delete(String id);

    /**
     * {@code POST /v1/callers/{id}/rotate}.
     *
     * @param overlap how long the secrets before are accepted too; {@code 0s} ends them at once
     */
    Reply<CallerSecret> rotate(String id, String overlap);

    /**
     * {@code PUT /v1/callers/{id}/rotation}.
     *
     * @param every null takes the plan away
     */
    Reply<CallerDone> plan(String id, @Nullable String every, String overlap);

    /** {@code POST /v1/callers/{id}/secrets/{version}/retire}. */
    Reply<CallerDone> retire(String id, int version);

    /** {@code POST /v1/callers/{id}/secrets/{version}/burn}. */
    Reply<CallerDone> burn(String id, int version);

    /** {@code POST /v1/callers/{id}/burn}: every secret it has. */
    Reply<CallerDone> burnAll(String id);

    /** {@code GET /v1/keys}: newest first. */
    Reply<Page<SigningKeyRow>> keys();

    /** {@code POST /v1/keys/rotate}: the next key signs from now on. */
    Reply<Page<SigningKeyRow>> rotateKeys(String reason);

    /** {@code GET /v1/secrets}. */
    Reply<OwnSecrets> own();

    /** {@code POST /v1/secrets/admin-token/rotate}. */
    Reply<OwnRotated> rotateAdminToken(String overlap);

    /** {@code POST /v1/secrets/master-key/rotate}. */
    Reply<OwnRotated> rotateMasterKey();
}
