package drawbridge.console.screen;

import drawbridge.model.view.TenantName;

import javafx.beans.property.ReadOnlyStringProperty;
import javafx.collections.ObservableList;
import javafx.scene.control.ComboBox;
import javafx.util.StringConverter;

import org.jspecify.annotations.Nullable;

import java.util.function.Consumer;

/** The box that says whose figures a screen shows. */
public final class TenantChoice {
    private final ComboBox<TenantName> box;
    private final ObservableList<TenantName> tenants;
    private final ReadOnlyStringProperty chosen;
    private boolean isFollowing;

    private TenantChoice(
            ComboBox<TenantName> box,
            ObservableList<TenantName> tenants,
            ReadOnlyStringProperty chosen) {
        this.box = box;
        this.tenants = tenants;
        this.chosen = chosen;
    }

    /**
     * Binds a box both ways.
     *
     * @param tenants those there are, as they become known
     * @param chosen the id of the one that is shown
     * @param choose told what the person chose
     */
    public static void bind(
            ComboBox<TenantName> box,
            ObservableList<TenantName> tenants,
            ReadOnlyStringProperty chosen,
            Consumer<String> choose) {
        TenantChoice choice = new TenantChoice(box, tenants, chosen);
        box.setItems(tenants);
        box.setConverter(
                new StringConverter<>() {
                    @Override
                    public String toString(@Nullable TenantName tenant) {
                        return tenant == null ? chosen.get() : tenant.id();
                    }

                    @Override
                    public @Nullable TenantName fromString(String text) {
                        return null; // nobody types here
                    }
                });
        tenants.subscribe(choice::follow);
        box.getSelectionModel()
                .selectedItemProperty()
                .addListener((property, before, after) -> {
                    if (!choice.isFollowing && after != null) {
                        choose.accept(after.id());
                    }
                });
        choice.follow();
    }

    private void follow() {
        isFollowing = true;
        tenants.stream()
                .filter(each -> each.id().equals(chosen.get()))
                .findFirst()
                .ifPresent(box.getSelectionModel()::select);
        isFollowing = false;
    }
}
