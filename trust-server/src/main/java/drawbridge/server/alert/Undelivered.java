package drawbridge.server.alert;

import drawbridge.model.view.AlertChannel;
import drawbridge.model.view.AlertFact;

import java.util.List;
import java.util.function.Supplier;

/** Fires while a way on which alerts leave does not work. One thread. */
final class Undelivered implements Watch {
    private final Supplier<List<AlertChannel>> channels;

    Undelivered(Supplier<List<AlertChannel>> channels) {
        this.channels = channels;
    }

    @Override
    public AlertRule rule() {
        return AlertRule.DELIVERY_FAILED;
    }

    @Override
    public Reading read(Moment now, Terms terms, boolean isFiring) {
        List<AlertChannel> all = channels.get();
        if (all.isEmpty()) {
            return Reading.off(
                    "alerts are sent nowhere: alert.webhook.url and alert.mail.to are empty");
        }
        List<Finding> failing =
                all.stream()
                        .filter(channel -> channel.state().equals("failing"))
                        .map(Undelivered::finding)
                        .toList();
        return Reading.of(failing.size(), 1, failing);
    }

    private static Finding finding(AlertChannel channel) {
        return new Finding(
                channel.name(),
                "Alerts do not get through by %s: %s".formatted(channel.name(), channel.why()),
                List.of(
                        new AlertFact("to", channel.to()),
                        new AlertFact("why", channel.why()),
                        new AlertFact("waiting", String.valueOf(channel.waiting())),
                        new AlertFact("given up", String.valueOf(channel.dropped())),
                        new AlertFact(
                                "last delivered",
                                channel.lastAt() == null ? "never" : channel.lastAt().toString())));
    }
}
