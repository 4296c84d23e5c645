package drawbridge.server.drill;

import drawbridge.model.CallerKit;
import drawbridge.model.CallerSignals;
import drawbridge.model.DeviceEvidence;
import drawbridge.model.TenantId;
import drawbridge.model.Threat;
import drawbridge.model.ValidationMode;
import drawbridge.model.view.ThreatReason;
import drawbridge.server.bridge.AdvancedMeans;
import drawbridge.server.bridge.Caller;
import drawbridge.server.bridge.CallerView;
import drawbridge.server.bridge.Callers;
import drawbridge.server.judge.IpMatch;
import drawbridge.server.policy.Policies;
import drawbridge.server.policy.PolicyRule;
import drawbridge.server.policy.PolicySet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Says what of a tenant's policies, of its callers and of the server's settings makes a control
 * weaker than it could be. A drill finds the same by attacking; this says it without. Safe for many
 * threads.
 */
final class Controls {
    /** A source that may try more passwords a minute is hardly held up. */
    static final int MOST_LOGINS = 30;

    /** A source that may try more bridge secrets a minute is hardly held up. */
    static final int MOST_SECRETS = 120;

    /** A link that logs in and works longer lies about in mailboxes. */
    static final Duration LONGEST_LINK = Duration.ofHours(1);

    /** What NIST asks of a password that stands alone. */
    static final int SHORTEST_PASSWORD = 15;

    private final Callers callers;
    private final Policies policies;
    private final DrillSettings settings;

    Controls(Callers callers, Policies policies, DrillSettings settings) {
        this.callers = callers;
        this.policies = policies;
        this.settings = settings;
    }

    /** What makes the control against that threat weak; empty when it holds. */
    List<ThreatReason> reasons(Threat threat, TenantId tenant) {
        return switch (threat) {
            case TOKEN_THEFT -> tokenTheft(tenant);
            case HIJACKING -> hijacking(tenant);
            case REVOCATION_WINDOW -> revocationWindow(tenant);
            case BRUTE_FORCE -> bruteForce();
            case LINK_REPLAY -> linkReplay();
            case COLD_START -> coldStart();
            case AUTH_BYPASS -> authBypass();
        };
    }

    private List<Caller> callers(TenantId tenant) {
        return callers.list(tenant).stream()
                .filter(view ->
                        view.secrets().stream().anyMatch(CallerView.SecretVersion::isAccepted))
                .map(CallerView::caller)
                .toList();
    }

    private List<PolicyRule> rules(TenantId tenant) {
        return policies.inForce(tenant).map(PolicySet::rules).orElse(List.of());
    }

    private List<ThreatReason> tokenTheft(TenantId tenant) {
        List<ThreatReason> reasons = new ArrayList<>();
        for (PolicyRule rule : rules(tenant)) {
            if (isDeviceTold(rule)) {
                reasons.add(deviceTold(rule));
            }
        }
        for (Caller caller : callers(tenant)) {
            if (caller.signals() == CallerSignals.WHEN_SENT) {
                reasons.add(signalsWhenSent(caller));
            }
            if (isDeviceTold(caller) && isUnruledTold(tenant)) {
                reasons.add(deviceTold(caller));
            }
        }
        return reasons;
    }

    /** Whether a rule asks for the device and believes what a thief can copy. */
    static boolean isDeviceTold(PolicyRule rule) {
        return rule.mode() != ValidationMode.STANDARD
                && !rule.leastEvidence().isAtLeast(DeviceEvidence.COOKIE);
    }

    static ThreatReason deviceTold(PolicyRule rule) {
        return Reasons.ofRoute(
                "device_told",
                rule,
                rule.route()
                        + " asks for the device and believes an id that scripts can read: a thief who copies the browser's storage passes from the owner's network");
    }

    /** A route that no rule names; one for all paths may decide it all the same. */
    static final String UNRULED = "/drawbridge-drill-unruled";

    private boolean isUnruledTold(TenantId tenant) {
        return !policies.table(tenant)
                .decide("GET", UNRULED)
                .leastEvidence()
                .isAtLeast(DeviceEvidence.COOKIE);
    }

    /** Whether routes without a rule ask for the device, which only a rule can ask a cookie for. */
    static boolean isDeviceTold(Caller caller) {
        return caller.floor() != ValidationMode.STANDARD
                && caller.advancedMeans() == AdvancedMeans.DEVICE;
    }

    static ThreatReason deviceTold(Caller caller) {
        return Reasons.ofCaller(
                "device_told",
                caller,
                caller.name()
                        + " asks for the device also on routes without a rule, where an id is believed that scripts can read; give those routes a rule with device evidence cookie");
    }

