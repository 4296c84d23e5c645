package drawbridge.server.checklist;

import drawbridge.model.TenantId;
import drawbridge.model.view.ChecklistEvidence;
import drawbridge.model.view.ConfigEntry;
import drawbridge.model.view.SecretHit;
import drawbridge.model.view.SecretScan;
import drawbridge.server.bridge.CallerUse.Weakness;
import drawbridge.server.bridge.CallerView;
import drawbridge.server.bridge.Callers;
import drawbridge.server.checklist.Evidence.At;
import drawbridge.server.secret.AdminTokens;
import drawbridge.server.secret.MasterKeyTurns;
import drawbridge.server.secret.OwnSecret;
import drawbridge.server.token.KeyState;
import drawbridge.server.token.TokenKeyring;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Secrets and environment: none overdue, none weak, none written down where it can be read. What
 * was found by a search counts until the next one.
 */
final class OfSecrets implements Judge {
    private static final int NAMED = 20;

    private final Callers callers;
    private final AdminTokens adminTokens;
    private final MasterKeyTurns masterKey;
    private final TokenKeyring keyring;
    private final SecretScans scans;
    private final ChecklistSettings settings;

    OfSecrets(
            Callers callers,
            AdminTokens adminTokens,
            MasterKeyTurns masterKey,
            TokenKeyring keyring,
            SecretScans scans,
            ChecklistSettings settings) {
        this.callers = callers;
        this.adminTokens = adminTokens;
        this.masterKey = masterKey;
        this.keyring = keyring;
        this.scans = scans;
        this.settings = settings;
    }

    @Override
    public List<ChecklistEvidence> judge(TenantId tenant, Instant now) {
        List<ChecklistEvidence> found = new ArrayList<>();
        scans.lastLogs().ifPresent(scan -> found.addAll(ofScan(scan)));
        scans.lastFolder().ifPresent(scan -> found.addAll(ofScan(scan)));
        if (scans.lastLogs().isEmpty() && scans.lastFolder().isEmpty()) {
            found.add(
                    Evidence.note(
                            "not_searched",
                            "the server's logs have not been searched for secrets since it started",
                            At.screen("scan")));
        }
        age(found, now);
        for (CallerView view : callers.list(tenant)) {
            ofCaller(found, view, now);
        }
        for (String warning : settings.warnings()) {
            if (!OfLeftovers.isOfRedis(warning)
                    && !OfBrowsers.isOfTls(warning)
                    && !OfLogs.isOfLogs(warning)) {
                found.add(
                        Evidence.warn(
                                "setting_weak", warning, At.setting(warning.split(" ", 2)[0])));
            }
        }
        found.add(whereFrom());
        return found;
    }

    private static List<ChecklistEvidence> ofScan(SecretScan scan) {
        String where = scan.folder() == null ? "the server's own logs" : scan.folder();
        List<ChecklistEvidence> found = new ArrayList<>();
        scan.hits().stream()
                .filter(SecretHit::isLive)
                .limit(NAMED)
                .forEach(hit ->
                        found.add(
                                Evidence.fail(
                                        scan.folder() == null
                                                ? "secret_in_logs"
                                                : "secret_in_files",
                                        "%s stands in %s line %d%s, and still opens what it is for"
                                                .formatted(
                                                        hit.name(),
                                                        hit.place(),
                                                        hit.line(),
                                                        hit.commit() == null
                                                                ? ""
                                                                : ", brought by commit "
                                                                        + hit.commit()),
                                        At.screen("scan"))));
        if (scan.live() == 0) {
            found.add(
                    Evidence.pass(
                            "searched",
                            "no live secret in %s: %,d files and %,d git objects looked through%s"
                                    .formatted(
                                            where,
                                            scan.files(),
                                            scan.objects(),
                                            scan.hits().isEmpty()
                                                    ? ""
                                                    : "; %d that stand there were rotated since"
                                                            .formatted(scan.hits().size()))));
        }
        return found;
    }

    private void age(List<ChecklistEvidence> found, Instant now) {
        own(found, adminTokens.view(), "the admin token", now);
        own(found, masterKey.view(), "the master key", now);
        keyring.list().stream()
                .filter(row -> row.state() == KeyState.SIGNING)
                .filter(row -> isOver(row.signingSince(), now))
                .forEach(row ->
                        found.add(
                                Evidence.warn(
                                        "signing_key_overdue",
                                        "the key that signs trust tokens has signed since "
                                                + row.signingSince(),
                                        At.screen("secrets"))));
        if (found.stream().noneMatch(each -> each.code().endsWith("_overdue"))) {
            found.add(
                    Evidence.pass(
                            "in_time", "admin token, master key and signing key are not overdue"));
        }
    }

    private boolean isOver(@Nullable Instant since, Instant now) {
        return since != null && !now.isBefore(since.plus(settings.secretAge()));
    }

    private static void own(
            List<ChecklistEvidence> found, OwnSecret secret, String what, Instant now) {
        if (!now.isBefore(secret.dueAt())) {
            found.add(
                    Evidence.warn(
                            secret.kind() + "_overdue",
                            what + " has been the same since " + secret.since(),
                            At.screen("secrets")));
        }
    }

    private static void ofCaller(List<ChecklistEvidence> found, CallerView view, Instant now) {
        At at = At.caller(view.caller().id(), view.caller().name());
        if (view.isRotationDue()) {
            found.add(
                    Evidence.warn(
                            "secret_overdue",
                            "the secret of %s was due to be rotated on %s"
                                    .formatted(view.caller().name(), view.dueAt()),
                            at));
        }
        lately(view, Weakness.ID_IN_QUERY, now)
                .ifPresent(seen ->
                        found.add(
                                Evidence.warn(
                                        "session_id_in_query",
                                        "%s puts session ids into query strings, which proxies and browsers write down; last on %s"
                                                .formatted(view.caller().name(), seen.lastAt()),
                                        at)));
    }

    /** What a caller did in the last week. */
    static Optional<CallerView.Seen> lately(CallerView view, Weakness weakness, Instant now) {
        return view.weaknesses().stream()
                .filter(seen -> seen.weakness() == weakness && seen.uses() > 0)
                .filter(seen ->
                        seen.lastAt() != null
                                && seen.lastAt().isAfter(now.minus(OfAuthentication.LATELY)))
                .findFirst();
    }

    private ChecklistEvidence whereFrom() {
        List<String> given =
                settings.entries().stream()
                        .filter(ConfigEntry::secret)
                        .filter(entry -> !entry.value().isEmpty())
                        .map(entry -> entry.key() + " (" + entry.source() + ")")
                        .toList();
        return Evidence.note(
                "environment",
                given.isEmpty()
                        ? "no secret is given by the settings"
                        : "secrets given by the settings: " + String.join(", ", given),
                At.screen("server"));
    }
}
