package drawbridge.server.audit;

import drawbridge.model.view.AuditCheckpoint;
import drawbridge.server.crypto.Signer;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;

/**
 * Writes an audit export: JSON lines, first {@code drawbridge.audit} with the public key, then of
 * each tenant {@code tenant}, its {@code checkpoint}s and its {@code row}s, and at last {@code end}
 * with the signed hash of all lines before. One thread; {@link AuditFile} reads it.
 */
final class AuditExport {
    static final String TYPE = "drawbridge.audit";
    static final int VERSION = 1;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final OutputStream out;
    private final Signer signer;
    private final MessageDigest digest = sha256();
    private long rows;
    private long checkpoints;

    AuditExport(OutputStream out, Signer signer, Instant now) throws IOException {
        this.out = out;
        this.signer = signer;
        ObjectNode head = line(TYPE);
        head.put("version", VERSION);
        head.put("at", now.toString());
        head.put(
                "publicKey",
                Base64.getUrlEncoder().withoutPadding().encodeToString(signer.publicKey()));
        write(head);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    static byte[] message(String hash) {
        return ("drawbridge audit export v1\n" + hash + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static ObjectNode line(String type) {
        return JSON.createObjectNode().put("type", type);
    }

    void tenant(String tenant) throws IOException {
        write(line("tenant").put("tenant", tenant));
    }

    void checkpoint(AuditCheckpoint checkpoint) throws IOException {
        checkpoints++;
        ObjectNode node = line("checkpoint");
        node.setAll((ObjectNode) JSON.valueToTree(checkpoint));
        write(node);
    }

    void row(AuditRow row) throws IOException {
        rows++;
        ObjectNode node = line("row");
        node.setAll((ObjectNode) JSON.valueToTree(row));
        write(node);
    }

    void end() throws IOException {
        String hash = HexFormat.of().formatHex(digest.digest());
        ObjectNode node = line("end");
        node.put("rows", rows);
        node.put("checkpoints", checkpoints);
        node.put("sha256", hash);
        node.put(
                "signature",
                Base64.getUrlEncoder().withoutPadding().encodeToString(signer.sign(message(hash))));
        write(node);
        out.flush();
    }

    private void write(ObjectNode node) throws IOException {
        byte[] bytes = (JSON.writeValueAsString(node) + "\n").getBytes(StandardCharsets.UTF_8);
        digest.update(bytes);
        out.write(bytes);
    }
}
