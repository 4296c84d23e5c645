package drawbridge.console.screen.audit;

import drawbridge.console.model.ConsoleModel;
import drawbridge.console.screen.ReplyWords;
import drawbridge.console.screen.audit.AuditViewModel.Work;
import drawbridge.console.ui.Formats;
import drawbridge.console.ui.Words;
import drawbridge.console.witness.AuditWitness;
import drawbridge.console.witness.Contradiction;
import drawbridge.model.view.AlertView;
import drawbridge.model.view.AuditCheckpoint;
import drawbridge.model.view.AuditReport;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.value.ObservableValue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Whether the chain is whole, in a title and a few sentences. Used on the FX thread. */
public final class ChainCard {
    private static final int MOST_FINDINGS = 4;

    /**
     * What is shown.
     *
     * @param mark {@code running}, {@code busy}, {@code failed} or {@code stopped}: its colour
     * @param broken whether what was witnessed contradicts what is shown
     * @param findings what is wrong, a sentence each
     */
    record Look(
            String mark,
            String icon,
            String title,
            String text,
            boolean broken,
            List<String> findings) {}

    private final ConsoleModel model;
    private final AuditViewModel audit;
    private final Words words;
    private final Formats formats;
    private final ReplyWords replies;
    private final ObservableValue<Optional<AlertView>> alert;
    private final ReadOnlyObjectWrapper<Look> look;

    /**
     * Follows the audit and its witness.
     *
     * @param alert what the server found by itself; empty while nothing
     */
    public ChainCard(
            ConsoleModel model,
            AuditViewModel audit,
            ObservableValue<Optional<AlertView>> alert,
            Words words,
            Formats formats) {
        this.model = model;
        this.audit = audit;
        this.alert = alert;
        this.words = words;
        this.formats = formats;
        this.replies = new ReplyWords(words);
        this.look = new ReadOnlyObjectWrapper<>(this, "look", describe());
        audit.workProperty().addListener((property, before, after) -> look.set(describe()));
        audit.listingProperty().addListener((property, before, after) -> look.set(describe()));
        audit.witnessProperty().addListener((property, before, after) -> look.set(describe()));
        alert.addListener((property, before, after) -> look.set(describe()));
        model.secondsProperty().addListener((property, before, after) -> look.set(describe()));
    }

    /** What is shown. */
    ReadOnlyObjectProperty<Look> lookProperty() {
        return look.getReadOnlyProperty();
    }

    /** The time. */
    Instant now() {
        return model.nowProperty().get();
    }

    private Look describe() {
        AuditWitness.State witness = audit.witnessProperty().get();
        Optional<Contradiction> wrong = witness.contradiction();
        if (wrong.isPresent()) {
            return new Look(
                    "failed",
                    "fth-alert-triangle",
                    words.get("audit.chain.contradicted"),
                    sentence(wrong.get(), words, formats),
                    true,
                    List.of());
        }
        Work work = audit.workProperty().get();
        Optional<AlertView> found = alert.getValue().filter(one -> isNews(one, work));
        if (found.isPresent()) {
            return new Look(
                    "failed",
                    "fth-alert-triangle",
                    words.get("audit.chain.alert"),
                    words.get("audit.chain.alertText", formats.ago(found.get().since(), now())),
                    false,
                    List.of(found.get().summary()));
        }
        return switch (work) {
            case Work.Verifying _ -> calm("busy", "fth-search", words.get("audit.chain.verifying"));
            case Work.Verified(AuditReport report, Instant at) -> verified(report, at);
            case Work.Failed(boolean exporting, String why) ->
                    new Look(
                            "waiting",
                            "fth-alert-circle",
                            words.get(exporting ? "audit.export.failed" : "audit.verify.failed"),
                            why,
                            false,
                            List.of());
            case Work.Exporting _ -> calm("busy", "fth-download", words.get("audit.exporting"));
            case Work.Exported(var file, long bytes) ->
                    new Look(
                            "running",
                            "fth-download",
                            words.get("audit.exported", formats.bytes(bytes)),
                            words.get("audit.exported.text", file),
                            false,
                            List.of());
            case Work.None _ ->
                    calm(
                            "stopped",
                            "fth-book-open",
                            words.count("audit.chain.rows", audit.listingProperty().get().total()));
        };
    }

    /** Whether the server's finding says more than what was done here; a later look says more. */
    private static boolean isNews(AlertView found, Work work) {
        return switch (work) {
            case Work.None _ -> true;
            case Work.Verified(AuditReport report, Instant at) ->
                    report.sound() && !at.isAfter(found.seenAt());
            case Work.Verifying _, Work.Exporting _, Work.Exported _, Work.Failed _ -> false;
        };
    }

    private Look calm(String mark, String icon, String title) {
        return new Look(mark, icon, title, witnessed(), false, List.of());
    }

    private Look verified(AuditReport report, Instant at) {
        if (report.sound()) {
            return new Look(
                    "running",
                    "fth-check",
                    words.get("audit.chain.intact", formats.number(report.rows())),
                    words.get("audit.chain.checked", formats.time(at)) + " " + witnessed(),
                    false,
                    List.of());
        }
        List<String> findings = new ArrayList<>();
        report.findings().stream()
                .limit(MOST_FINDINGS)
                .forEach(found ->
                        findings.add(
                                words.get("audit.chain.finding", found.tenant(), found.text())));
        if (report.findingsInAll() > MOST_FINDINGS) {
            findings.add(
                    words.get(
                            "audit.chain.moreFindings",
                            formats.number(report.findingsInAll() - MOST_FINDINGS)));
        }
        return new Look(
                "failed",
                "fth-alert-triangle",
                words.count("audit.chain.broken", report.findingsInAll()),
                words.get("audit.chain.checked", formats.time(at)),
                false,
                findings);
    }

    private String witnessed() {
        AuditWitness.State witness = audit.witnessProperty().get();
        if (witness.problem().isPresent()) {
            return words.get("audit.witness.problem", replies.whyUnread(witness.problem().get()));
        }
        Optional<AuditCheckpoint> newest = witness.newest();
        if (newest.isEmpty()) {
            return words.get("audit.witness.none");
        }
        String compared =
                witness.comparedAt()
                        .map(at -> words.get("audit.witness.compared", formats.ago(at, now())))
                        .orElse(words.get("audit.witness.notCompared"));
        return words.get(
                        "audit.witness.newest",
                        formats.time(newest.get().at()),
                        formats.number(newest.get().number()),
                        formats.number(witness.kept()))
                + " "
                + compared;
    }

    /** What does not fit, as a sentence. */
    public static String sentence(Contradiction wrong, Words words, Formats formats) {
        String what =
                words.oneOf("audit.contradiction", wrong.kind().name().toLowerCase(Locale.ROOT));
        return words.get(
                "audit.contradiction.where",
                what,
                formats.number(wrong.sequence()),
                wrong.tenant(),
                formats.number(wrong.number()),
                formats.dateTime(wrong.at()));
    }
}
