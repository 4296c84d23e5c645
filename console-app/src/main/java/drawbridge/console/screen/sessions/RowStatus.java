package drawbridge.console.screen.sessions;

/**
 * What the last column of a row says and offers.
 *
 * @param look how it is drawn: icon and colour
 * @param text the words; never only a colour
 * @param action what the row's button does
 */
record RowStatus(Look look, String text, Action action) {
    /** The looks, by style class. */
    enum Look {
        LIVE("live", "fth-check-circle"),
        WORKING("working", "fth-loader"),
        HELD("held", "fth-slash"),
        REVOKED("revoked", "fth-slash"),
        EXPIRED("expired", "fth-clock"),
        FORGOTTEN("expired", "fth-eye-off"),
        PROBLEM("problem", "fth-alert-triangle");

        private final String styleClass;
        private final String icon;

        Look(String styleClass, String icon) {
            this.styleClass = styleClass;
            this.icon = icon;
        }

        String styleClass() {
            return styleClass;
        }

        String icon() {
            return icon;
        }
    }

    /** What the button does. */
    enum Action {
        NONE,
        REVOKE,
        UNDO
    }
}
