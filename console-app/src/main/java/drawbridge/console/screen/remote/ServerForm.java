package drawbridge.console.screen.remote;

import drawbridge.console.remote.ProfileColour;
import drawbridge.console.remote.RemoteServer;
import drawbridge.console.remote.SeenCertificate;
import drawbridge.console.screen.Asked;
import drawbridge.console.screen.FormFields;
import drawbridge.console.screen.remote.ConnectionsViewModel.Brought;
import drawbridge.console.screen.remote.ConnectionsViewModel.Wish;
import drawbridge.console.ui.Words;
import drawbridge.console.ui.controls.ToolRow;

import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.PasswordField;
import javafx.scene.control.RadioButton;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.VBox;

import java.net.URI;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** The form of a profile: a new one, or what can be changed of one. */
final class ServerForm {
    private final Optional<RemoteServer> known;
    private final ConnectionsViewModel connections;
    private final ConnectionsController controller;
    private final Words words;
    private final Map<ProfileColour, RadioButton> choices = new EnumMap<>(ProfileColour.class);

    @FXML private ScrollPane scroll;
    @FXML private VBox form;
    @FXML private Label title;
    @FXML private Label about;
    @FXML private TextField name;
    @FXML private Label nameProblem;
    @FXML private TextField url;
    @FXML private Label urlProblem;
    @FXML private Label tokenName;
    @FXML private PasswordField token;
    @FXML private Label tokenProblem;
    @FXML private VBox presentBox;
    @FXML private PasswordField present;
    @FXML private Label presentProblem;
    @FXML private Label passphraseName;
    @FXML private PasswordField passphrase;
    @FXML private Label passphraseProblem;
    @FXML private PasswordField repeated;
    @FXML private Label repeatedProblem;
    @FXML private ToolRow colours;
    @FXML private CheckBox guarded;
    @FXML private Label problem;
    @FXML private Label busy;
    @FXML private Button cancel;
    @FXML private Button save;

    private FormFields fields = new FormFields(new Label());

    ServerForm(
            Optional<RemoteServer> known,
            ConnectionsViewModel connections,
            ConnectionsController controller,
            Words words) {
        this.known = known;
        this.connections = connections;
        this.controller = controller;
        this.words = words;
    }

    @FXML
    void initialize() {
        // as high as what it holds; it scrolls in a window that is lower only
        scroll.prefViewportHeightProperty().bind(form.heightProperty());
        fields = new FormFields(problem);
        fields.put("name", name, nameProblem);
        fields.put("url", url, urlProblem);
        fields.put("token", token, tokenProblem);
        fields.put("present", present, presentProblem);
        fields.put("passphrase", passphrase, passphraseProblem);
        fields.put("repeated", repeated, repeatedProblem);
        ToggleGroup group = new ToggleGroup();
        for (ProfileColour colour : ProfileColour.values()) {
            RadioButton choice = new RadioButton(words.oneOf("remote.colour", colour.key()));
            choice.setToggleGroup(group);
            choice.getStyleClass().addAll("colour-choice", "colour-" + colour.key());
            choices.put(colour, choice);
            colours.getChildren().add(choice);
        }
        choose(ProfileColour.VIOLET);
        busy.setVisible(false);
        presentBox.setVisible(known.isPresent());
        presentBox.setManaged(known.isPresent());
        known.ifPresentOrElse(this::fill, this::prepare);
        save.disableProperty().bind(busy.visibleProperty());
        cancel.setOnAction(_ -> controller.show());
        save.setOnAction(_ -> send());
        for (TextField each : new TextField[] {name, url, token, present, passphrase, repeated}) {
            each.setOnAction(_ -> save.fire());
        }
    }

    private void prepare() {
        title.setText(words.get("remote.form.new"));
        about.setText(words.get("remote.form.about"));
        tokenName.setText(words.get("remote.form.token"));
        passphraseName.setText(words.get("remote.form.passphrase"));
        save.setText(words.get("remote.form.next"));
        guarded.setSelected(true);
    }

    private void fill(RemoteServer server) {
        title.setText(words.get("remote.form.change", server.name()));
        about.setText(words.get("remote.form.changeAbout"));
        name.setText(server.name());
        url.setText(server.adminUrl().toString());
        url.setDisable(true);
        tokenName.setText(words.get("remote.form.newToken"));
        passphraseName.setText(words.get("remote.form.newPassphrase"));
        choose(server.colour());
        guarded.setSelected(server.isProtected());
        save.setText(words.get("remote.form.save"));
    }

    private void choose(ProfileColour colour) {
        RadioButton choice = choices.get(colour);
        if (choice != null) {
            choice.setSelected(true);
        }
    }

    private ProfileColour chosen() {
        return choices.entrySet().stream()
                .filter(each -> each.getValue().isSelected())
                .findFirst()
                .map(Map.Entry::getKey)
                .orElse(ProfileColour.VIOLET);
    }

    Node first() {
        return name;
    }

    private Wish wish() {
        return new Wish(
                name.getText(),
                url.getText(),
                token.getText(),
                passphrase.getText(),
                repeated.getText(),
                present.getText(),
                chosen(),
                guarded.isSelected());
    }

    private void send() {
        fields.clear();
        Wish wish = wish();
        known.ifPresentOrElse(server -> change(server, wish), () -> look(wish));
    }

    private void change(RemoteServer server, Wish wish) {
        busy.setVisible(true);
        connections.change(
                server,
                wish,
                how -> {
                    ended(how);
                    if (how instanceof Asked.Well) {
                        controller.show();
                    }
                });
    }

    private void look(Wish wish) {
        Optional<Asked.Badly> fault = connections.faultOfNew(wish);
        if (fault.isPresent()) {
            ended(fault.get());
            return;
        }
        URI address = ConnectionsViewModel.address(wish.url()).orElseThrow();
        busy.setVisible(true);
        if ("http".equals(address.getScheme())) {
            connections.add(
                    wish,
                    Optional.empty(),
                    how -> {
                        ended(how);
                        if (how instanceof Asked.Well) {
                            controller.close();
                        }
                    });
        } else {
            connections.look(address, seen -> looked(address, wish, seen));
        }
    }

    private void looked(URI address, Wish wish, Brought<SeenCertificate> seen) {
        busy.setVisible(false);
        switch (seen) {
            case Brought.Here<SeenCertificate>(SeenCertificate certificate) ->
                    controller.firstCertificate(
                            address,
                            certificate,
                            ended -> connections.add(wish, Optional.of(certificate.pin()), ended),
                            controller::show);
            case Brought.Not<SeenCertificate>(String why) -> fields.tell("url", why);
        }
    }

    private void ended(Asked how) {
        busy.setVisible(false);
        if (how instanceof Asked.Badly(String field, String why)) {
            fields.tell(field, why);
        }
    }
}
