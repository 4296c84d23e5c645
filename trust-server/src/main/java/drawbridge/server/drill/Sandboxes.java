package drawbridge.server.drill;

import drawbridge.model.CallerKit;
import drawbridge.model.CallerSignals;
import drawbridge.model.DeviceEvidence;
import drawbridge.model.TenantId;
import drawbridge.model.UserId;
import drawbridge.model.ValidationMode;
import drawbridge.server.account.Accounts.NewAccount;
import drawbridge.server.account.Email;
import drawbridge.server.account.Users;
import drawbridge.server.bridge.AdvancedMeans;
import drawbridge.server.bridge.Caller;
import drawbridge.server.bridge.CallerView;
import drawbridge.server.bridge.Callers;
import drawbridge.server.bridge.Scope;
import drawbridge.server.judge.IpMatch;
import drawbridge.server.policy.Policies;
import drawbridge.server.policy.PolicyRule;
import drawbridge.server.policy.PolicySet;
import drawbridge.server.policy.RoutePattern;
import drawbridge.server.policy.RouteTable;
import drawbridge.server.session.Sessions.By;
import drawbridge.server.session.UserProfile;
import drawbridge.server.tenant.Tenant;
import drawbridge.server.tenant.Tenants;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Makes the tenant that drills are played in, and removes it with everything that was done there.
 * For one thread.
 */
public final class Sandboxes {
    /** What the users of a sandbox are called. */
    static final List<String> USERS = List.of("owner", "other", "guest", "linked");

    /** Rules and callers that ask the same are tried once, and of more kinds than these not all. */
    private static final int MOST_KINDS = 24;

    private static final int PASSWORD_BYTES = 36;

    /** What a sandbox is made with. */
    public record Works(
            Tenants tenants,
            Callers callers,
            Policies policies,
            Users users,
            Supplier<UserId> ids) {}

    /**
     * What was made.
     *
     * @param callerIds the callers in it
     */
    record Made(TenantId tenant, Sandbox.Cast cast, List<String> callerIds) {
        Made {
            callerIds = List.copyOf(callerIds);
        }
    }

    private final Works with;
    private final LongSupplier nanos;
    private final SecureRandom random = new SecureRandom();

    Sandboxes(Works with, LongSupplier nanos) {
        this.with = with;
        this.nanos = nanos;
    }

    /**
     * Makes a sandbox like that tenant.
     *
     * @throws DrillException when it cannot be made
     */
    Made make(Tenant original, TenantId sandbox, Masks masks, By by) {
        // Bounds are no control that is tried here; with them nobody could try the rest.
        Tenant.Bounds bounds = new Tenant.Bounds(0, 0, 0);
        Tenant.Reach reach = new Tenant.Reach(original.reach().corsOrigins(), Set.of());
        Tenants.Outcome made =
                with.tenants()
                        .create(sandbox, "Drill sandbox of " + original.id(), reach, bounds, by);
        if (!(made instanceof Tenants.Outcome.Done)) {
            throw new DrillException("the sandbox tenant %s could not be made".formatted(sandbox));
        }
        List<String> ids = new ArrayList<>();
        CopiedCaller own = caller(ownCaller(sandbox), List.of(), masks, ids, by);
        List<CopiedCaller> callers = callers(original.id(), sandbox, masks, ids, by);
        List<CopiedRule> rules = rules(original.id(), sandbox, by);
        return new Made(
                sandbox, new Sandbox.Cast(own, callers, rules, users(sandbox, masks, by)), ids);
    }

    /** As a new caller is made, with every right. */
    private static Caller ownCaller(TenantId sandbox) {
        return new Caller(
                "",
                "drill",
                sandbox,
                CallerKit.DRAWBRIDGE,
                CallerSignals.REQUIRED,
                ValidationMode.STANDARD,
                Duration.ZERO,
                Duration.ZERO,
                EnumSet.allOf(Scope.class),
                List.of(),
                AdvancedMeans.DEVICE);
    }

    private List<CopiedCaller> callers(
            TenantId original, TenantId sandbox, Masks masks, List<String> ids, By by) {
        Map<Caller, List<Caller>> kinds = new LinkedHashMap<>();
        for (CallerView view : with.callers().list(original)) {
            if (view.secrets().stream().anyMatch(CallerView.SecretVersion::isAccepted)) {
                Caller caller = view.caller();
                kinds.computeIfAbsent(kind(caller, sandbox), k -> new ArrayList<>()).add(caller);
            }
        }
        List<CopiedCaller> copies = new ArrayList<>();
        kinds.entrySet().stream()
                .limit(MOST_KINDS)
                .forEach(kind -> {
                    Caller named = named(kind.getKey(), "copy-" + (copies.size() + 1));
                    copies.add(caller(named, kind.getValue(), masks, ids, by));
                });
        return copies;
    }

    /** Callers with the same settings are one kind. What they may besides does not matter here. */
    private static Caller kind(Caller caller, TenantId sandbox) {
        return new Caller(
                "",
                "",
                sandbox,
                caller.kit(),
                caller.signals(),
                caller.floor(),
                caller.lease(),
                caller.remember(),
                Set.of(Scope.VALIDATE),
                caller.networks(),
                caller.advancedMeans());
    }

    private static Caller named(Caller caller, String name) {
        return new Caller(
                caller.id(),
                name,
                caller.tenant(),
                caller.kit(),
                caller.signals(),
                caller.floor(),
                caller.lease(),
                caller.remember(),
                caller.scopes(),
                caller.networks(),
                caller.advancedMeans());
    }