    static ThreatReason signalsWhenSent(Caller caller) {
        return Reasons.ofCaller(
                "signals_when_sent",
                caller,
                caller.name()
                        + " may leave signals out, and then nothing is compared: whoever has the session id has the session");
    }

    private List<ThreatReason> hijacking(TenantId tenant) {
        List<ThreatReason> reasons = new ArrayList<>();
        for (Caller caller : callers(tenant)) {
            if (caller.signals() == CallerSignals.WHEN_SENT) {
                reasons.add(signalsWhenSent(caller));
            }
            if (caller.advancedMeans() == AdvancedMeans.AGENT) {
                reasons.add(advancedMeansAgent(caller));
            }
        }
        for (PolicyRule rule : rules(tenant)) {
            if (rule.ipMatch() == IpMatch.PREFIX) {
                reasons.add(addressByNetwork(rule));
            }
        }
        return reasons;
    }

    static ThreatReason advancedMeansAgent(Caller caller) {
        return Reasons.ofCaller(
                "advanced_means_agent",
                caller,
                "for "
                        + caller.name()
                        + " ADVANCED compares the user agent, which anybody can copy, and not the device");
    }

    static ThreatReason addressByNetwork(PolicyRule rule) {
        return Reasons.ofRoute(
                "address_by_network",
                rule,
                rule.route()
                        + " compares only the /24 or /64: everybody in the owner's network passes for the owner");
    }

    private List<ThreatReason> revocationWindow(TenantId tenant) {
        return callers(tenant).stream()
                .filter(caller -> !remembers(caller).isZero())
                .map(caller -> callerRemembers(caller, remembers(caller)))
                .toList();
    }

    /** How long a caller may go on believing an answer; zero for not at all. */
    Duration remembers(Caller caller) {
        if (caller.kit() == CallerKit.DRAWBRIDGE) {
            return caller.remember();
        }
        return caller.lease().isZero() ? settings.idle() : caller.lease();
    }

    static ThreatReason callerRemembers(Caller caller, Duration lasting) {
        return Reasons.ofCaller(
                "caller_remembers",
                caller,
                "%s may go on believing an answer for %d s after the session was ended"
                        .formatted(caller.name(), lasting.toSeconds()),
                lasting);
    }

    private List<ThreatReason> bruteForce() {
        List<ThreatReason> reasons = new ArrayList<>();
        if (settings.limits().authentication() > MOST_LOGINS) {
            reasons.add(loginsNotLimited(settings));
        }
        if (settings.passwords().minLength() < SHORTEST_PASSWORD) {
            reasons.add(passwordsShort(settings));
        }
        return reasons;
    }

    static ThreatReason passwordsShort(DrillSettings settings) {
        return Reasons.ofSetting(
                "passwords_short",
                "password.min.length",
                "passwords of %d characters are taken; NIST asks for %d where nothing else is asked for"
                        .formatted(settings.passwords().minLength(), SHORTEST_PASSWORD));
    }

    static ThreatReason loginsNotLimited(DrillSettings settings) {
        return Reasons.ofSetting(
                "logins_not_limited",
                "limit.authentication",
                "one source may try %d logins a minute; %d would do for people"
                        .formatted(settings.limits().authentication(), MOST_LOGINS));
    }

    private List<ThreatReason> linkReplay() {
        return settings.linkLifetime().compareTo(LONGEST_LINK) > 0
                ? List.of(linkLivesLong(settings))
                : List.of();
    }

    static ThreatReason linkLivesLong(DrillSettings settings) {
        return Reasons.ofSetting(
                "link_lives_long",
                "token.login.lifetime",
                "a link that logs in works for %d minutes until it is used; an hour is long"
                        .formatted(settings.linkLifetime().toMinutes()));
    }

    private List<ThreatReason> coldStart() {
        return settings.memory().isWarmed() ? List.of() : List.of(notWarmed());
    }

    static ThreatReason notWarmed() {
        return Reasons.ofSetting(
                "not_warmed",
                "memory.warming",
                "memory is empty after a start: every session costs a question to the database once");
    }

    private List<ThreatReason> authBypass() {
        return settings.limits().secrets() > MOST_SECRETS
                ? List.of(secretsNotLimited(settings))
                : List.of();
    }

    static ThreatReason secretsNotLimited(DrillSettings settings) {
        return Reasons.ofSetting(
                "secret_guesses_not_limited",
                "limit.secrets",
                "one source may try %d bridge secrets a minute; %d would do for a back end that is set up wrongly"
                        .formatted(settings.limits().secrets(), MOST_SECRETS));
    }
}
