package drawbridge.console.screen.tokens;

import drawbridge.console.screen.PagedTable.State;
import drawbridge.console.ui.Words;
import drawbridge.model.view.OutboxMail;
import drawbridge.model.view.TrustTokenRow;

import javafx.util.StringConverter;

import java.util.function.UnaryOperator;

/** What is said of tokens and mails. */
final class TokenWords {
    private TokenWords() {}

    static boolean isOpen(TrustTokenRow row) {
        return row.state().equals("open");
    }

    static State state(TrustTokenRow row, Words words) {
        String text = words.oneOf("tokens.state", row.state());
        return switch (row.state()) {
            case "open" -> new State("fth-clock", "working", text);
            case "spent" -> new State("fth-check-circle", "live", text);
            case "revoked" -> new State("fth-slash", "revoked", text);
            default -> new State("fth-clock", "expired", text);
        };
    }

    static State state(OutboxMail mail, Words words) {
        String text = words.oneOf("tokens.mail.state", mail.state());
        return switch (mail.state()) {
            case "sent" -> new State("fth-check-circle", "live", text);
            case "waiting" -> new State("fth-clock", "working", text);
            case "failed" -> new State("fth-alert-triangle", "problem", text);
            default -> new State("fth-mail", "problem", text);
        };
    }

    /** Shows the words of a choice, by the value that stands for it. */
    static StringConverter<String> choice(UnaryOperator<String> words) {
        return new StringConverter<>() {
            @Override
            public String toString(String value) {
                return value == null ? "" : words.apply(value);
            }

            @Override
            public String fromString(String text) {
                return text; // a choice is not typed
            }
        };
    }
}
