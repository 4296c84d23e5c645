package drawbridge.server.alert;

import drawbridge.model.IpNetwork;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes a small file in MaxMind's format (MaxMind DB File Format Specification 2.0): IPv4 networks
 * with records of 24 bits.
 */
final class PlaceFileWriter {
    private static final int NONE = -1;

    private final List<int[]> nodes = new ArrayList<>(List.of(new int[] {NONE, NONE}));
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();

    /** Places a network such as {@code 203.0.113.0/24}. */
    PlaceFileWriter put(
            String network, String country, String name, double latitude, double longitude) {
        int at = data.size();
        write(
                data,
                Map.of(
                        "country",
                        Map.of("iso_code", country, "names", Map.of("en", name)),
                        "location",
                        Map.of("latitude", latitude, "longitude", longitude)));
        IpNetwork parsed = IpNetwork.parse(network).orElseThrow();
        byte[] address = address(network);
        int node = 0;
        for (int bit = 0; bit < parsed.bits(); bit++) {
            int side = (address[bit / 8] >> (7 - bit % 8)) & 1;
            if (bit == parsed.bits() - 1) {
                nodes.get(node)[side] = -2 - at;
            } else {
                if (nodes.get(node)[side] < 0) {
                    nodes.add(new int[] {NONE, NONE});
                    nodes.get(node)[side] = nodes.size() - 1;
                }
                node = nodes.get(node)[side];
            }
        }
        return this;
    }

    private static byte[] address(String network) {
        String[] parts = network.substring(0, network.indexOf('/')).split("\\.");
        byte[] address = new byte[4];
        for (int i = 0; i < 4; i++) {
            address[i] = (byte) Integer.parseInt(parts[i]);
        }
        return address;
    }

    void to(Path file) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int[] node : nodes) {
            for (int side : node) {
                int record =
                        side >= 0
                                ? side
                                : side == NONE ? nodes.size() : nodes.size() + 16 + (-2 - side);
                out.write(record >> 16);
                out.write(record >> 8);
                out.write(record);
            }
        }
        out.writeBytes(new byte[16]);
        out.writeBytes(data.toByteArray());
        out.writeBytes(new byte[] {(byte) 0xab, (byte) 0xcd, (byte) 0xef});
        out.writeBytes("MaxMind.com".getBytes(StandardCharsets.US_ASCII));
        write(
                out,
                Map.of(
                        "node_count",
                        nodes.size(),
                        "record_size",
                        24,
                        "ip_version",
                        4,
                        "database_type",
                        "Test-City",
                        "languages",
                        List.of("en"),
                        "binary_format_major_version",
                        2,
                        "binary_format_minor_version",
                        0,
                        "build_epoch",
                        1_772_366_400L,
                        "description",
                        Map.of("en", "for a test")));
        Files.write(file, out.toByteArray());
    }

    private static void write(ByteArrayOutputStream out, Object value) {
        switch (value) {
            case Map<?, ?> map -> {
                out.write(7 << 5 | map.size());
                map.forEach((key, of) -> {
                    write(out, key);
                    write(out, of);
                });
            }
            case String text -> {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                if (bytes.length < 29) {
                    out.write(2 << 5 | bytes.length);
                } else {
                    out.write(2 << 5 | 29);
                    out.write(bytes.length - 29);
                }
                out.writeBytes(bytes);
            }
            case Double number -> {
                out.write(3 << 5 | 8);
                out.writeBytes(ByteBuffer.allocate(8).putDouble(number).array());
            }
            case Integer number -> {
                out.write(6 << 5 | 4);
                out.writeBytes(ByteBuffer.allocate(4).putInt(number).array());
            }
            case Long number -> {
                out.write(8); // extended: a 64 bit number of 8 bytes
                out.write(9 - 7);
                out.writeBytes(ByteBuffer.allocate(8).putLong(number).array());
            }
            case List<?> list -> {
                out.write(list.size());
                out.write(11 - 7);
                list.forEach(of -> write(out, of));
            }
            default -> throw new IllegalArgumentException(value.getClass().getName());
        }
    }
}
