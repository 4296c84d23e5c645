package drawbridge.console.screen.users;

import drawbridge.console.model.ConsoleModel;
import drawbridge.console.screen.ConfirmDialog;
import drawbridge.console.screen.ConfirmDialog.Question;
import drawbridge.console.screen.PagedList;
import drawbridge.console.screen.PagedTable;
import drawbridge.console.screen.PagedTable.State;
import drawbridge.console.ui.Formats;
import drawbridge.console.ui.FxmlViews;
import drawbridge.console.ui.Overlay;
import drawbridge.console.ui.Words;
import drawbridge.model.view.TenantRow;

import javafx.fxml.FXML;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.layout.VBox;

import org.kordamp.ikonli.javafx.FontIcon;

import java.util.Optional;
import java.util.function.Consumer;

/** Binds the part of the users screen that shows the tenants. */
final class TenantsPart {
    private static final String DEFAULT = "default";

    private final ConsoleModel model;
    private final TenantsViewModel tenants;
    private final Consumer<String> showUsersOf;
    private final Words words;
    private final Formats formats;
    private final FxmlViews views;
    private final Overlay overlay;

    @FXML private TableView<TenantRow> tenantTable;
    @FXML private TableColumn<TenantRow, TenantRow> nameColumn;
    @FXML private TableColumn<TenantRow, TenantRow> idColumn;
    @FXML private TableColumn<TenantRow, TenantRow> stateColumn;
    @FXML private TableColumn<TenantRow, TenantRow> usersColumn;
    @FXML private TableColumn<TenantRow, TenantRow> sessionsColumn;
    @FXML private TableColumn<TenantRow, TenantRow> reachColumn;
    @FXML private VBox tenantsEmpty;
    @FXML private FontIcon tenantsEmptyIcon;
    @FXML private Label tenantsEmptyTitle;
    @FXML private Label tenantsEmptyText;
    @FXML private Label about;
    @FXML private Button usersOf;
    @FXML private Button changeTenant;
    @FXML private Button endTenantSessions;
    @FXML private Button suspendTenant;

    TenantsPart(
            ConsoleModel model,
            TenantsViewModel tenants,
            Consumer<String> showUsersOf,
            Words words,
            Formats formats,
            FxmlViews views,
            Overlay overlay) {
        this.model = model;
        this.tenants = tenants;
        this.showUsersOf = showUsersOf;
        this.words = words;
        this.formats = formats;
        this.views = views;
        this.overlay = overlay;
    }

    @FXML
    void initialize() {
        PagedTable.words(nameColumn, "", TenantRow::name);
        PagedTable.words(idColumn, "mono", TenantRow::id);
        PagedTable.states(stateColumn, this::state);
        PagedTable.words(usersColumn, "", row -> ofMost(row.users(), row.mostUsers()));
        PagedTable.words(sessionsColumn, "", row -> ofMost(row.sessions(), row.mostSessions()));
        PagedTable.words(reachColumn, "mono", TenantsPart::reach);
        PagedTable.bind(tenantTable, tenants.list(), TenantRow::id, _ -> {});
        tenantTable.getSelectionModel().selectedItemProperty().subscribe(_ -> allow());
        model.staleProperty().subscribe(_ -> allow());
        model.readOnlyProperty().subscribe(_ -> allow());
        tenants.list().listingProperty().subscribe(this::showListing);
        usersOf.setOnAction(_ -> selected().ifPresent(row -> showUsersOf.accept(row.id())));
        changeTenant.setOnAction(_ -> selected().ifPresent(row -> edit(Optional.of(row))));
        endTenantSessions.setOnAction(_ -> selected().ifPresent(this::confirmEnd));
        suspendTenant.setOnAction(_ -> selected().ifPresent(this::turn));
    }

    void edit(Optional<TenantRow> row) {
        TenantDialog.open(row, tenants, words, views, overlay);
    }

    void focus() {
        tenantTable.requestFocus();
        if (tenantTable.getSelectionModel().isEmpty()) {
            tenantTable.getSelectionModel().selectFirst();
        }
    }

    private Optional<TenantRow> selected() {
        return Optional.ofNullable(tenantTable.getSelectionModel().getSelectedItem());
    }

    private static String reach(TenantRow row) {
        if (!row.hosts().isEmpty()) {
            return String.join(", ", row.hosts());
        }
        return row.id().equals(DEFAULT) ? "/auth" : "/t/" + row.id() + "/auth";
    }

    private static boolean isSuspended(TenantRow row) {
        return row.state().equals("suspended");
    }

    private State state(TenantRow row) {
        return isSuspended(row)
                ? new State("fth-pause", "revoked", words.get("tenants.state.suspended"))
                : new State("fth-check-circle", "live", words.get("tenants.state.active"));
    }

    private String ofMost(long count, long most) {
        return most == 0
                ? formats.number(count)
                : words.get("tenants.ofMost", formats.number(count), formats.number(most));
    }

    private void allow() {
        Optional<TenantRow> row = selected();
        boolean canAct = row.isPresent() && tenants.canAct();
        usersOf.setDisable(row.isEmpty());
        changeTenant.setDisable(!canAct);
        endTenantSessions.setDisable(!canAct);
        suspendTenant.setDisable(!canAct);
        suspendTenant.setText(
                words.get(
                        row.filter(TenantsPart::isSuspended).isPresent()
                                ? "tenants.resume"
                                : "tenants.suspend"));
        about.setText(row.map(this::about).orElse(words.get("tenants.choose")));
    }

    private String about(TenantRow row) {
        return row.mostMismatches() == 0
                ? words.get("tenants.about", row.name())
                : words.get("tenants.aboutMismatches", row.name(), row.mostMismatches());
    }

    private void showListing(PagedList.Listing listing) {
        boolean none = tenants.list().rows().isEmpty() && !listing.reading();
        boolean failed = !listing.problem().isEmpty();
        new PagedTable.Empty(tenantsEmpty, tenantsEmptyIcon, tenantsEmptyTitle, tenantsEmptyText)
                .show(
                        none,
                        failed ? "fth-alert-triangle" : "fth-users",
                        words.get(failed ? "tenants.empty.failed" : "tenants.empty.title"),
                        failed ? listing.problem() : words.get("tenants.empty.text"));
        allow();
    }

    private void confirmEnd(TenantRow row) {
        ConfirmDialog.ask(
                new Question(
                        words.get("tenants.end.title", row.name()),
                        words.get("tenants.end.what", formats.number(row.sessions()), row.name()),
                        words.get("tenants.end.effect"),
                        words.get("tenants.end.confirm"),
                        true,
                        row.name(),
                        words.get("tenants.end.type", row.name()),
                        false),
                views,
                overlay,
                _ -> tenants.endSessions(row, words.get("tenants.reason")));
    }

    private void turn(TenantRow row) {
        boolean resumes = isSuspended(row);
        ConfirmDialog.ask(
                resumes
                        ? Question.click(
                                words.get("tenants.resume.title", row.name()),
                                words.get("tenants.resume.what"),
                                "",
                                words.get("tenants.resume"),
                                false)
                        : new Question(
                                words.get("tenants.suspend.title", row.name()),
                                words.get("tenants.suspend.what", formats.number(row.sessions())),
                                words.get("tenants.suspend.effect"),
                                words.get("tenants.suspend"),
                                true,
                                "",
                                words.get("users.reason"),
                                true),
                views,
                overlay,
                reason -> {
                    if (resumes) {
                        tenants.resume(row);
                    } else {
                        tenants.suspend(row, reason);
                    }
                });
    }
}
