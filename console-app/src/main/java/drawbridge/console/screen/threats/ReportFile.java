package drawbridge.console.screen.threats;

import drawbridge.model.view.DrillReport;
import drawbridge.model.view.DrillRun;

import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Writes reports of drills. Blocks; safe for many threads. */
final class ReportFile {
    /** What a report is saved as. */
    enum Form {
        /** To be read and printed: one file that needs nothing else, the signed text within. */
        HTML,
        /** To be checked: the signed text as the server gave it. */
        JSON;

        /** How its files end. */
        String ending() {
            return "." + name().toLowerCase(Locale.ROOT);
        }
    }

    private final JsonMapper json =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private final ReportPage page;

    ReportFile(ReportPage page) {
        this.page = page;
    }

    /** Writes it as JSON; why it could not, empty when it could. */
    String write(Path file, DrillReport report) {
        return write(file, json.writeValueAsString(report) + "\n");
    }

    /** Writes it as HTML; why it could not, empty when it could. */
    String write(Path file, DrillReport report, DrillRun run) {
        return write(file, page.of(report, run));
    }

    private static String write(Path file, String text) {
        try {
            Files.write(file, text.getBytes(StandardCharsets.UTF_8));
            return "";
        } catch (IOException e) {
            String why = e.getMessage();
            return e.getClass().getSimpleName() + (why == null ? "" : ": " + why);
        }
    }
}
