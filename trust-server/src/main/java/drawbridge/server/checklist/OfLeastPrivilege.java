package drawbridge.server.checklist;

import drawbridge.model.TenantId;
import drawbridge.model.view.ChecklistEvidence;
import drawbridge.model.view.ConfigEntry;
import drawbridge.server.Platform;
import drawbridge.server.bridge.CallerView;
import drawbridge.server.bridge.Callers;
import drawbridge.server.checklist.Evidence.At;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Rights that nobody uses, and rights that nobody should have. */
final class OfLeastPrivilege implements Judge {
    /** A right that was not used for so long is not needed. */
    static final Duration UNUSED = Duration.ofDays(30);

    private static final Set<String> KEY_FILES =
            Set.of("tls.key", "tls.keystore", "admin.tls.key", "admin.tls.keystore");

    private final Callers callers;
    private final Walls walls;
    private final ChecklistSettings settings;
    private final Platform platform;

    OfLeastPrivilege(Callers callers, Walls walls, ChecklistSettings settings, Platform platform) {
        this.callers = callers;
        this.walls = walls;
        this.settings = settings;
        this.platform = platform;
    }

    @Override
    public List<ChecklistEvidence> judge(TenantId tenant, Instant now) {
        List<ChecklistEvidence> found = new ArrayList<>();
        List<CallerView> all = callers.list(tenant);
        for (CallerView view : all) {
            unused(found, view, now);
        }
        if (found.isEmpty()) {
            found.add(
                    Evidence.pass(
                            "rights_used",
                            all.isEmpty()
                                    ? "there is no caller, and so nobody with rights"
                                    : "no right of %s went unused for %d days"
                                            .formatted(
                                                    all.size() == 1
                                                            ? "the only caller"
                                                            : "the %d callers"
                                                                    .formatted(all.size()),
                                                    UNUSED.toDays())));
        }
        walls.now()
                .powerful()
                .ifPresent(what ->
                        found.add(
                                Evidence.warn(
                                        "login_powerful",
                                        what,
                                        At.setting("database.migrate.url"))));
        rights(found);
        keys(found);
        return found;
    }

    private static void unused(List<ChecklistEvidence> found, CallerView view, Instant now) {
        boolean isAccepted = view.secrets().stream().anyMatch(CallerView.SecretVersion::isAccepted);
        if (!isAccepted || view.createdAt().isAfter(now.minus(UNUSED))) {
            return;
        }
        At at = At.caller(view.caller().id(), view.caller().name());
        List<String> idle =
                view.scopes().stream()
                        .filter(CallerView.Right::granted)
                        .filter(right ->
                                right.lastUsedAt() == null
                                        || right.lastUsedAt().isBefore(now.minus(UNUSED)))
                        .map(right -> right.scope().wireName())
                        .toList();
        long granted = view.scopes().stream().filter(CallerView.Right::granted).count();
        if (idle.size() == granted) {
            found.add(
                    Evidence.warn(
                            "caller_unused",
                            "%s has used none of its rights for %d days, and its secret is accepted"
                                    .formatted(view.caller().name(), UNUSED.toDays()),
                            at));
        } else if (!idle.isEmpty()) {
            found.add(
                    Evidence.warn(
                            "right_unused",
                            "%s has not used %s for %d days"
                                    .formatted(
                                            view.caller().name(),
                                            String.join(", ", idle),
                                            UNUSED.toDays()),
                            at));
        }
    }

    private void rights(List<ChecklistEvidence> found) {
        Path folder = settings.folder();
        try {
            Platform.Access access = platform.accessOf(folder);
            if (access.othersWrite()) {
                found.add(
                        Evidence.fail(
                                "folder_open",
                                "others than %s may write into the data folder"
                                        .formatted(access.owner()),
                                At.screen("server")));
            } else if (access.othersRead()) {
                found.add(
                        Evidence.warn(
                                "folder_open",
                                "others than %s may look into the data folder"
                                        .formatted(access.owner()),
                                At.screen("server")));
            } else {
                found.add(
                        Evidence.pass(
                                "folder_closed",
                                "the data folder is open to %s only".formatted(access.owner())));
            }
        } catch (IOException e) {
            found.add(
                    Evidence.warn(
                            "folder_unknown",
                            "the rights of the data folder cannot be read",
                            At.screen("server")));
        }
    }

    /** Whoever reads a listener's key can be the server. */
    private void keys(List<ChecklistEvidence> found) {
        for (ConfigEntry entry : settings.entries()) {
            if (!KEY_FILES.contains(entry.key()) || entry.value().isEmpty()) {
                continue;
            }
            try {
                Platform.Access access = platform.accessOf(Path.of(entry.value()));
                if (access.othersRead() || access.othersWrite()) {
                    found.add(
                            Evidence.warn(
                                    "key_readable",
                                    "others than %s may read the key in %s: whoever has it can be this server; take their rights (mode 0600)"
                                            .formatted(access.owner(), entry.key()),
                                    At.setting(entry.key())));
                }
            } catch (IOException e) {
                found.add(
                        Evidence.warn(
                                "key_unknown",
                                "the rights of the file in %s cannot be read"
                                        .formatted(entry.key()),
                                At.setting(entry.key())));
            }
        }
    }
}
