package drawbridge.model.tls;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * Which certificate a server has to show: SHA-256 of the whole certificate, as {@code openssl x509
 * -fingerprint -sha256} prints it.
 *
 * @param sha256 64 hexadecimal digits, in lower case
 */
public record CertificatePin(String sha256) {
    public CertificatePin {
        if (!sha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException(
                    "a fingerprint has 64 hexadecimal digits, not \"" + sha256 + "\"");
        }
    }

    /** The pin of that certificate. */
    public static CertificatePin of(X509Certificate certificate) {
        try {
            byte[] der = certificate.getEncoded();
            return new CertificatePin(
                    HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(der)));
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("that certificate has no encoding", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * Reads what a person copied: upper or lower case, with or without colons, blanks and the words
     * before it.
     *
     * @return empty when it is no fingerprint
     */
    public static Optional<CertificatePin> parse(String text) {
        String behind = text.substring(text.lastIndexOf('=') + 1);
        String digits = behind.replaceAll("[:\\s]", "").toLowerCase(Locale.ROOT);
        return digits.matches("[0-9a-f]{64}")
                ? Optional.of(new CertificatePin(digits))
                : Optional.empty();
    }

    /** In pairs with colons, in upper case, as other tools show it. */
    public String shown() {
        return HexFormat.ofDelimiter(":")
                .withUpperCase()
                .formatHex(HexFormat.of().parseHex(sha256));
    }

    @Override
    public String toString() {
        return shown();
    }
}
