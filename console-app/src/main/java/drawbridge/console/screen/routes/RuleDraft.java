package drawbridge.console.screen.routes;

import drawbridge.model.view.RouteRule;
import drawbridge.model.view.RouteUses;
import drawbridge.model.view.WhatIfResult;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;

/**
 * A rule as it is being edited, which may be wrong as yet, and what is known of it. Used on the FX
 * thread.
 */
final class RuleDraft {
    static final int MOST_RATE = 1_000_000;

    /** What can be changed of a rule, by the name the server has for it. */
    enum Field {
        METHOD("method"),
        PATTERN("pattern"),
        MODE("mode"),
        RATE("ratePerMinute"),
        IP_MATCH("ipMatch"),
        EVIDENCE("leastDeviceEvidence");

        private final String wireName;

        Field(String wireName) {
            this.wireName = wireName;
        }

        String wireName() {
            return wireName;
        }

        static Optional<Field> of(String wireName) {
            for (Field field : values()) {
                if (field.wireName.equals(wireName)) {
                    return Optional.of(field);
                }
            }
            return Optional.empty();
        }
    }

    /** What is wrong with a field, in the words of who refuses it. */
    record Wrong(Field field, String text) {}

    /** What the draft makes of the rule in force. */
    enum Change {
        SAME,
        ADDED,
        CHANGED,
        MOVED
    }

    /**
     * What can be put back.
     *
     * @param origin the rule in force that it began as; null for a new one
     */
    record Saved(
            @Nullable RouteRule origin,
            String method,
            String pattern,
            String mode,
            String rate,
            String ipMatch,
            String evidence) {}

    private final @Nullable RouteRule origin;
    private final StringProperty method;
    private final StringProperty pattern;
    private final StringProperty mode;
    private final StringProperty rate;
    private final StringProperty ipMatch;
    private final StringProperty evidence;
    private final ObjectProperty<Optional<Wrong>> wrong =
            new SimpleObjectProperty<>(this, "wrong", Optional.empty());
    private final ObjectProperty<Optional<RouteUses.Use>> use =
            new SimpleObjectProperty<>(this, "use", Optional.empty());
    private final ObjectProperty<Optional<WhatIfResult.Line>> effect =
            new SimpleObjectProperty<>(this, "effect", Optional.empty());
    private final ObjectProperty<Change> change =
            new SimpleObjectProperty<>(this, "change", Change.SAME);
    private final StringProperty warning = new SimpleStringProperty(this, "warning", "");

    RuleDraft(Saved saved) {
        this.origin = saved.origin();
        this.method = new SimpleStringProperty(this, "method", saved.method());
        this.pattern = new SimpleStringProperty(this, "pattern", saved.pattern());
        this.mode = new SimpleStringProperty(this, "mode", saved.mode());
        this.rate = new SimpleStringProperty(this, "rate", saved.rate());
        this.ipMatch = new SimpleStringProperty(this, "ipMatch", saved.ipMatch());
        this.evidence = new SimpleStringProperty(this, "evidence", saved.evidence());
    }

    /** A rule that is to be edited. */
    static RuleDraft of(RouteRule rule, @Nullable RouteRule origin) {
        Integer perMinute = rule.ratePerMinute();
        return new RuleDraft(
                new Saved(
                        origin,
                        rule.method(),
                        rule.pattern(),
                        rule.mode(),
                        perMinute == null ? "" : perMinute.toString(),
                        rule.ipMatch(),
                        rule.leastDeviceEvidence()));
    }

    Saved saved() {
        return new Saved(
                origin,
                method.get(),
                pattern.get(),
                mode.get(),
                rate.get(),
                ipMatch.get(),
                evidence.get());
    }

    /** The rule in force that it began as; empty for a new one. */
    Optional<RouteRule> origin() {
        return Optional.ofNullable(origin);
    }

    /** All that is edited, to be listened to. */
    List<StringProperty> fields() {
        return List.of(method, pattern, mode, rate, ipMatch, evidence);
    }

    StringProperty methodProperty() {
        return method;
    }

    StringProperty patternProperty() {
        return pattern;
    }

    StringProperty modeProperty() {
        return mode;
    }

    /** As typed; empty for no limit. */
    StringProperty rateProperty() {
        return rate;
    }

    StringProperty ipMatchProperty() {
        return ipMatch;
    }

    StringProperty evidenceProperty() {
        return evidence;
    }

    /** What is wrong with it; empty when nothing is known to be. */
    ObjectProperty<Optional<Wrong>> wrongProperty() {
        return wrong;
    }

    /** What was counted of it in the last hour. */
    ObjectProperty<Optional<RouteUses.Use>> useProperty() {
        return use;
    }

    /** What the draft would do to the recorded calls it decides. */
    ObjectProperty<Optional<WhatIfResult.Line>> effectProperty() {
        return effect;
    }

    /** What the draft makes of the rule in force. */
    ObjectProperty<Change> changeProperty() {
        return change;
    }

    /** Why it can never decide; empty when it can. */
    StringProperty warningProperty() {
        return warning;
    }

    /** Method and pattern, as people write them. */
    String route() {
        return method.get() + " " + pattern.get().strip();
    }

    /** Whether the rate can be sent at all. */
    boolean hasReadableRate() {
        String text = rate.get().strip();
        return text.isEmpty()
                || (text.matches("[1-9][0-9]{0,6}") && Integer.parseInt(text) <= MOST_RATE);
    }

    /** The rule as it stands, without a place; a rate that cannot be read is left out. */
    RouteRule rule() {
        String text = rate.get().strip();
        return new RouteRule(
                null,
                method.get(),
                pattern.get().strip(),
                mode.get(),
                text.isEmpty() || !hasReadableRate() ? null : Integer.valueOf(text),
                ipMatch.get(),
                evidence.get());
    }

    /** Whether it says something else than the rule it began as. */
    boolean isChanged() {
        return origin != null && (!rule().equals(origin.at(null)) || !hasReadableRate());
    }
}
