package drawbridge.console.screen.users;

import drawbridge.console.client.UserCalls;
import drawbridge.console.screen.Asked;
import drawbridge.console.screen.FormFields;
import drawbridge.console.ui.FxmlViews;
import drawbridge.console.ui.Overlay;
import drawbridge.console.ui.Words;
import drawbridge.model.Secret;

import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.control.PasswordField;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.VBox;

import org.controlsfx.control.SegmentedButton;

import java.util.List;

/**
 * The form for a new account: with a password that the administrator sets, or by an invitation with
 * which its owner sets it. What the server objects to is said at its field.
 */
final class CreateUserDialog {
    private final UsersViewModel users;
    private final List<String> tenants;
    private final Words words;
    private final Runnable closed;

    @FXML private SegmentedButton ways;
    @FXML private ToggleButton byMail;
    @FXML private ToggleButton byPassword;
    @FXML private Label about;
    @FXML private TextField email;
    @FXML private Label emailProblem;
    @FXML private VBox tenantBox;
    @FXML private ChoiceBox<String> tenant;
    @FXML private Label tenantProblem;
    @FXML private ChoiceBox<String> type;
    @FXML private Label typeProblem;
    @FXML private VBox accountBox;
    @FXML private TextField name;
    @FXML private Label nameProblem;
    @FXML private TextField lastName;
    @FXML private Label lastNameProblem;
    @FXML private PasswordField password;
    @FXML private Label passwordProblem;
    @FXML private CheckBox verified;
    @FXML private Label problem;
    @FXML private Button cancel;
    @FXML private Button send;

    private FormFields fields = new FormFields(new Label());

    private CreateUserDialog(
            UsersViewModel users, List<String> tenants, Words words, Runnable closed) {
        this.users = users;
        this.tenants = List.copyOf(tenants);
        this.words = words;
        this.closed = closed;
    }

    /**
     * Opens the form.
     *
     * @param tenants the ids of the tenants there are; empty when they are not known
     */
    static void open(
            UsersViewModel users,
            List<String> tenants,
            Words words,
            FxmlViews views,
            Overlay overlay) {
        CreateUserDialog dialog = new CreateUserDialog(users, tenants, words, overlay::close);
        Node view = views.load(dialog, "create.fxml");
        overlay.show(view, dialog.email, dialog.password::clear);
    }

    @FXML
    void initialize() {
        fields = new FormFields(problem);
        fields.put("email", email, emailProblem);
        fields.put("tenant", tenant, tenantProblem);
        fields.put("userType", type, typeProblem);
        fields.put("name", name, nameProblem);
        fields.put("lastName", lastName, lastNameProblem);
        fields.put("password", password, passwordProblem);
        tenant.getItems().setAll(tenants.isEmpty() ? List.of("default") : tenants);
        tenant.setValue(
                tenant.getItems().contains("default") ? "default" : tenant.getItems().getFirst());
        tenantBox.setVisible(tenant.getItems().size() > 1);
        type.getItems().setAll("user", "admin");
        type.setValue("user");
        for (VBox box : List.of(tenantBox, accountBox)) {
            box.managedProperty().bind(box.visibleProperty());
        }
        accountBox.visibleProperty().bind(byPassword.selectedProperty());
        ways.getToggleGroup()
                .selectedToggleProperty()
                .addListener((property, before, after) -> {
                    if (after == null && before != null) {
                        before.setSelected(true); // one of them always holds
                    }
                });
        byMail.selectedProperty().subscribe(this::showWay);
        cancel.setOnAction(_ -> leave());
        send.setOnAction(_ -> send());
        for (TextField each : List.of(email, name, lastName, password)) {
            each.setOnAction(_ -> send());
        }
    }

    private void showWay(boolean invites) {
        about.setText(words.get(invites ? "users.create.aboutMail" : "users.create.aboutPassword"));
        send.setText(words.get(invites ? "users.create.invite" : "users.create.create"));
        fields.clear();
    }

    private void leave() {
        password.clear();
        closed.run();
    }

    private void send() {
        fields.clear();
        String address = email.getText().strip();
        if (address.isEmpty()) {
            fields.tell("email", words.get("users.create.noEmail"));
            return;
        }
        send.setDisable(true);
        if (byMail.isSelected()) {
            users.invite(tenant.getValue(), address, type.getValue(), this::ended);
            return;
        }
        users.create(
                new UserCalls.Wish(
                        tenant.getValue(),
                        address,
                        name.getText().strip(),
                        lastName.getText().strip(),
                        type.getValue(),
                        verified.isSelected(),
                        Secret.ofText(password.getCharacters())),
                this::ended);
    }

    private void ended(Asked how) {
        send.setDisable(false);
        switch (how) {
            case Asked.Well _ -> leave();
            case Asked.Badly(String field, String why) -> fields.tell(field, why);
        }
    }
}
