package drawbridge.console.screen.server;

import drawbridge.console.client.Reply;
import drawbridge.console.model.ConsoleModel;
import drawbridge.console.screen.ConfirmDialog;
import drawbridge.console.screen.PagedTable;
import drawbridge.console.screen.ReplyWords;
import drawbridge.console.screen.server.CareViewModel.Doing;
import drawbridge.console.screen.server.CareViewModel.Ended;
import drawbridge.console.screen.server.CareViewModel.Stage;
import drawbridge.console.ui.FileChoice;
import drawbridge.console.ui.Formats;
import drawbridge.console.ui.FxmlViews;
import drawbridge.console.ui.Overlay;
import drawbridge.console.ui.Words;
import drawbridge.console.ui.controls.ColumnRoom;
import drawbridge.model.view.BackupRow;
import drawbridge.model.view.DiagnosticContents;

import javafx.beans.Observable;
import javafx.fxml.FXML;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;

import org.kordamp.ikonli.javafx.FontIcon;

import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;

/** Binds backups, restoring and diagnostics to their view model. */
final class CarePart {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmm").withZone(ZoneOffset.UTC);

    private final ConsoleModel model;
    private final CareViewModel care;
    private final FileChoice files;
    private final Words words;
    private final Formats formats;
    private final FxmlViews views;
    private final Overlay overlay;

    @FXML private HBox doing;
    @FXML private Label doingText;
    @FXML private ProgressBar progress;
    @FXML private Button cancel;
    @FXML private HBox ended;
    @FXML private FontIcon endedIcon;
    @FXML private Label endedTitle;
    @FXML private Label endedText;
    @FXML private Button dismiss;
    @FXML private TableView<BackupRow> backups;
    @FXML private TableColumn<BackupRow, BackupRow> madeAt;
    @FXML private TableColumn<BackupRow, BackupRow> kind;
    @FXML private TableColumn<BackupRow, BackupRow> size;
    @FXML private TableColumn<BackupRow, BackupRow> file;
    @FXML private VBox empty;
    @FXML private FontIcon emptyIcon;
    @FXML private Label emptyTitle;
    @FXML private Label emptyText;
    @FXML private Label about;
    @FXML private Button backUp;
    @FXML private Button restoreChosen;
    @FXML private Button restoreFile;
    @FXML private Button diagnose;

    CarePart(
            ConsoleModel model,
            CareViewModel care,
            FileChoice files,
            Words words,
            Formats formats,
            FxmlViews views,
            Overlay overlay) {
        this.model = model;
        this.care = care;
        this.files = files;
        this.words = words;
        this.formats = formats;
        this.views = views;
        this.overlay = overlay;
    }

    @FXML
    void initialize() {
        doing.managedProperty().bind(doing.visibleProperty());
        ended.managedProperty().bind(ended.visibleProperty());
        cancel.managedProperty().bind(cancel.visibleProperty());
        PagedTable.words(
                madeAt,
                "",
                row -> formats.dateTime(row.madeAt()),
                row -> formats.utc(row.madeAt()));
        PagedTable.words(kind, "", row -> words.oneOf("care.kind", row.kind()));
        PagedTable.words(size, "mono", row -> formats.bytes(row.bytes()));
        PagedTable.words(file, "mono", BackupRow::name);
        backups.setItems(care.backups());
        backups.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
        ColumnRoom.follow(backups);
        backups.getColumns().forEach(column -> column.setSortable(false));
        care.backups().addListener((Observable _) -> showEmpty());
        care.problemProperty().subscribe(_ -> showEmpty());
        care.doingProperty().subscribe(this::showDoing);
        care.endedProperty().subscribe(this::showEnded);
        backups.getSelectionModel().selectedItemProperty().subscribe(_ -> allow());
        model.server().stateProperty().subscribe(_ -> allow());
        model.snapshotProperty().subscribe(_ -> allow());
        backUp.setOnAction(_ -> askBackup());
        restoreChosen.setOnAction(_ -> chosen().ifPresent(this::askRestore));
        restoreFile.setOnAction(_ -> askRestoreFile());
        diagnose.setOnAction(_ -> askDiagnostics());
        cancel.setOnAction(_ -> care.cancel());
        dismiss.setOnAction(_ -> care.dismiss());
    }

    private Optional<Path> chosen() {
        BackupRow row = backups.getSelectionModel().getSelectedItem();
        return row == null ? Optional.empty() : care.folder().map(at -> at.resolve(row.name()));
    }

