package drawbridge.console.screen.remote;

import drawbridge.console.remote.RemoteServer;
import drawbridge.console.remote.SeenCertificate;
import drawbridge.console.screen.Asked;
import drawbridge.console.screen.FormFields;
import drawbridge.console.ui.Formats;
import drawbridge.console.ui.Words;
import drawbridge.model.tls.CertificatePin;

import javafx.fxml.FXML;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.PasswordField;
import javafx.scene.control.TextArea;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import java.net.URI;
import java.util.Optional;
import java.util.function.Consumer;

/** Shows a certificate, so that a person compares it before the console trusts it. */
final class CertificateDialog {
    private final URI url;
    private final SeenCertificate seen;
    private final Optional<RemoteServer> known;
    private final ConnectionsViewModel connections;
    private final Words words;
    private final Formats formats;
    private final Ways ways;

    @FXML private Label title;
    @FXML private Label what;
    @FXML private GridPane facts;
    @FXML private VBox before;
    @FXML private TextArea oldPin;
    @FXML private Label pinName;
    @FXML private TextArea pin;
    @FXML private VBox notes;
    @FXML private CheckBox compared;
    @FXML private VBox passphraseBox;
    @FXML private PasswordField passphrase;
    @FXML private Label passphraseProblem;
    @FXML private Label problem;
    @FXML private Label busy;
    @FXML private Button cancel;
    @FXML private Button accept;

    private FormFields fields = new FormFields(new Label());

    /**
     * Where it leads.
     *
     * @param accept takes the certificate, with the passphrase where one is asked for
     */
    private record Ways(
            ConnectionsController.WithPassphrase accept, Runnable back, Runnable done) {}

    private CertificateDialog(
            URI url,
            SeenCertificate seen,
            Optional<RemoteServer> known,
            ConnectionsViewModel connections,
            Words words,
            Formats formats,
            Ways ways) {
        this.url = url;
        this.seen = seen;
        this.known = known;
        this.connections = connections;
        this.words = words;
        this.formats = formats;
        this.ways = ways;
    }

    /** Of a server that is not known yet. */
    static CertificateDialog first(
            URI url,
            SeenCertificate seen,
            ConnectionsViewModel connections,
            Words words,
            Formats formats,
            Consumer<Consumer<Asked>> accept,
            Runnable back,
            ConnectionsController controller) {
        return new CertificateDialog(
                url,
                seen,
                Optional.empty(),
                connections,
                words,
                formats,
                new Ways((_, ended) -> accept.accept(ended), back, controller::close));
    }

    /** Of a server that showed another one before. */
    static CertificateDialog changed(
            RemoteServer server,
            SeenCertificate seen,
            ConnectionsViewModel connections,
            Words words,
            Formats formats,
            ConnectionsController controller) {
        return new CertificateDialog(
                server.adminUrl(),
                seen,
                Optional.of(server),
                connections,
                words,
                formats,
                new Ways(
                        (typed, ended) -> connections.accept(server, seen.pin(), typed, ended),
                        controller::close,
                        controller::close));
    }

    @FXML
    void initialize() {
        fields = new FormFields(problem);
        fields.put("present", passphrase, passphraseProblem);
        boolean isChanged = known.isPresent();
        boolean isValid = connections.isValid(seen);
        title.setText(
                isChanged
                        ? words.get("remote.certificate.changed", known.get().name())
                        : words.get("remote.certificate.first", url.getAuthority()));
        what.setText(
                isChanged
                        ? words.get("remote.certificate.changedWhat")
                        : words.get("remote.certificate.firstWhat"));
        fact("subject", seen.subject());
        fact(
                "issuer",
                seen.isSelfSigned() ? words.get("remote.certificate.selfSigned") : seen.issuer());
        fact(
                "names",
                seen.names().isEmpty()
                        ? words.get("remote.certificate.noNames")
                        : String.join(", ", seen.names()));
        fact(
                "valid",
                words.get(
                        "remote.certificate.validity",
                        formats.dateTime(seen.from()),
                        formats.dateTime(seen.until())));
        before.setVisible(isChanged);
        before.setManaged(isChanged);
        oldPin.setText(
                known.flatMap(RemoteServer::pin).map(CertificateDialog::inTwoLines).orElse(""));
        pin.setText(inTwoLines(seen.pin()));
        pinName.setText(
                isChanged
                        ? words.get("remote.certificate.newPin")
                        : words.get("remote.certificate.pin"));
        if (!isValid) {
            note(words.get("remote.certificate.outOfDates"));
        }
        if (!seen.isFor(url.getHost())) {
            note(words.get("remote.certificate.otherName", url.getHost()));
        }
        compared.setText(words.get("remote.certificate.compared"));
        passphraseBox.setVisible(isChanged);
        passphraseBox.setManaged(isChanged);
        busy.setVisible(false);
        accept.setText(
                isChanged
                        ? words.get("remote.certificate.acceptNew")
                        : words.get("remote.certificate.accept"));
        compared.setDisable(!isValid);
        accept.disableProperty()
                .bind(
                        compared.selectedProperty()
                                .not()
                                .or(busy.visibleProperty())
                                .or(
                                        passphraseBox
                                                .visibleProperty()
                                                .and(passphrase.textProperty().isEmpty())));
        cancel.setOnAction(_ -> ways.back().run());
        accept.setOnAction(_ -> send());
        passphrase.setOnAction(_ -> accept.fire());
    }

    /** In halves, so that it can be read out. */
    private static String inTwoLines(CertificatePin pin) {
        String shown = pin.shown();
        return shown.substring(0, 47) + "\n" + shown.substring(48);
    }

    private void fact(String key, String value) {
        int row = facts.getRowCount();
        Label name = new Label(words.oneOf("remote.fact", key));
        name.getStyleClass().add("fact-name");
        name.setMinWidth(Region.USE_PREF_SIZE);
        Label text = new Label(value);
        text.setWrapText(true);
        GridPane.setHgrow(text, Priority.ALWAYS);
        facts.addRow(row, name, text);
    }

    private void note(String text) {
        Label note = new Label(text);
        note.setWrapText(true);
        note.setMinHeight(Region.USE_PREF_SIZE);
        note.getStyleClass().add("problem-text");
        notes.getChildren().add(note);
    }

    Button safe() {
        return cancel;
    }

    private void send() {
        fields.clear();
        busy.setVisible(true);
        ways.accept()
                .run(
                        passphrase.getText(),
                        how -> {
                            busy.setVisible(false);
                            switch (how) {
                                case Asked.Well _ -> ways.done().run();
                                case Asked.Badly(String field, String why) ->
                                        fields.tell(field, why);
                            }
                        });
    }
}
