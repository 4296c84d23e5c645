package drawbridge.console.screen.secrets;

import drawbridge.model.Secret;

import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Shows a new secret this once: to copy it, or to write it into a file that only its owner may
 * read. It cannot be left by mistake before the secret is kept somewhere. When it is closed the
 * secret is wiped and its text taken from the screen.
 */
final class NewSecretDialog {
    private static final String HIDDEN = "••••••••••••••••••••••••••••••••";

    /**
     * What is shown.
     *
     * @param title whose secret it is
     * @param what what becomes of the one before
     * @param fileName the file's name that is offered
     */
    record Told(String title, String what, String fileName) {}

    private final Told told;
    private final Secret secret;
    private final NewSecrets with;
    private boolean isKept;
    private boolean isWarned;
    private @Nullable Node view;

    @FXML private Label title;
    @FXML private Label what;
    @FXML private Label text;
    @FXML private ToggleButton reveal;
    @FXML private Button copy;
    @FXML private Label copied;
    @FXML private Button forget;
    @FXML private TextField file;
    @FXML private Button write;
    @FXML private Label written;
    @FXML private Label warning;
    @FXML private Button done;

    private NewSecretDialog(Told told, Secret secret, NewSecrets with) {
        this.told = told;
        this.secret = secret;
        this.with = with;
    }

    /** Shows it, and wipes it in the end. */
    static void show(Told told, Secret secret, NewSecrets with) {
        NewSecretDialog dialog = new NewSecretDialog(told, secret, with);
        Node loaded = with.views().load(dialog, "new-secret.fxml");
        dialog.view = loaded;
        with.overlay().show(loaded, dialog.copy, dialog::left);
    }

    @FXML
    void initialize() {
        title.setText(told.title());
        what.setText(told.what());
        text.setText(HIDDEN);
        text.setAccessibleText(with.words().get("secrets.new.hidden"));
        reveal.selectedProperty().subscribe(this::reveal);
        copy.setOnAction(_ -> copy());
        forget.visibleProperty().bind(with.clipboard().heldProperty());
        forget.managedProperty().bind(forget.visibleProperty());
        forget.setOnAction(_ -> with.clipboard().clear());
        copied.visibleProperty().bind(forget.visibleProperty());
        copied.managedProperty().bind(forget.visibleProperty());
        file.setText(Path.of(System.getProperty("user.home", ""), told.fileName()).toString());
        write.setOnAction(_ -> write());
        file.setOnAction(_ -> write());
        for (Label each : new Label[] {written, warning}) {
            each.managedProperty().bind(each.visibleProperty());
            each.visibleProperty().bind(each.textProperty().isNotEmpty());
        }
        done.setOnAction(_ -> {
            if (mayLeave()) {
                with.overlay().close();
                wipe();
            }
        });
    }

    private void reveal(boolean shown) {
        text.setText(
                shown ? secret.use(bytes -> new String(bytes, StandardCharsets.US_ASCII)) : HIDDEN);
        reveal.setText(with.words().get(shown ? "secrets.new.hide" : "secrets.new.show"));
    }

    private void copy() {
        with.clipboard().copy(secret);
        isKept = true;
        warning.setText("");
    }

    private void write() {
        Path path;
        try {
            path = Path.of(file.getText().strip());
        } catch (InvalidPathException e) {
            wrote(Optional.of(with.words().get("secrets.new.badPath")), "");
            return;
        }
        if (!path.isAbsolute()) {
            wrote(Optional.of(with.words().get("secrets.new.badPath")), "");
            return;
        }
        write.setDisable(true);
        Secret copy = secret.use(Secret::copyOf); // the dialog may be closed meanwhile
        with.background()
                .run(() -> {
                    try (copy) {
                        return written(path, copy);
                    }
                })
                .onDone(problem -> {
                    write.setDisable(false);
                    wrote(problem, path.toString());
                })
                .onFailed(e -> {
                    write.setDisable(false);
                    wrote(Optional.of(with.words().get("reply.fault")), "");
                });
    }

    /** Why it could not be written; empty when it was. */
    private Optional<String> written(Path path, Secret content) {
        try {
            byte[] line = content.use(bytes -> java.util.Arrays.copyOf(bytes, bytes.length + 1));
            line[line.length - 1] = '\n';
            try {
                with.files().write(path, line);
            } finally {
                java.util.Arrays.fill(line, (byte) 0);
            }
            return Optional.empty();
        } catch (FileAlreadyExistsException e) {
            return Optional.of(with.words().get("secrets.new.exists"));
        } catch (NoSuchFileException e) {
            return Optional.of(with.words().get("secrets.new.noFolder"));
        } catch (IOException e) {
            String why = e.getMessage();
            return Optional.of(with.words().get("secrets.new.notWritten", why == null ? "" : why));
        }
    }

    private void wrote(Optional<String> problem, String path) {
        written.getStyleClass().removeAll("problem-text", "success-text");
        if (problem.isPresent()) {
            written.getStyleClass().add("problem-text");
            written.setText(problem.get());
            file.requestFocus();
            return;
        }
        isKept = true;
        warning.setText("");
        written.getStyleClass().add("success-text");
        written.setText(with.words().get("secrets.new.written", path));
    }

    /** Left by Esc or a click beside it. */
    private void left() {
        Node shown = view;
        if (mayLeave() || shown == null) {
            wipe();
            return;
        }
        with.overlay().show(shown, copy, this::left);
    }

    /** The first try to leave a secret that nobody kept only warns. */
    private boolean mayLeave() {
        if (isKept || isWarned) {
            return true;
        }
        isWarned = true;
        warning.setText(with.words().get("secrets.new.notKept"));
        done.setText(with.words().get("secrets.new.leave"));
        return false;
    }

    private void wipe() {
        text.setText("");
        secret.close();
        reveal.setDisable(true);
        view = null;
    }
}
