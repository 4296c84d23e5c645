package drawbridge.server.crypto;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/** Published test vectors, read from the test resources; SOURCE.md beside them says whose. */
final class Vectors {
    private Vectors() {}

    /** A case of a Wycheproof file and the group it stands in. */
    record Case(JsonNode group, JsonNode test) {
        byte[] hex(String field) {
            return Vectors.hex(test, field);
        }

        boolean isValid() {
            return test.get("result").asString().equals("valid");
        }

        @Override
        public String toString() {
            return "tcId %d %s".formatted(test.get("tcId").asInt(), test.get("comment").asString());
        }
    }

    static JsonNode read(String path) {
        try (InputStream in = Vectors.class.getResourceAsStream("/vectors/" + path)) {
            return JsonMapper.shared().readTree(Objects.requireNonNull(in, path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<JsonNode> tests(String path) {
        return List.copyOf(read(path).get("tests").values());
    }

    static List<Case> wycheproof(String path) {
        List<Case> cases = new ArrayList<>();
        for (JsonNode group : read(path).get("testGroups")) {
            group.get("tests").forEach(test -> cases.add(new Case(group, test)));
        }
        return cases;
    }

    static byte[] hex(JsonNode node, String field) {
        return HexFormat.of().parseHex(node.get(field).asString());
    }

    static byte[] utf8(JsonNode node, String field) {
        return node.get(field).asString().getBytes(StandardCharsets.UTF_8);
    }
}
