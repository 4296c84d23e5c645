package drawbridge.console.fake;

import drawbridge.console.client.Reply;
import drawbridge.console.client.UserCalls;
import drawbridge.model.Problem;
import drawbridge.model.view.Page;
import drawbridge.model.view.PasswordCost;
import drawbridge.model.view.UserRow;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Keeps accounts in memory, newest first. Safe for many threads. */
public final class FakeUsers implements UserCalls {
    private final FakeServer server;
    private final Clock clock;
    private final Map<String, UserRow> rows = new LinkedHashMap<>();
    private final List<String> reasons = new ArrayList<>();

    FakeUsers(FakeServer server, Clock clock) {
        this.server = server;
        this.clock = clock;
    }

    /** An account that nothing is wrong with. */
    public static UserRow well(String id, String email, String name, Instant createdAt) {
        return new UserRow(
                id,
                "default",
                email,
                null,
                name,
                "",
                "user",
                "en",
                true,
                "active",
                createdAt,
                createdAt,
                null,
                0,
                0,
                null,
                false,
                new PasswordCost(19_456, 2, 1, false));
    }

    /** Holds an account behind those held already. */
    public synchronized void hold(UserRow row) {
        rows.put(row.id(), row);
    }

    /** What was said when accounts were locked. */
    public synchronized List<String> reasons() {
        return List.copyOf(reasons);
    }

    private synchronized <T> Reply<T> answer(String tried, T value) {
        String silence = server.silence();
        if (silence != null) {
            return new Reply.Unreachable<>(tried, silence);
        }
        Problem refusal = server.refusal();
        return refusal == null ? new Reply.Done<>(value) : new Reply.Rejected<>(503, refusal);
    }

    private static boolean stands(UserRow row, @Nullable String state) {
        boolean isLocked = row.closed() || !row.state().equals("active");
        return switch (state) {
            case null -> true;
            case "locked" -> isLocked;
            case "active" -> !isLocked;
            default -> !row.verified();
        };
    }

    @Override
    public synchronized Reply<Page<UserRow>> users(
            Wanted wanted, int limit, @Nullable String after) {
        String tenant = wanted.tenant();
        List<UserRow> found =
                rows.values().stream()
                        .filter(row -> stands(row, wanted.state()))
                        .filter(row -> tenant == null || row.tenant().equals(tenant))
                        .filter(row ->
                                (row.email() + " " + row.name() + " " + row.id())
                                        .contains(wanted.text()))
                        .toList();
        int from = after == null ? 0 : Integer.parseInt(after);
        int to = Math.min(found.size(), from + limit);
        return answer(
                "GET /v1/users",
                new Page<>(
                        found.subList(from, to),
                        to < found.size() ? Integer.toString(to) : null,
                        found.size()));
    }

    @Override
    public synchronized Reply<UserRow> user(String id) {
        return answer("GET /v1/users/…", known(id));
    }

    private UserRow known(String id) {
        UserRow row = rows.get(id);
        if (row == null) {
            throw new IllegalArgumentException("no user " + id);
        }
        return row;
    }

    @Override
    public synchronized Reply<UserRow> create(Wish wish) {
        if (wish.password().length() < 15) {
            return new Reply.Rejected<>(
                    400,
                    new Problem(
                            false,
                            "weak",
                            "password: give 15 characters or more",
                            "WEAK_PASSWORD",
                            "password",
                            "req-1"));
        }
        UserRow row = well("usr_new" + rows.size(), wish.email(), wish.name(), clock.instant());
        Reply<UserRow> reply = answer("POST /v1/users", row);
        if (reply instanceof Reply.Done<UserRow>) {
            rows.put(row.id(), row);
        }
        return reply;
    }

    @Override
    public synchronized Reply<UserRow> lock(String id, String reason) {
        return turn(id, "disabled", reason);
    }

    @Override
    public synchronized Reply<UserRow> unlock(String id) {
        return turn(id, "active", "");
    }

    private Reply<UserRow> turn(String id, String state, String reason) {
        UserRow row = known(id);
        UserRow turned =
                new UserRow(
                        row.id(),
                        row.tenant(),
                        row.email(),
                        row.userName(),
                        row.name(),
                        row.lastName(),
                        row.userType(),
                        row.lang(),
                        row.verified(),
                        state,
                        row.createdAt(),
                        clock.instant(),
                        row.lastLoginAt(),
                        state.equals("active") ? row.sessions() : 0,
                        state.equals("active") ? 0 : row.failedLogins(),
                        state.equals("active") ? null : row.lastFailedAt(),
                        false,
                        row.password());
        Reply<UserRow> reply = answer("POST /v1/users/…", turned);
        if (reply instanceof Reply.Done<UserRow>) {
            rows.put(id, turned);
            reasons.add(reason);
        }
        return reply;
    }
}
