package drawbridge.console.screen.users;

import drawbridge.console.client.TenantCalls.Bounds;
import drawbridge.console.screen.Asked;
import drawbridge.console.screen.FormFields;
import drawbridge.console.ui.FxmlViews;
import drawbridge.console.ui.Overlay;
import drawbridge.console.ui.Words;
import drawbridge.model.view.TenantRow;

import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;

import java.util.Optional;

/** The form for a tenant's name and bounds. */
final class TenantDialog {
    private final Optional<TenantRow> known;
    private final TenantsViewModel tenants;
    private final Words words;
    private final Runnable closed;

    @FXML private Label title;
    @FXML private TextField id;
    @FXML private Label idProblem;
    @FXML private TextField name;
    @FXML private Label nameProblem;
    @FXML private TextField mostUsers;
    @FXML private Label mostUsersProblem;
    @FXML private TextField mostSessions;
    @FXML private Label mostSessionsProblem;
    @FXML private TextField mostMismatches;
    @FXML private Label mostMismatchesProblem;
    @FXML private Label problem;
    @FXML private Button cancel;
    @FXML private Button save;

    private FormFields fields = new FormFields(new Label());

    private TenantDialog(
            Optional<TenantRow> known, TenantsViewModel tenants, Words words, Runnable closed) {
        this.known = known;
        this.tenants = tenants;
        this.words = words;
        this.closed = closed;
    }

    /**
     * Opens the form.
     *
     * @param known the tenant to change; empty for a new one
     */
    static void open(
            Optional<TenantRow> known,
            TenantsViewModel tenants,
            Words words,
            FxmlViews views,
            Overlay overlay) {
        TenantDialog dialog = new TenantDialog(known, tenants, words, overlay::close);
        Node view = views.load(dialog, "tenant.fxml");
        overlay.show(view, known.isPresent() ? dialog.name : dialog.id, () -> {});
    }

    @FXML
    void initialize() {
        fields = new FormFields(problem);
        fields.put("id", id, idProblem);
        fields.put("name", name, nameProblem);
        fields.put("mostUsers", mostUsers, mostUsersProblem);
        fields.put("mostSessions", mostSessions, mostSessionsProblem);
        fields.put("mostMismatches", mostMismatches, mostMismatchesProblem);
        title.setText(
                known.map(row -> words.get("tenants.form.change", row.name()))
                        .orElse(words.get("tenants.form.create")));
        save.setText(
                words.get(known.isPresent() ? "tenants.form.save" : "tenants.form.createButton"));
        id.setDisable(known.isPresent());
        known.ifPresent(row -> {
            id.setText(row.id());
            name.setText(row.name());
            mostUsers.setText(bound(row.mostUsers()));
            mostSessions.setText(bound(row.mostSessions()));
            mostMismatches.setText(bound(row.mostMismatches()));
        });
        cancel.setOnAction(_ -> closed.run());
        save.setOnAction(_ -> send());
        for (TextField each : new TextField[] {id, name, mostUsers, mostSessions, mostMismatches}) {
            each.setOnAction(_ -> send());
        }
    }

    private static String bound(long most) {
        return most == 0 ? "" : Long.toString(most);
    }

    /** What was written as a bound; empty for what is none, which is said at its field. */
    private Optional<Long> bound(String field, TextField text) {
        String written = text.getText().strip();
        if (written.isEmpty()) {
            return Optional.of(0L);
        }
        if (!written.matches("[0-9]{1,9}")) {
            fields.tell(field, words.get("tenants.form.number"));
            return Optional.empty();
        }
        return Optional.of(Long.parseLong(written));
    }

    private void send() {
        fields.clear();
        Optional<Long> users = bound("mostUsers", mostUsers);
        Optional<Long> sessions = bound("mostSessions", mostSessions);
        Optional<Long> mismatches = bound("mostMismatches", mostMismatches);
        if (users.isEmpty() || sessions.isEmpty() || mismatches.isEmpty()) {
            return;
        }
        Bounds bounds = new Bounds(users.get(), sessions.get(), mismatches.get());
        String wanted = name.getText().strip();
        save.setDisable(true);
        known.ifPresentOrElse(
                row -> tenants.change(row.id(), wanted, bounds, this::ended),
                () -> tenants.create(id.getText().strip(), wanted, bounds, this::ended));
    }

    private void ended(Asked how) {
        save.setDisable(false);
        switch (how) {
            case Asked.Well _ -> closed.run();
            case Asked.Badly(String field, String why) -> fields.tell(field, why);
        }
    }
}
