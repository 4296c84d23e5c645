package drawbridge.server.alert;

import drawbridge.model.IpAddress;
import drawbridge.model.event.ServerEvent.SessionOpened;
import drawbridge.model.view.AlertFact;
import drawbridge.model.view.SessionRow;
import drawbridge.server.alert.Places.Place;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * From where users log in: the two rules about places, which look at the same logins. Remembers the
 * countries and the last place of the users who logged in last, and learns them from the audit at
 * the start. One thread.
 */
final class Travels {
    private static final int MOST_USERS = 50_000;
    private static final int MOST_COUNTRIES = 20;

    /** Nearer than this, two places may be one whose address was placed twice. */
    private static final double LEAST_KILOMETRES = 200;

    private static final class Traveller {
        private final Set<String> countries = new LinkedHashSet<>();
        private int logins;
        private @Nullable Place place;
        private @Nullable Instant at;
        private String ip = "";
    }

    private final Places places;
    private final Supplier<List<KnownLogin>> before;
    private final Map<String, Traveller> travellers =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Traveller> eldest) {
                    return size() > MOST_USERS;
                }
            };
    private final Happened unusual = new Happened();
    private final Happened impossible = new Happened();
    private boolean hasLearned;
    private int leastLogins = AlertRule.UNUSUAL_GEOGRAPHY.usualTerms().least();
    private int mostSpeed = AlertRule.IMPOSSIBLE_TRAVEL.usualTerms().least();

    /**
     * @param before logins from before the start, the oldest first; asked once
     */
    Travels(Places places, Supplier<List<KnownLogin>> before) {
        this.places = places;
        this.before = before;
    }

    /** The two rules; judged one after the other with the same moment. */
    List<Watch> watches() {
        return List.of(
                new Rule(AlertRule.UNUSUAL_GEOGRAPHY, true, unusual),
                new Rule(AlertRule.IMPOSSIBLE_TRAVEL, false, impossible));
    }

    private final class Rule implements Watch {
        private final AlertRule rule;
        private final boolean looks;
        private final Happened happened;

        Rule(AlertRule rule, boolean looks, Happened happened) {
            this.rule = rule;
            this.looks = looks;
            this.happened = happened;
        }

        @Override
        public AlertRule rule() {
            return rule;
        }

        @Override
        public Reading read(Moment now, Terms terms, boolean isFiring) {
            var why = places.whyNot();
            if (why.isPresent()) {
                return Reading.off(why.get());
            }
            if (looks) {
                leastLogins = terms.least();
                look(now);
            } else {
                mostSpeed = terms.least();
            }
            List<Finding> found = happened.now(now.at());
            return Reading.of(found.size(), terms.least(), found);
        }
    }

    private void look(Moment now) {
        if (!hasLearned) {
            for (KnownLogin login : before.get()) {
                // Those of this moment are looked at below.
                if (login.at().isBefore(now.at().minusSeconds(1))) {
                    learn(traveller(login.tenant(), login.user()), login.ip(), login.at());
                }
            }
            hasLearned = true;
        }
        now.all(SessionOpened.class).forEach(event -> opened(event.session()));
    }

    private Traveller traveller(String tenant, String user) {
        return travellers.computeIfAbsent(tenant + "\0" + user, _ -> new Traveller());
    }

    private void opened(SessionRow session) {
        IpAddress ip = session.ip() == null ? null : IpAddress.parse(session.ip()).orElse(null);
        if (ip == null) {
            return;
        }
        Traveller traveller = traveller(session.tenant(), session.userId());
        places.find(ip)
                .ifPresent(place -> {
                    judgeCountry(traveller, place, session);
                    judgeDistance(traveller, place, session);
                });
        learn(traveller, ip, session.createdAt());
    }

    private void learn(Traveller traveller, IpAddress ip, Instant at) {
        traveller.logins++;
        places.find(ip)
                .ifPresent(place -> {
                    if (traveller.countries.size() < MOST_COUNTRIES) {
                        traveller.countries.add(place.country());
                    }
                    if (place.hasPoint()) {
                        traveller.place = place;
                        traveller.at = at;
                        traveller.ip = ip.toString();
                    }
                });
    }

    private void judgeCountry(Traveller known, Place place, SessionRow session) {
        if (known.logins < leastLogins
                || known.countries.isEmpty()
                || known.countries.contains(place.country())) {
            return;
        }
        List<AlertFact> facts = facts(session, place);
        facts.add(new AlertFact("countries before", String.join(", ", known.countries)));
        facts.add(new AlertFact("logins before", String.valueOf(known.logins)));
        unusual.note(
                session.createdAt(),
                new Finding(
                        session.userId(),
                        "%s logged in from %s for the first time"
                                .formatted(session.email(), place.name()),
                        facts));
    }

    private void judgeDistance(Traveller known, Place place, SessionRow session) {
        Place from = known.place;
        Instant left = known.at;
        if (from == null || left == null || !place.hasPoint()) {
            return;
        }
        double kilometres = from.kilometresTo(place) - from.accuracyKm() - place.accuracyKm();
        if (kilometres < LEAST_KILOMETRES) {
            return;
        }
        // Two logins of the same second are a minute apart, so that the speed stays a number.
        double hours =
                Math.max(
                        Duration.between(left, session.createdAt()).abs().toMillis() / 3_600_000.0,
                        1 / 60.0);
        double speed = kilometres / hours;
        if (speed < mostSpeed) {
            return;
        }
        List<AlertFact> facts = facts(session, place);
        facts.add(new AlertFact("login before", "%s, %s".formatted(known.ip, from.name())));
        facts.add(new AlertFact("at", left.toString()));
        facts.add(new AlertFact("at least", Rising.Figures.text(kilometres) + " km"));
        facts.add(new AlertFact("speed", Rising.Figures.text(speed) + " km/h"));
        impossible.note(
                session.createdAt(),
                new Finding(
                        session.userId(),
                        "%s logged in from %s and %s, which are at least %s km apart, within %s"
                                .formatted(
                                        session.email(),
                                        from.name(),
                                        place.name(),
                                        Rising.Figures.text(kilometres),
                                        words(Duration.between(left, session.createdAt()).abs())),
                        facts));
    }

    private static String words(Duration time) {
        return time.toHours() > 0
                ? time.toHours() + " h " + time.toMinutesPart() + " min"
                : time.toMinutes() > 0 ? time.toMinutes() + " min" : time.toSeconds() + " s";
    }

    private static List<AlertFact> facts(SessionRow session, Place place) {
        List<AlertFact> facts = new ArrayList<>();
        facts.add(new AlertFact("user", session.email()));
        facts.add(new AlertFact("tenant", session.tenant()));
        facts.add(new AlertFact("session", session.ref()));
        facts.add(new AlertFact("login from", "%s, %s".formatted(session.ip(), place.name())));
        facts.add(new AlertFact("at time", session.createdAt().toString()));
        return facts;
    }
}
