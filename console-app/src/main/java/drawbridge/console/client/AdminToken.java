package drawbridge.console.client;

import drawbridge.model.Secret;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;

import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The token the admin API asks for. Never printed; it is text only in the header of a request that
 * is being made. Safe for many threads, as long as none of them uses it while another closes it.
 */
public final class AdminToken implements Credentials, AutoCloseable {
    private static final int LONGEST = 4096;

    private final Secret secret;

    private AdminToken(Secret secret) {
        this.secret = secret;
    }

    /**
     * The token with these bytes, which are copied.
     *
     * @throws IllegalArgumentException when it is empty, over 4 096 bytes long or holds anything
     *     but visible ASCII
     */
    public static AdminToken of(byte[] bytes) {
        if (bytes.length == 0 || bytes.length > LONGEST) {
            throw new IllegalArgumentException(
                    "an admin token has 1 to " + LONGEST + " characters, not " + bytes.length);
        }
        for (byte b : bytes) {
            if (b <= ' ' || b >= 0x7f) {
                throw new IllegalArgumentException(
                        "an admin token holds visible ASCII characters only");
            }
        }
        return new AdminToken(Secret.copyOf(bytes));
    }

    /**
     * The token of the server in this data folder, looked for where the server itself looks: {@code
     * DRAWBRIDGE_ADMIN_TOKEN}, the file named by {@code DRAWBRIDGE_ADMIN_TOKEN_FILE}, then {@code
     * admin-token} in the folder.
     *
     * @param environment the environment the server was started with
     * @throws IOException when it is nowhere or cannot be read; the message says where it was
     *     looked for
     */
    public static AdminToken find(Path dataFolder, Map<String, String> environment)
            throws IOException {
        String given = environment.get("DRAWBRIDGE_ADMIN_TOKEN");
        if (given != null && !given.isBlank()) {
            return checked(given.getBytes(StandardCharsets.UTF_8), "DRAWBRIDGE_ADMIN_TOKEN");
        }
        String named = environment.get("DRAWBRIDGE_ADMIN_TOKEN_FILE");
        boolean isNamed = named != null && !named.isBlank();
        return read(isNamed ? Path.of(named) : dataFolder.resolve("admin-token"));
    }

    private static AdminToken read(Path file) throws IOException {
        byte[] bytes;
        try {
            if (Files.size(file) > LONGEST + 2) {
                throw new IOException("The admin token in " + file + " is far too long.");
            }
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new IOException("There is no admin token: " + file + " does not exist.", e);
        }
        return checked(bytes, file.toString());
    }

    private static AdminToken checked(byte[] bytes, String where) throws IOException {
        int end = bytes.length;
        while (end > 0 && (bytes[end - 1] == '\n' || bytes[end - 1] == '\r')) {
            end--;
        }
        byte[] trimmed = Arrays.copyOf(bytes, end);
        Arrays.fill(bytes, (byte) 0);
        try {
            return of(trimmed);
        } catch (IllegalArgumentException e) {
            throw new IOException("The admin token in " + where + " cannot be used.", e);
        } finally {
            Arrays.fill(trimmed, (byte) 0);
        }
    }

    /**
     * The token that is in force when a request is made: looked for anew each time, as {@link
     * #find} does, and wiped as soon as the request has it.
     */
    public static Credentials whereverItIs(Path dataFolder, Map<String, String> environment) {
        return request -> {
            try (AdminToken token = find(dataFolder, environment)) {
                return token.authorize(request);
            }
        };
    }

    /** A key that only a holder of this token can make; it tells nothing about the token. */
    public SecretKey keyFor(String purpose) {
        return secret.use(bytes -> {
            try {
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(bytes, "HmacSHA256"));
                return new SecretKeySpec(
                        mac.doFinal(purpose.getBytes(StandardCharsets.UTF_8)), "AES");
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every Java platform has HMAC", e);
            }
        });
    }

    /** Shows its bytes to what seals them. */
    public <T> T use(Function<byte[], T> with) {
        return secret.use(with);
    }

    @Override
    public HttpRequest.Builder authorize(HttpRequest.Builder request) {
        return secret.use(bytes ->
                request.header(
                        "Authorization", "Bearer " + new String(bytes, StandardCharsets.US_ASCII)));
    }

    /** Wipes the token; it can make no request afterwards. */
    @Override
    public void close() {
        secret.close();
    }

    /** Whether both are the same token, compared in constant time. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AdminToken that && secret.equals(that.secret);
    }

    @Override
    public int hashCode() {
        return secret.hashCode();
    }

    @Override
    public String toString() {
        return "AdminToken[redacted]";
    }
}
