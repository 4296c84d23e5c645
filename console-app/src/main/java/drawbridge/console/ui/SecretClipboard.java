package drawbridge.console.ui;

import drawbridge.model.Secret;

import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.input.DataFormat;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;

/**
 * A secret on the clipboard, for a minute at most. What somebody else put there meanwhile stays:
 * only a hash of the secret is kept, to know it by. Used on the FX thread.
 */
public final class SecretClipboard {
    /** How long a secret stays. */
    public static final Duration KEPT = Duration.ofSeconds(60);

    /** A kind of content that clipboard histories leave out where they know it. */
    private static final DataFormat PRIVATE = format("x-kde-passwordManagerHint");

    private final Later later;
    private final ReadOnlyBooleanWrapper held = new ReadOnlyBooleanWrapper(this, "held", false);
    private byte @Nullable [] known;
    private Later.@Nullable Pending clearing;

    /** Nothing is held. */
    public SecretClipboard(Later later) {
        this.later = later;
    }

    private static DataFormat format(String type) {
        DataFormat known = DataFormat.lookupMimeType(type);
        return known == null ? new DataFormat(type) : known;
    }

    /** Whether a secret was put there and not cleared yet. */
    public ReadOnlyBooleanProperty heldProperty() {
        return held.getReadOnlyProperty();
    }

    /** Puts it there, and clears it in a minute. */
    public void copy(Secret secret) {
        if (clearing != null) {
            clearing.cancel();
        }
        ClipboardContent content = new ClipboardContent();
        content.putString(secret.use(bytes -> new String(bytes, StandardCharsets.UTF_8)));
        content.put(PRIVATE, "secret");
        Clipboard.getSystemClipboard().setContent(content);
        known = secret.use(SecretClipboard::hash);
        held.set(true);
        clearing = later.after(KEPT, this::clear);
    }

    /** Clears it now, if it is still there. */
    public void clear() {
        if (clearing != null) {
            clearing.cancel();
            clearing = null;
        }
        byte[] hash = known;
        known = null;
        held.set(false);
        if (hash == null) {
            return;
        }
        Clipboard clipboard = Clipboard.getSystemClipboard();
        String there = clipboard.getString();
        if (there != null
                && MessageDigest.isEqual(hash, hash(there.getBytes(StandardCharsets.UTF_8)))) {
            ClipboardContent nothing = new ClipboardContent();
            nothing.putString("");
            clipboard.setContent(nothing);
        }
    }

    private static byte[] hash(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
