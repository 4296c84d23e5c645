package drawbridge.server.alert;

import drawbridge.model.view.AlertView;

/** A way on which an alert leaves the server. Safe for many threads. */
public interface AlertSender {
    /** An alert was not taken; worth another try. */
    final class NotTakenException extends Exception {
        private static final long serialVersionUID = 1L;

        /**
         * @param why one line, without anything secret
         */
        NotTakenException(String why) {
            super(why);
        }

        /** The same, for an administrator. */
        String why() {
            String message = getMessage();
            return message == null ? "not taken" : message;
        }
    }

    /** {@code webhook} or {@code mail}. */
    String name();

    /** Where to, without anything secret. */
    String to();

    /** Returns once it was taken. */
    void send(AlertView alert) throws NotTakenException, InterruptedException;
}
