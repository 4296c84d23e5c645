package drawbridge.server.alert;

import static java.nio.charset.StandardCharsets.UTF_8;

import drawbridge.model.Secret;
import drawbridge.model.http.WholeAnswer;
import drawbridge.model.view.AlertView;

import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.KeyParameter;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

/**
 * Posts alerts as JSON, signed as Standard Webhooks 1.0 has it: HMAC-SHA256 over {@code
 * id.timestamp.body}, in {@code webhook-signature}. The same alert in the same state has the same
 * {@code webhook-id}, however often it is tried. Follows no redirect: it would carry the alert to
 * where nobody decided to send it.
 */
public final class WebhookSender implements AlertSender, AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String KEY_PREFIX = "whsec_";

    private final URI url;
    private final Secret secret;
    private final Clock clock;
    private final JsonMapper json = JsonMapper.shared();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(CONNECT).followRedirects(Redirect.NEVER).build();

    /**
     * @param secret signs; {@code whsec_} and base64 of the key, or any text whose bytes are the
     *     key
     */
    public WebhookSender(URI url, Secret secret, Clock clock) {
        this.url = url;
        this.secret = secret;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "webhook";
    }

    @Override
    public String to() {
        // The path of such an address is often a secret of its own.
        return url.getScheme() + "://" + url.getRawAuthority();
    }

    @Override
    public void send(AlertView alert) throws NotTakenException, InterruptedException {
        Instant now = clock.instant();
        ObjectNode body = json.createObjectNode();
        body.put("type", type(alert));
        body.put("timestamp", now.toString());
        body.set("data", json.valueToTree(alert));
        String text = json.writeValueAsString(body);
        String id = alert.id() + "_" + alert.state();
        String timestamp = Long.toString(now.getEpochSecond());
        HttpRequest request =
                HttpRequest.newBuilder(url)
                        .timeout(PATIENCE)
                        .header("Content-Type", "application/json")
                        .header("webhook-id", id)
                        .header("webhook-timestamp", timestamp)
                        .header("webhook-signature", "v1," + sign(id, timestamp, text))
                        .POST(BodyPublishers.ofString(text))
                        .build();
        int status;
        try {
            HttpResponse<Void> answer = WholeAnswer.send(http, request, BodyHandlers.discarding());
            status = answer.statusCode();
        } catch (IOException e) {
            throw new NotTakenException(
                    "no answer from " + to() + ": " + e.getClass().getSimpleName());
        }
        if (status < 200 || status >= 300) {
            throw new NotTakenException(to() + " answered " + status);
        }
    }

    private static String type(AlertView alert) {
        return alert.state().equals(Alert.TEST)
                ? "alert.test"
                : alert.isFiring() ? "alert.fired" : "alert.cleared";
    }

    private String sign(String id, String timestamp, String body) {
        return secret.use(bytes -> {
            HMac mac = new HMac(new SHA256Digest());
            mac.init(new KeyParameter(key(bytes)));
            byte[] signed = (id + "." + timestamp + "." + body).getBytes(UTF_8);
            mac.update(signed, 0, signed.length);
            byte[] signature = new byte[mac.getMacSize()];
            mac.doFinal(signature, 0);
            return Base64.getEncoder().encodeToString(signature);
        });
    }

    private static byte[] key(byte[] given) {
        String text = new String(given, UTF_8);
        if (text.startsWith(KEY_PREFIX)) {
            try {
                return Base64.getDecoder().decode(text.substring(KEY_PREFIX.length()));
            } catch (IllegalArgumentException e) {
                return given; // then the text itself is the key
            }
        }
        return given;
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
