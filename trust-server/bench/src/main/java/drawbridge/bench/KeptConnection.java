package drawbridge.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One connection that sends a call and reads its answer, on the thread that asks. What calls beside
 * a load has to be cheap: Java's own client took as much of the machine for a call as the server.
 */
final class KeptConnection implements AutoCloseable {
    private static final String LENGTH = "content-length:";

    private final Socket socket;
    private final byte[] bytes = new byte[64 * 1024];

    KeptConnection(InetSocketAddress to) throws IOException {
        if (!to.getAddress().isLoopbackAddress()) {
            throw new IllegalArgumentException("calls go to loopback addresses only: " + to);
        }
        socket = new Socket(to.getAddress(), to.getPort());
        socket.setTcpNoDelay(true);
    }

    /**
     * Sends a whole request; answers with head and body.
     *
     * @throws IOException also when the answer is not one of success
     */
    String call(String request) throws IOException {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        InputStream in = socket.getInputStream();
        int end = 0;
        while (true) {
            int read = in.read(bytes, end, bytes.length - end);
            if (read < 0) {
                throw new IOException("the server closed a connection");
            }
            end += read;
            String text = new String(bytes, 0, end, StandardCharsets.UTF_8);
            int head = text.indexOf("\r\n\r\n");
            if (head >= 0 && end >= head + 4 + bodyLength(text.substring(0, head))) {
                if (!text.startsWith("HTTP/1.1 2")) {
                    throw new IOException(text);
                }
                return text;
            }
        }
    }

    private static int bodyLength(String head) {
        for (String line : head.toLowerCase(Locale.ROOT).split("\r\n", -1)) {
            if (line.startsWith(LENGTH)) {
                return Integer.parseInt(line.substring(LENGTH.length()).strip());
            }
        }
        throw new IllegalStateException("an answer without Content-Length");
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