    private CopiedCaller caller(
            Caller wanted, List<Caller> originals, Masks masks, List<String> ids, By by) {
        if (!(with.callers().create(wanted, by)
                instanceof Callers.Outcome.NewSecret(CallerView view, int _, var secret))) {
            throw new DrillException("a caller of the sandbox could not be made");
        }
        ids.add(view.caller().id());
        String text = secret.use(bytes -> new String(bytes, StandardCharsets.UTF_8));
        secret.close();
        masks.hide(text, "bridge secret of " + view.caller().name());
        return new CopiedCaller(view.caller(), text, originals);
    }

    /** Rules that ask the same, by what they ask. */
    private record Demand(ValidationMode mode, IpMatch ipMatch, DeviceEvidence evidence) {
        static Demand of(PolicyRule rule) {
            return new Demand(rule.mode(), rule.ipMatch(), rule.leastEvidence());
        }
    }

    private List<CopiedRule> rules(TenantId original, TenantId sandbox, By by) {
        List<PolicyRule> theirs =
                with.policies().inForce(original).map(PolicySet::rules).orElse(List.of());
        List<PolicyRule> copied = new ArrayList<>(references());
        theirs.forEach(rule -> copied.add(unlimited(rule)));
        if (!(with.policies().change(sandbox, 0, copied, "copied for a drill", by)
                instanceof Policies.Outcome.Done(PolicySet made))) {
            throw new DrillException("the policies could not be copied into the sandbox");
        }
        RouteTable table = RouteTable.of(made);
        Map<Demand, CopiedRule> kinds = new LinkedHashMap<>();
        for (int i = 0; i < theirs.size() && kinds.size() < MOST_KINDS; i++) {
            PolicyRule rule = theirs.get(i);
            String method = rule.method().equals(PolicyRule.ANY_METHOD) ? "GET" : rule.method();
            String path = example(rule.pattern());
            if (table.decide(method, path).line() != references().size() + i + 1) {
                continue; // another rule decides there; that one is tried
            }
            kinds.merge(
                    Demand.of(rule),
                    new CopiedRule(rule, method, path, List.of(rule)),
                    Sandboxes::alike);
        }
        return List.copyOf(kinds.values());
    }

    private static CopiedRule alike(CopiedRule first, CopiedRule more) {
        List<PolicyRule> all = new ArrayList<>(first.alike());
        all.addAll(more.alike());
        return new CopiedRule(first.rule(), first.method(), first.path(), all);
    }

    /** A path that the pattern matches, with texts that no other rule is likely to name. */
    static String example(RoutePattern pattern) {
        String path =
                pattern.toString()
                        .replaceAll("\\*\\*|\\*|\\{[A-Za-z][A-Za-z0-9_]*}", "drill")
                        .replaceAll("/+", "/");
        return path.isEmpty() ? "/" : path;
    }

    /** A drill asks more often than a rate lets pass, and rates are no control that it tries. */
    private static PolicyRule unlimited(PolicyRule rule) {
        return new PolicyRule(
                rule.method(),
                rule.pattern(),
                rule.mode(),
                null,
                rule.ipMatch(),
                rule.leastEvidence());
    }

    /** The drill's own rules, which stand before all others and match nothing of theirs. */
    private static List<PolicyRule> references() {
        List<PolicyRule> rules = new ArrayList<>();
        for (Sandbox.Reference reference : Sandbox.Reference.values()) {
            if (!(RoutePattern.parse(reference.path())
                    instanceof RoutePattern.Outcome.Good(RoutePattern pattern))) {
                throw new IllegalStateException("no pattern: " + reference.path());
            }
            ValidationMode mode =
                    switch (reference) {
                        case STANDARD -> ValidationMode.STANDARD;
                        case ADVANCED, COOKIE -> ValidationMode.ADVANCED;
                        case STRICT -> ValidationMode.STRICT;
                    };
            rules.add(
                    new PolicyRule(
                            PolicyRule.ANY_METHOD,
                            pattern,
                            mode,
                            null,
                            IpMatch.EXACT,
                            reference == Sandbox.Reference.COOKIE
                                    ? DeviceEvidence.COOKIE
                                    : DeviceEvidence.TOLD));
        }
        return rules;
    }

    private Map<String, String> users(TenantId sandbox, Masks masks, By by) {
        Map<String, String> passwords = new LinkedHashMap<>();
        for (String name : USERS) {
            String email = name + "@drill.invalid";
            String password = password();
            NewAccount account =
                    new NewAccount(
                            with.ids().get(),
                            Email.parse(email).orElseThrow(),
                            "Drill",
                            name,
                            "user",
                            "en",
                            true,
                            UserProfile.EMPTY);
            Users.Outcome made =
                    Patience.whileBusy(
                            nanos,
                            () ->
                                    Optional.of(
                                                    with.users()
                                                            .create(
                                                                    sandbox,
                                                                    account,
                                                                    password.toCharArray(),
                                                                    by))
                                            .filter(outcome ->
                                                    !(outcome instanceof Users.Outcome.Busy)));
            if (!(made instanceof Users.Outcome.Done)) {
                throw new DrillException(
                        "a user of the sandbox could not be made: "
                                + made.getClass().getSimpleName());
            }
            masks.hide(password, "password of " + name);
            passwords.put(email, password);
        }
        return passwords;
    }

    private String password() {
        byte[] bits = new byte[PASSWORD_BYTES];
        random.nextBytes(bits);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bits)
                + "-".repeat(16); // as long as any policy may ask for
    }

    /** Ends everything of a sandbox, then removes it; what is not there any more is left out. */
    void remove(TenantId sandbox, List<String> callerIds, Runnable settle, By by) {
        with.tenants().suspend(sandbox, "the drill is over", by);
        callerIds.forEach(id -> with.callers().delete(id, by));
        settle.run(); // or rows of what was refused last would be written after it is gone
        with.tenants().delete(sandbox, true, by);
        with.policies().forget(sandbox);
    }
}
