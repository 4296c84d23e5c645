package drawbridge.server.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Reads certificate and key into what a listener proves itself with. */
final class TlsIdentity {
    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String END = "-----END PRIVATE KEY-----";
    private static final char[] IN_MEMORY = new char[0];

    private TlsIdentity() {}

    /**
     * The identity that the files hold now.
     *
     * @throws TlsUnusableException when they hold none
     */
    static Shown read(TlsFiles files) {
        try {
            KeyStore store =
                    switch (files) {
                        case TlsFiles.Pem pem -> fromPem(pem);
                        case TlsFiles.Pkcs12 pkcs12 -> fromPkcs12(pkcs12);
                    };
            char[] password = files instanceof TlsFiles.Pkcs12 p ? password(p) : IN_MEMORY;
            KeyManagerFactory keys =
                    KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, password);
            Arrays.fill(password, '\0');
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return new Shown(context, sha256(store));
        } catch (IOException | GeneralSecurityException e) {
            throw unusable(files, e);
        }
    }

    /**
     * What a listener shows.
     *
     * @param sha256 of its own certificate, in hexadecimal; empty when there is none
     */
    record Shown(SSLContext context, String sha256) {}

    private static String sha256(KeyStore store) throws GeneralSecurityException {
        for (String alias : Collections.list(store.aliases())) {
            if (store.isKeyEntry(alias)) {
                byte[] der = store.getCertificate(alias).getEncoded();
                return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(der));
            }
        }
        return "";
    }

    private static TlsUnusableException unusable(TlsFiles files, Exception e) {
        String names =
                String.join(" and ", files.all().stream().map(path -> path.toString()).toList());
        return new TlsUnusableException(
                "%s cannot be used for TLS: %s"
                        .formatted(
                                names,
                                e instanceof GeneralSecurityException
                                        ? e.getMessage()
                                        : "cannot be read"),
                e);
    }

    private static KeyStore fromPkcs12(TlsFiles.Pkcs12 files)
            throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        char[] password = password(files);
        try (InputStream in = Files.newInputStream(files.file())) {
            store.load(in, password);
        } finally {
            Arrays.fill(password, '\0');
        }
        return store;
    }

    private static char[] password(TlsFiles.Pkcs12 files) {
        return files.password()
                .map(secret ->
                        secret.use(bytes ->
                                StandardCharsets.UTF_8
                                        .decode(ByteBuffer.wrap(bytes))
                                        .toString()
                                        .toCharArray()))
                .orElseGet(() -> new char[0]);
    }

    private static KeyStore fromPem(TlsFiles.Pem files)
            throws IOException, GeneralSecurityException {
        List<? extends Certificate> chain;
        try (InputStream in = Files.newInputStream(files.certificate())) {
            chain = List.copyOf(CertificateFactory.getInstance("X.509").generateCertificates(in));
        }
        if (chain.isEmpty()) {
            throw new GeneralSecurityException("there is no certificate in it");
        }
        PrivateKey key = privateKey(files.key());
        requirePair(chain.getFirst().getPublicKey(), key);
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, IN_MEMORY);
        store.setKeyEntry("listener", key, IN_MEMORY, chain.toArray(Certificate[]::new));
        return store;
    }

    private static PrivateKey privateKey(Path file) throws IOException, GeneralSecurityException {
        byte[] text = Files.readAllBytes(file);
        String pem = new String(text, StandardCharsets.ISO_8859_1);
        Arrays.fill(text, (byte) 0);
        int from = pem.indexOf(BEGIN);
        int to = pem.indexOf(END);
        if (from < 0 || to < from) {
            throw new GeneralSecurityException(
                    "the key is no PKCS#8 in PEM, which begins with " + BEGIN);
        }
        byte[] der;
        try {
            der = Base64.getMimeDecoder().decode(pem.substring(from + BEGIN.length(), to));
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException("the key is no base64", e);
        }
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(der);
        Arrays.fill(der, (byte) 0);
        for (String algorithm : List.of("EC", "RSA", "Ed25519")) {
            Optional<PrivateKey> key = as(algorithm, spec);
            if (key.isPresent()) {
                return key.get();
            }
        }
        throw new GeneralSecurityException("the key is neither EC nor RSA nor Ed25519");
    }

    private static Optional<PrivateKey> as(String algorithm, PKCS8EncodedKeySpec spec)
            throws GeneralSecurityException {
        try {
            return Optional.of(KeyFactory.getInstance(algorithm).generatePrivate(spec));
        } catch (InvalidKeySpecException e) {
            return Optional.empty(); // a key of another kind
        }
    }

    /** Otherwise every handshake would fail, and nothing would say why. */
    private static void requirePair(PublicKey shown, PrivateKey held)
            throws GeneralSecurityException {
        String algorithm =
                switch (held.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> "Ed25519";
                };
        boolean pair = false;
        try {
            Signature signing = Signature.getInstance(algorithm);
            signing.initSign(held);
            signing.update(shown.getEncoded());
            byte[] signature = signing.sign();
            signing.initVerify(shown);
            signing.update(shown.getEncoded());
            pair = signing.verify(signature);
        } catch (GeneralSecurityException e) {
            throw new GeneralSecurityException("the key does not belong to the certificate", e);
        }
        if (!pair) {
            throw new GeneralSecurityException("the key does not belong to the certificate");
        }
    }

    /** Changes whenever one of the files does; empty when one cannot be read. */
    static String fingerprint(TlsFiles files) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            for (Path path : files.all()) {
                sha256.update(Files.readAllBytes(path));
            }
            return HexFormat.of().formatHex(sha256.digest());
        } catch (IOException e) {
            return "";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
