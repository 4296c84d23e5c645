package drawbridge.server.audit;

import drawbridge.model.view.AuditCheckpoint;
import drawbridge.model.view.AuditReport;
import drawbridge.server.crypto.Signer;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Verifies an audit export with nothing but the file. One thread, one file. */
public final class AuditFile {
    /** The file is no audit export, so there is nothing to verify. */
    public static final class NoExportException extends IOException {
        private static final long serialVersionUID = 1L;

        NoExportException(String why) {
            super(why);
        }
    }

    private static final int MOST_LINE = 1 << 20;

    private static final JsonMapper JSON =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .build();

    private final InputStream in;
    private final MessageDigest digest = AuditExport.sha256();
    private final List<AuditCheckpoint> witnesses;
    private final Set<String> tenants = new HashSet<>();
    private @Nullable String tenant;

    private AuditFile(InputStream in, List<AuditCheckpoint> witnesses) {
        this.in = new BufferedInputStream(in, 1 << 16);
        this.witnesses = List.copyOf(witnesses);
    }

    /**
     * Verifies.
     *
     * @param trusted the public key to check with; empty takes the one in the file, which then
     *     proves only that the file is of one piece
     * @param witnesses checkpoints that somebody else kept
     * @throws NoExportException when it is no audit export of a version known here
     */
    public static AuditReport verify(
            InputStream in, Optional<byte[]> trusted, List<AuditCheckpoint> witnesses)
            throws IOException {
        return new AuditFile(in, witnesses).verify(trusted);
    }

    /**
     * Reads a checkpoint as the API or an export has it.
     *
     * @throws NoExportException when it is none
     */
    public static AuditCheckpoint checkpoint(String json) throws NoExportException {
        try {
            return JSON.treeToValue(withoutType(JSON.readTree(json)), AuditCheckpoint.class);
        } catch (JacksonException e) {
            throw new NoExportException("this is no checkpoint");
        }
    }

    private AuditReport verify(Optional<byte[]> trusted) throws IOException {
        JsonNode head = json(line());
        if (!AuditExport.TYPE.equals(type(head))) {
            throw new NoExportException("the first line is not that of an audit export");
        }
        if (head.path("version").asInt(0) != AuditExport.VERSION) {
            throw new NoExportException("the export is of a version this program does not know");
        }
        byte[] stated;
        try {
            stated = Base64.getUrlDecoder().decode(head.path("publicKey").asString(""));
        } catch (IllegalArgumentException e) {
            throw new NoExportException("the export's public key cannot be read");
        }
        byte[] key = trusted.orElse(stated);
        AuditVerifier verifier = new AuditVerifier(key);
        if (!MessageDigest.isEqual(key, stated)) {
            verifier.find(
                    "file", "", 0, "the export was made under another key than the given one");
        }
        body(verifier, key);
        return verifier.report();
    }

    private void body(AuditVerifier verifier, byte[] key) throws IOException {
        boolean ended = false;
        String before = hash();
        for (byte[] line = line(); line != null; line = line()) {
            JsonNode node = json(line);
            if (ended) {
                verifier.find("file", "", 0, "something stands behind the end");
                break;
            }
            switch (type(node)) {
                case "tenant" -> begin(node.path("tenant").asString(""), verifier);
                case "checkpoint" -> checkpoint(node, verifier);
                case "row" -> row(node, verifier);
                case "end" -> {
                    ended = true;
                    end(node, before, key, verifier);
                }
                default -> verifier.find("file", "", 0, "a line cannot be read");
            }
            before = hash();
        }
        finishTenant(verifier);
        if (!ended) {
            verifier.find("file", "", 0, "the file has no end: it was cut off");
        }
    }

    private void begin(String next, AuditVerifier verifier) {
        finishTenant(verifier);
        if (!tenants.add(next)) {
            verifier.find("file", next, 0, "the tenant stands in the file twice");
        }
        tenant = next;
    }

    private void finishTenant(AuditVerifier verifier) {
        String last = tenant;
        if (last != null) {
            witnesses.stream()
                    .filter(witness -> witness.tenant().equals(last))
                    .forEach(verifier::witness);
            verifier.endOf(last);
        }
        tenant = null;
    }

    private void checkpoint(JsonNode node, AuditVerifier verifier) {
        try {
            AuditCheckpoint read = JSON.treeToValue(withoutType(node), AuditCheckpoint.class);
            if (isHere(read.tenant(), verifier)) {
                verifier.checkpoint(read);
            }
        } catch (JacksonException | IllegalArgumentException e) {
            verifier.find("file", "", 0, "a checkpoint cannot be read");
        }
    }

    private void row(JsonNode node, AuditVerifier verifier) {
        try {
            AuditRow read = JSON.treeToValue(withoutType(node), AuditRow.class);
            if (isHere(read.tenant(), verifier)) {
                verifier.row(read);
            }
        } catch (JacksonException | IllegalArgumentException e) {
            verifier.find("file", "", 0, "a row cannot be read");
        }
    }

    private boolean isHere(String of, AuditVerifier verifier) {
        if (of.equals(tenant)) {
            return true;
        }
        verifier.find("file", of, 0, "a line of tenant %s stands among another's".formatted(of));
        return false;
    }

    private static void end(JsonNode node, String before, byte[] key, AuditVerifier verifier) {
        byte[] signature;
        try {
            signature = Base64.getUrlDecoder().decode(node.path("signature").asString(""));
        } catch (IllegalArgumentException e) {
            signature = new byte[0];
        }
        if (!before.equals(node.path("sha256").asString(""))
                || !Signer.isValid(key, AuditExport.message(before), signature)) {
            verifier.find(
                    "file", "", 0, "the file is not as it was signed: lines were changed or taken");
        }
    }

    private String hash() {
        try {
            return HexFormat.of().formatHex(((MessageDigest) digest.clone()).digest());
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("SHA-256 of every Java platform can be cloned", e);
        }
    }

    private static String type(JsonNode node) {
        return node.path("type").asString("");
    }

    private static JsonNode withoutType(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.remove("type");
        }
        return node;
    }

    /** The line's object; an empty one, which is of no type, when it holds none. */
    private static JsonNode json(byte @Nullable [] line) {
        try {
            return line == null ? JSON.createObjectNode() : JSON.readTree(line);
        } catch (JacksonException e) {
            return JSON.createObjectNode();
        }
    }

    /** The next line, which from here on counts towards the hash; null after the last. */
    private byte @Nullable [] line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(512);
        for (int b = in.read(); b >= 0; b = in.read()) {
            if (b == '\n') {
                byte[] bytes = line.toByteArray();
                digest.update(bytes);
                digest.update((byte) '\n');
                return bytes;
            }
            if (line.size() == MOST_LINE) {
                throw new NoExportException("a line is longer than any of an export");
            }
            line.write(b);
        }
        if (line.size() == 0) {
            return null;
        }
        digest.update(line.toByteArray());
        return line.toByteArray();
    }
}
