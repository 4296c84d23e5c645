package drawbridge.server.logging;

import drawbridge.server.config.ServerConfig.LogReceiver;
import drawbridge.server.crypto.Authorities;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * The way to a receiver of logs: TCP, TLS with the receiver's name checked, or UDP. Written by one
 * thread; closed by any.
 */
final class SyslogWire implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 3_000;

    /** What is on its way when the receiver ends is lost, so it is kept small. */
    private static final int SEND_BUFFER = 64 * 1024;

    private final LogReceiver receiver;
    private volatile @Nullable Socket stream;
    private volatile @Nullable DatagramSocket datagrams;

    SyslogWire(LogReceiver receiver) {
        this.receiver = receiver;
    }

    /** Whether frames are told apart by their lengths, because there is a stream of them. */
    boolean isStream() {
        return !receiver.url().getScheme().equals("udp");
    }

    boolean isOpen() {
        Socket open = stream;
        return datagrams != null || (open != null && !open.isClosed());
    }

    /**
     * Connects.
     *
     * @throws IOException when the receiver does not take it, or is not who it should be
     */
    void open() throws IOException {
        close();
        InetSocketAddress to =
                new InetSocketAddress(
                        receiver.url().getHost().replaceAll("[\\[\\]]", ""),
                        receiver.url().getPort());
        if (to.isUnresolved()) {
            throw new IOException("its name is not known");
        }
        if (!isStream()) {
            DatagramSocket socket = new DatagramSocket();
            datagrams = socket;
            socket.connect(to);
            return;
        }
        Socket plain = new Socket();
        stream = plain;
        try {
            plain.setSendBufferSize(SEND_BUFFER);
            plain.setKeepAlive(true);
            plain.connect(to, PATIENCE_MILLIS);
            Socket ready = receiver.url().getScheme().equals("tls") ? secured(plain) : plain;
            stream = ready;
            InputStream in = ready.getInputStream();
            Thread.ofVirtual().name("log-receiver").start(() -> watch(in, ready));
        } catch (IOException e) {
            plain.close();
            throw e;
        }
    }

    /** A receiver says nothing, so an end is all that can be read: it closed the connection. */
    private static void watch(InputStream in, Socket socket) {
        try (socket) {
            long _ = in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // Closed all the same, and whoever writes next makes a new one.
        }
    }

    private SSLSocket secured(Socket plain) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            Path authorities = receiver.authorities().orElse(null);
            context.init(null, authorities == null ? null : trusting(authorities), null);
            SSLSocket secured =
                    (SSLSocket)
                            context.getSocketFactory()
                                    .createSocket(
                                            plain,
                                            receiver.url().getHost(),
                                            receiver.url().getPort(),
                                            true);
            SSLParameters demands = secured.getSSLParameters();
            demands.setEndpointIdentificationAlgorithm("HTTPS");
            demands.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
            secured.setSSLParameters(demands);
            plain.setSoTimeout(PATIENCE_MILLIS);
            secured.startHandshake();
            plain.setSoTimeout(0);
            return secured;
        } catch (GeneralSecurityException e) {
            throw new IOException("its authorities cannot be used", e);
        }
    }

    /** Read at each connection, so that a renewed file counts from the next one on. */
    private static TrustManager[] trusting(Path pem) throws IOException, GeneralSecurityException {
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(Authorities.of(pem));
        return trust.getTrustManagers();
    }

    /** Hands one frame over; it has arrived in this machine's network, and perhaps no further. */
    void write(byte[] frame) throws IOException {
        DatagramSocket socket = datagrams;
        if (socket != null) {
            socket.send(new DatagramPacket(frame, frame.length));
            return;
        }
        Socket open = stream;
        if (open == null || open.isClosed()) {
            throw new IOException("the receiver closed the connection");
        }
        OutputStream out = open.getOutputStream();
        out.write(frame);
        out.flush();
    }

    @Override
    public void close() {
        DatagramSocket socket = datagrams;
        datagrams = null;
        if (socket != null) {
            socket.close();
        }
        Socket open = stream;
        stream = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                // It is gone either way.
            }
        }
    }
}
