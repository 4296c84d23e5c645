package drawbridge.server.token;

import static java.nio.charset.StandardCharsets.UTF_8;

import drawbridge.model.TenantId;
import drawbridge.model.UserId;
import drawbridge.server.crypto.Paserk;
import drawbridge.server.crypto.PasetoV4Public;
import drawbridge.server.crypto.SigningKey;
import drawbridge.server.crypto.VerifyingKey;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tokens as text: what is signed, and the order in which a presented one is taken apart. Each step
 * looks only at what the steps before have vouched for. Safe for many threads.
 */
final class TokenCodec {
    /** Far above what a token needs with the longest address. */
    static final int MOST_CHARACTERS = 4096;

    private static final Pattern FOOTER =
            Pattern.compile("\\{\"kid\":\"(k4\\.pid\\.[A-Za-z0-9_-]{44})\"}");
    private static final JsonMapper JSON =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    /** What became of a presented token, before anybody asked the database. */
    sealed interface Reading {
        /** Signature, times, purpose, issuer and tenant are right. */
        record Good(Claims claims) implements Reading {}

        /** It was stopped; claims are there when the signature was right. */
        record Stopped(Layer layer, String reason, @Nullable Claims claims) implements Reading {}
    }

    private final String issuer;

    /**
     * @param issuer the name of this server in tokens
     */
    TokenCodec(String issuer) {
        this.issuer = issuer;
    }

    /** The token, signed. */
    String write(Claims claims, SigningKey key) {
        ObjectNode payload = JSON.createObjectNode();
        payload.put("iss", issuer);
        payload.put("aud", issuer);
        payload.put("jti", claims.id());
        payload.put("type", claims.purpose().wireName());
        payload.put("token_type", claims.purpose().wireName());
        payload.put("tenant", claims.tenant().value());
        UserId user = claims.user();
        if (user != null) {
            payload.put("sub", user.value());
            payload.put("userId", user.value());
            payload.put("user_id", user.value());
        }
        payload.put("email", claims.email());
        payload.put("iat", claims.issuedAt().toString());
        payload.put("nbf", claims.issuedAt().toString());
        payload.put("exp", claims.expiresAt().toString());
        return PasetoV4Public.sign(
                key,
                JSON.writeValueAsBytes(payload),
                ("{\"kid\":\"" + Paserk.idOf(key.verifying()) + "\"}").getBytes(UTF_8),
                boundTo(claims.purpose(), claims.tenant()));
    }

    /**
     * The implicit assertion: what a token must be presented as, without saying so itself. None of
     * the parts can hold a slash, so no two bindings run together.
     */
    private byte[] boundTo(Purpose purpose, TenantId tenant) {
        return "drawbridge/v1/%s/%s/%s"
                .formatted(purpose.wireName(), tenant.value(), issuer)
                .getBytes(UTF_8);
    }

    /**
     * Takes a presented token apart: size, header, strict base64url; the footer only to look up a
     * key; signature; only then the payload, and what it says.
     *
     * @param keys the fixed set of keys, by id
     */
    Reading read(
            String text,
            Purpose purpose,
            TenantId tenant,
            Function<String, Optional<VerifyingKey>> keys,
            Instant now) {
        Optional<PasetoV4Public> parsed = PasetoV4Public.parse(text, MOST_CHARACTERS);
        if (parsed.isEmpty()) {
            return stopped(Layer.SIGNATURE, "not_a_token");
        }
        Matcher footer = FOOTER.matcher(new String(parsed.get().unverifiedFooter(), UTF_8));
        if (!footer.matches()) {
            return stopped(Layer.SIGNATURE, "no_key_named");
        }
        Optional<VerifyingKey> key = keys.apply(footer.group(1));
        if (key.isEmpty()) {
            return stopped(Layer.SIGNATURE, "unknown_key");
        }
        Optional<byte[]> payload = parsed.get().open(key.get(), boundTo(purpose, tenant));
        if (payload.isEmpty()) {
            return stopped(Layer.SIGNATURE, "wrong_signature_or_binding");
        }
        return judge(payload.get(), purpose, tenant, now);
    }

    private Reading judge(byte[] payload, Purpose purpose, TenantId tenant, Instant now) {
        Claims claims;
        String ours;
        Instant notBefore;
        try {
            JsonNode json = JSON.readTree(payload);
            notBefore = Instant.parse(text(json, "nbf"));
            claims =
                    new Claims(
                            text(json, "jti"),
                            purpose(json),
                            new TenantId(text(json, "tenant")),
                            json.has("sub") ? new UserId(text(json, "sub")) : null,
                            text(json, "email"),
                            Instant.parse(text(json, "iat")),
                            Instant.parse(text(json, "exp")));
            ours = text(json, "iss") + " " + text(json, "aud");
        } catch (JacksonException | DateTimeException | IllegalArgumentException e) {
            return stopped(Layer.EXPIRY, "unreadable_payload");
        }
        if (claims.purpose() != purpose) {
            return new Reading.Stopped(Layer.EXPIRY, "other_purpose", claims);
        }
        if (!ours.equals(issuer + " " + issuer) || !claims.tenant().equals(tenant)) {
            return new Reading.Stopped(Layer.EXPIRY, "other_audience", claims);
        }
        if (!now.isBefore(claims.expiresAt())) {
            return new Reading.Stopped(Layer.EXPIRY, "expired", claims);
        }
        if (now.isBefore(notBefore) || now.isBefore(claims.issuedAt())) {
            return new Reading.Stopped(Layer.EXPIRY, "not_yet_valid", claims);
        }
        return new Reading.Good(claims);
    }

    private static String text(JsonNode json, String field) {
        JsonNode value = json.get(field);
        if (value == null || !value.isString()) {
            throw new IllegalArgumentException(field);
        }
        return value.stringValue();
    }

    private static Purpose purpose(JsonNode json) {
        return Purpose.parse(text(json, "type"))
                .orElseThrow(() -> new IllegalArgumentException("type"));
    }

    private static Reading stopped(Layer layer, String reason) {
        return new Reading.Stopped(layer, reason, null);
    }
}
