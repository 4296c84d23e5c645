package drawbridge.server.alert;

import drawbridge.model.view.AlertFact;
import drawbridge.model.view.AlertView;
import drawbridge.server.mail.Mail;
import drawbridge.server.mail.MailRefusedException;
import drawbridge.server.mail.MailSender;

import java.util.List;
import java.util.Locale;

/** Mails alerts to administrators, each recipient with a mail of its own. */
public final class MailAlertSender implements AlertSender {
    private final MailSender mail;
    private final List<String> recipients;

    public MailAlertSender(MailSender mail, List<String> recipients) {
        this.mail = mail;
        this.recipients = List.copyOf(recipients);
    }

    @Override
    public String name() {
        return "mail";
    }

    @Override
    public String to() {
        return String.join(", ", recipients);
    }

    @Override
    public void send(AlertView alert) throws NotTakenException {
        String subject =
                "[Drawbridge %s] %s: %s"
                        .formatted(
                                alert.node(),
                                alert.isFiring()
                                        ? alert.severity().toUpperCase(Locale.ROOT)
                                        : alert.state(),
                                alert.title());
        for (int i = 0; i < recipients.size(); i++) {
            String id = "%s.%s.%d".formatted(alert.id(), alert.state(), i);
            try {
                // Tried again, all of them get it again, with the same Message-ID.
                mail.send(new Mail(id, recipients.get(i), subject, text(alert)));
            } catch (MailRefusedException e) {
                throw new NotTakenException(e.why());
            }
        }
    }

    private static String text(AlertView alert) {
        StringBuilder text = new StringBuilder(alert.summary()).append(".\n\n");
        text.append("Since ").append(alert.since()).append('\n');
        if (alert.clearedAt() != null) {
            text.append("Cleared ").append(alert.clearedAt()).append('\n');
        }
        text.append("About ").append(alert.subject()).append('\n');
        for (AlertFact fact : alert.evidence()) {
            text.append(fact.label()).append(": ").append(fact.value()).append('\n');
        }
        return text.append('\n').append(alert.advice()).append('\n').toString();
    }
}
