package drawbridge.server.http;

import drawbridge.model.CallerKit;
import drawbridge.model.CallerSignals;
import drawbridge.server.bridge.AdvancedMeans;
import drawbridge.server.bridge.Caller;
import drawbridge.server.bridge.CallerView;
import drawbridge.server.bridge.CallerView.Right;
import drawbridge.server.bridge.CallerView.SecretVersion;
import drawbridge.server.bridge.CallerView.Seen;
import drawbridge.server.bridge.DatabaseCallerStore.Schedule;
import drawbridge.server.config.Units;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;

/** Callers as the admin API shows them. */
final class CallerJson {
    private CallerJson() {}

    static ObjectNode of(CallerView view) {
        Caller caller = view.caller();
        ObjectNode json = Json.object();
        json.put("id", caller.id());
        json.put("name", caller.name());
        json.put("tenant", caller.tenant().value());
        json.put("kit", caller.kit().wireName());
        json.put("signals", caller.signals().wireName());
        json.put("floor", caller.floor().name());
        json.put("lease", Units.text(caller.lease()));
        json.put("remember", Units.text(caller.remember()));
        json.put("advancedMeans", caller.advancedMeans().wireName());
        ArrayNode networks = json.putArray("networks");
        caller.networks().forEach(network -> networks.add(network.toString()));
        json.put("settingsFrom", view.byEnvironment() ? "environment" : "admin");
        json.put("createdAt", view.createdAt().toString());
        ArrayNode scopes = json.putArray("scopes");
        view.scopes().forEach(right -> scopes.add(of(right)));
        ArrayNode secrets = json.putArray("secrets");
        view.secrets().forEach(secret -> secrets.add(of(secret)));
        json.set("rotation", rotation(view));
        json.set("weaknesses", weaknesses(view));
        return json;
    }

    private static ObjectNode of(Right right) {
        ObjectNode json = Json.object();
        json.put("scope", right.scope().wireName());
        json.put("granted", right.granted());
        json.put("uses", right.uses());
        at(json, "lastUsedAt", right.lastUsedAt());
        return json;
    }

    static ObjectNode of(SecretVersion secret) {
        ObjectNode json = Json.object();
        json.put("version", secret.version());
        json.put("state", secret.state());
        json.put("accepted", secret.isAccepted());
        json.put("origin", secret.origin());
        at(json, "createdAt", secret.createdAt());
        at(json, "acceptedUntil", secret.until());
        at(json, "endedAt", secret.endedAt());
        json.put("uses", secret.uses());
        at(json, "lastUsedAt", secret.lastUsedAt());
        json.put("recentUses", secret.recentUses());
        json.put("recentPercent", secret.recentPercent());
        json.put("minuteUses", secret.minuteUses());
        at(json, "quietAt", secret.quietAt());
        return json;
    }

    private static ObjectNode rotation(CallerView view) {
        ObjectNode json = Json.object();
        Schedule plan = view.schedule();
        json.put("every", plan == null ? null : Units.text(plan.every()));
        json.put("overlap", plan == null ? null : Units.text(plan.overlap()));
        at(json, "dueAt", view.dueAt());
        json.put("dueBy", view.dueAt() == null ? null : plan == null ? "age" : "plan");
        json.put("due", view.isRotationDue());
        json.put("startsByItself", false);
        json.put(
                "note",
                plan == null
                        ? "no rotation is planned"
                        : "a new secret must be shown to somebody, so a due rotation is told, not started");
        return json;
    }

    /** What should not stay so: settings first, then what was seen. */
    private static ArrayNode weaknesses(CallerView view) {
        Caller caller = view.caller();
        ArrayNode all = Json.object().putArray("weaknesses");
        if (caller.signals() == CallerSignals.WHEN_SENT) {
            all.add(setting("signals_when_sent", "a signal it does not send is not compared"));
        }
        if (caller.advancedMeans() == AdvancedMeans.AGENT) {
            all.add(
                    setting(
                            "advanced_means_agent",
                            "ADVANCED compares address and user agent, not the device"));
        }
        if (caller.kit() == CallerKit.FLOWFULL) {
            ObjectNode lease =
                    setting(
                            "remembers_answers",
                            caller.lease().isZero()
                                    ? "its kit believes an answer until the session's real end"
                                    : "its kit believes an answer for up to the lease after a revocation");
            lease.put("seconds", caller.lease().toSeconds());
            all.add(lease);
        }
        if (caller.kit() == CallerKit.DRAWBRIDGE && caller.remember().isPositive()) {
            ObjectNode remembers =
                    setting(
                            "remembers_answers",
                            "its kit uses an answer again while it follows ended sessions");
            remembers.put(
                    "seconds",
                    Math.min(BridgeEventStream.SILENCE.toSeconds(), caller.remember().toSeconds()));
            all.add(remembers);
        }
        if (caller.networks().isEmpty()) {
            all.add(setting("any_network", "its secret is accepted from every address"));
        }
        for (Seen seen : view.weaknesses()) {
            ObjectNode json = setting(seen.weakness().wireName(), text(seen));
            json.put("uses", seen.uses());
            at(json, "lastAt", seen.lastAt());
            all.add(json);
        }
        return all;
    }

    private static String text(Seen seen) {
        return switch (seen.weakness()) {
            case ID_IN_QUERY -> "it puts session ids into the query string";
            case SIGNAL_NOT_SENT -> "signals were not compared because it did not send them";
            case ROUTE_NOT_TOLD ->
                    "it does not say which route it asks for, so only its floor counts";
            case ROUTE_AMBIGUOUS ->
                    "it reports paths that could mean two routes; they are judged STRICT";
        };
    }

    private static ObjectNode setting(String code, String text) {
        ObjectNode json = Json.object();
        json.put("code", code);
        json.put("text", text);
        return json;
    }

    private static void at(ObjectNode json, String name, @Nullable Instant at) {
        json.put(name, at == null ? null : at.toString());
    }
}
