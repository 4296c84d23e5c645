package drawbridge.server.support;

import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;

import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A certificate that signs itself, and its key. The name is its only one. */
public record TestIdentity(X509Certificate certificate, KeyPair keys) {
    /** Makes one; of the kind and size that are named. */
    public static TestIdentity of(String name, String algorithm, int size)
            throws GeneralSecurityException, OperatorCreationException, IOException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(size);
        KeyPair keys = generator.generateKeyPair();
        X500Name subject = new X500Name("CN=" + name);
        Instant from = Instant.parse("2026-01-01T00:00:00Z");
        X509CertificateHolder holder =
                new JcaX509v3CertificateBuilder(
                                subject,
                                BigInteger.valueOf(name.hashCode()).abs(),
                                Date.from(from),
                                Date.from(from.plus(Duration.ofDays(36_500))),
                                subject,
                                keys.getPublic())
                        .build(
                                new JcaContentSignerBuilder(
                                                algorithm.equals("EC")
                                                        ? "SHA256withECDSA"
                                                        : "SHA256withRSA")
                                        .build(keys.getPrivate()));
        return new TestIdentity(
                (X509Certificate)
                        CertificateFactory.getInstance("X.509")
                                .generateCertificate(new ByteArrayInputStream(holder.getEncoded())),
                keys);
    }

    /** Makes sockets on which it is shown. */
    public ServerSocketFactory sockets() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        char[] none = new char[0];
        store.setKeyEntry("server", keys.getPrivate(), none, new Certificate[] {certificate});
        KeyManagerFactory managers =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, none);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context.getServerSocketFactory();
    }

    /** Writes both as PEM. */
    public void write(Path certificateFile, Path keyFile)
            throws IOException, GeneralSecurityException {
        Files.writeString(keyFile, pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
        Files.writeString(certificateFile, pem("CERTIFICATE", certificate.getEncoded()));
    }

    private static String pem(String what, byte[] der) {
        String base64 =
                Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(der);
        return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(what, base64);
    }
}