    void focus() {
        backups.requestFocus();
    }

    private void allow() {
        backUp.setDisable(!care.canBackUp());
        restoreChosen.setDisable(!care.canRestore() || chosen().isEmpty());
        restoreFile.setDisable(!care.canRestore());
        for (Button only : List.of(restoreChosen, restoreFile)) {
            only.setVisible(care.isHere());
            only.setManaged(care.isHere());
        }
        diagnose.setDisable(!care.canDiagnose());
        about.setText(words.get(care.isHere() ? "care.about" : "care.aboutElsewhere"));
    }

    private void showDoing(Doing now) {
        doing.setVisible(now.stage() != Stage.IDLE);
        doingText.setText(now.text());
        progress.setProgress(now.share());
        cancel.setVisible(care.canCancel());
        allow();
    }

    private void showEnded(Ended how) {
        ended.setVisible(!how.title().isEmpty());
        endedTitle.setText(how.title());
        endedText.setText(how.text());
        endedIcon.setIconLiteral(how.good() ? "fth-check-circle" : "fth-alert-triangle");
        ended.getStyleClass().removeAll("care-good", "care-bad");
        ended.getStyleClass().add(how.good() ? "care-good" : "care-bad");
    }

    private void showEmpty() {
        boolean failed = !care.problemProperty().get().isEmpty();
        new PagedTable.Empty(empty, emptyIcon, emptyTitle, emptyText)
                .show(
                        care.backups().isEmpty(),
                        failed ? "fth-alert-triangle" : "fth-archive",
                        words.get(failed ? "care.empty.failed" : "care.empty.title"),
                        failed ? care.problemProperty().get() : words.get("care.empty.text"));
    }

    private Path suggested(String name, String ending) {
        return Path.of(System.getProperty("user.home", "."))
                .resolve(name + "-" + STAMP.format(model.nowProperty().get()) + ending);
    }

    /** Asks where to, and makes a backup. */
    void askBackup() {
        FileDialog.ask(
                new FileDialog.Question(
                        words.get("care.backup.title"),
                        words.get("care.backup.text"),
                        words.get("care.backUp"),
                        suggested("drawbridge-backup", ".db"),
                        false,
                        Optional.empty()),
                files,
                words,
                formats,
                views,
                overlay,
                care::backUp);
    }

    /** Asks which file, then whether it is meant, and restores. */
    void askRestoreFile() {
        FileDialog.ask(
                new FileDialog.Question(
                        words.get("care.restore.which"),
                        words.get("care.restore.whichText"),
                        words.get("care.restore.go"),
                        care.folder()
                                .orElseGet(() -> Path.of(System.getProperty("user.home", "."))),
                        true,
                        Optional.empty()),
                files,
                words,
                formats,
                views,
                overlay,
                this::askRestore);
    }

    private void askRestore(Path from) {
        ConfirmDialog.ask(
                new ConfirmDialog.Question(
                        words.get("care.restore.title", from.getFileName()),
                        words.get("care.restore.what"),
                        words.get(
                                care.isShared()
                                        ? "care.restore.effectShared"
                                        : "care.restore.effect"),
                        words.get("care.restore.confirm"),
                        true,
                        words.get("care.restore.word"),
                        words.get("care.restore.type", words.get("care.restore.word")),
                        false),
                views,
                overlay,
                _ -> care.restore(from));
    }

    /** Shows what a bundle would hold, asks where to, and saves it. */
    void askDiagnostics() {
        if (!care.isAnswering()) {
            askWhere(Optional.empty(), words.get("care.bundle.stopped"));
            return;
        }
        care.contents(reply -> {
            if (reply instanceof Reply.Done<DiagnosticContents>(var contents)) {
                askWhere(Optional.of(contents), words.get("care.bundle.text"));
            } else {
                askWhere(Optional.empty(), new ReplyWords(words).whyUnread(reply));
            }
        });
    }

    private void askWhere(Optional<DiagnosticContents> contents, String text) {
        FileDialog.ask(
                new FileDialog.Question(
                        words.get("care.bundle.title"),
                        text,
                        words.get("care.bundle.save"),
                        suggested("drawbridge-diagnostics", ".zip"),
                        false,
                        contents),
                files,
                words,
                formats,
                views,
                overlay,
                care::saveDiagnostics);
    }
}
