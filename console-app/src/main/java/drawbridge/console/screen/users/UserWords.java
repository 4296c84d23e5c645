package drawbridge.console.screen.users;

import drawbridge.console.screen.PagedTable.State;
import drawbridge.console.ui.Formats;
import drawbridge.console.ui.Words;
import drawbridge.model.view.PasswordCost;
import drawbridge.model.view.UserRow;

/** What is said of an account. */
final class UserWords {
    private UserWords() {}

    static boolean isLocked(UserRow row) {
        return !row.state().equals("active");
    }

    static State state(UserRow row, Words words) {
        if (isLocked(row)) {
            return new State("fth-lock", "revoked", words.get("users.state.locked"));
        }
        if (row.closed()) {
            return new State("fth-alert-triangle", "problem", words.get("users.state.closed"));
        }
        if (!row.verified()) {
            return new State("fth-mail", "expired", words.get("users.state.unverified"));
        }
        return new State("fth-check-circle", "live", words.get("users.state.active"));
    }

    /** What the state means for its owner. */
    static String stateText(UserRow row, Words words) {
        if (isLocked(row)) {
            return words.get("users.state.lockedText");
        }
        if (row.closed()) {
            return words.get("users.state.closedText");
        }
        return words.get(row.verified() ? "users.state.activeText" : "users.state.unverifiedText");
    }

    static String name(UserRow row) {
        String name = (row.name() + " " + row.lastName()).strip();
        return name.isEmpty() ? "–" : name;
    }

    static String cost(UserRow row, Words words, Formats formats) {
        PasswordCost cost = row.password();
        return cost == null
                ? words.get("users.hash.unreadable")
                : words.get(
                        "users.hash.cost",
                        formats.bytes(1024L * cost.memoryKib()),
                        cost.iterations(),
                        cost.parallelism());
    }
}
