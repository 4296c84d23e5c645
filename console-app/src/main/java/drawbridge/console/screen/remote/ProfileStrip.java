package drawbridge.console.screen.remote;

import drawbridge.console.model.ConsoleModel;
import drawbridge.console.model.Protection;
import drawbridge.console.remote.SeenCertificate;
import drawbridge.console.screen.Profile;
import drawbridge.console.ui.Formats;
import drawbridge.console.ui.Words;

import javafx.fxml.FXML;
import javafx.scene.control.Button;
import javafx.scene.control.Label;

import org.kordamp.ikonli.javafx.FontIcon;

import java.util.Optional;

/** The band that stands above everything in a window on a server elsewhere, dialogs included. */
public final class ProfileStrip {
    private final Profile.Remote profile;
    private final ConsoleModel model;
    private final ConnectionsController connections;
    private final Words words;
    private final Formats formats;

    @FXML private FontIcon icon;
    @FXML private Label name;
    @FXML private Label place;
    @FXML private Label state;
    @FXML private Button profileCertificate;
    @FXML private Button profileLock;

    /** A controller; its view is loaded by {@link drawbridge.console.ui.FxmlViews}. */
    public ProfileStrip(
            Profile.Remote profile,
            ConsoleModel model,
            ConnectionsController connections,
            Words words,
            Formats formats) {
        this.profile = profile;
        this.model = model;
        this.connections = connections;
        this.words = words;
        this.formats = formats;
    }

    @FXML
    void initialize() {
        name.setText(profile.server().name());
        place.setText(profile.server().place());
        profileLock.managedProperty().bind(profileLock.visibleProperty());
        profileLock.setVisible(model.protection().isProtected());
        profileCertificate.managedProperty().bind(profileCertificate.visibleProperty());
        profileCertificate.setOnAction(_ -> compare());
        profileLock.setOnAction(_ -> turn());
        profile.changedProperty().subscribe(_ -> show());
        model.protection().lockedProperty().subscribe(_ -> show());
        model.secondsProperty().subscribe(_ -> show());
    }

    private void compare() {
        profile.changedProperty()
                .get()
                .ifPresent(seen -> connections.changedCertificate(profile.server(), seen));
    }

    private void turn() {
        Protection protection = model.protection();
        if (protection.lockedProperty().get()) {
            connections.unlock(profile.server());
        } else {
            protection.lock();
        }
    }

    private void show() {
        Optional<SeenCertificate> changed = profile.changedProperty().get();
        Protection protection = model.protection();
        boolean locked = protection.lockedProperty().get();
        profileCertificate.setVisible(changed.isPresent());
        icon.setIconLiteral(
                changed.isPresent()
                        ? "fth-alert-octagon"
                        : !protection.isProtected()
                                ? "fth-globe"
                                : locked ? "fth-lock" : "fth-unlock");
        profileLock.setText(words.get(locked ? "remote.strip.unlock" : "remote.strip.lock"));
        state.setText(
                changed.isPresent()
                        ? words.get("remote.strip.changed")
                        : !protection.isProtected()
                                ? words.get("remote.strip.open")
                                : locked
                                        ? words.get("remote.strip.locked")
                                        : words.get(
                                                "remote.strip.unlocked",
                                                formats.span(protection.left())));
    }
}
