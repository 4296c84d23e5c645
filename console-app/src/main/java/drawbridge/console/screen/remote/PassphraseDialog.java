package drawbridge.console.screen.remote;

import drawbridge.console.remote.RemoteServer;
import drawbridge.console.screen.Asked;
import drawbridge.console.screen.FormFields;
import drawbridge.console.screen.remote.ConnectionsController.WithPassphrase;
import drawbridge.console.ui.Words;

import javafx.fxml.FXML;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.PasswordField;

/** Asks for a profile's passphrase, and again while it is another one. */
final class PassphraseDialog {
    private final RemoteServer server;
    private final Says says;
    private final Words words;
    private final WithPassphrase run;
    private final Runnable closed;

    @FXML private Label title;
    @FXML private Label what;
    @FXML private Label fieldName;
    @FXML private PasswordField passphrase;
    @FXML private Label passphraseProblem;
    @FXML private Label problem;
    @FXML private Label busy;
    @FXML private Button cancel;
    @FXML private Button confirm;

    private FormFields fields = new FormFields(new Label());

    /** What it says. */
    record Says(String title, String what, String confirm) {}

    PassphraseDialog(
            RemoteServer server, Says says, Words words, WithPassphrase run, Runnable closed) {
        this.server = server;
        this.says = says;
        this.words = words;
        this.run = run;
        this.closed = closed;
    }

    @FXML
    void initialize() {
        fields = new FormFields(problem);
        fields.put("passphrase", passphrase, passphraseProblem);
        title.setText(says.title());
        what.setText(says.what());
        String name = words.get("remote.passphraseOf", server.name());
        fieldName.setText(name);
        passphrase.setAccessibleText(name);
        busy.setVisible(false);
        confirm.setText(says.confirm());
        confirm.disableProperty()
                .bind(passphrase.textProperty().isEmpty().or(busy.visibleProperty()));
        cancel.setOnAction(_ -> closed.run());
        confirm.setOnAction(_ -> send());
        passphrase.setOnAction(_ -> confirm.fire());
    }

    PasswordField field() {
        return passphrase;
    }

    private void send() {
        fields.clear();
        busy.setVisible(true);
        run.run(passphrase.getText(), this::ended);
    }

    private void ended(Asked how) {
        busy.setVisible(false);
        switch (how) {
            case Asked.Well _ -> {
                passphrase.clear();
                closed.run();
            }
            case Asked.Badly(String field, String why) -> {
                passphrase.selectAll();
                fields.tell(field, why);
            }
        }
    }
}
