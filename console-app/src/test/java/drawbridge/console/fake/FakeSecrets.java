package drawbridge.console.fake;

import drawbridge.console.client.Reply;
import drawbridge.console.client.SecretCalls;
import drawbridge.model.Problem;
import drawbridge.model.Secret;
import drawbridge.model.event.ServerEvent;
import drawbridge.model.view.CallerRow;
import drawbridge.model.view.CallerRow.Rotation;
import drawbridge.model.view.CallerRow.Version;
import drawbridge.model.view.OwnSecrets;
import drawbridge.model.view.Page;
import drawbridge.model.view.SigningKeyRow;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.UnaryOperator;

/** Callers and secrets in memory, with the rules a server keeps. Safe for many threads. */
public final class FakeSecrets implements SecretCalls {
    /** What every new secret is, so that a test can look for it. */
    public static final String TEXT = "brs_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG";

    private static final Duration QUIET = Duration.ofMinutes(10);

    private final Clock clock;
    private final Consumer<LongFunction<ServerEvent>> tell;
    private final Map<String, CallerRow> callers = new LinkedHashMap<>();
    private final List<SigningKeyRow> keys = new ArrayList<>();
    private final List<String> asked = new ArrayList<>();
    private Optional<OwnSecrets> own = Optional.empty();
    private Optional<Problem> refusal = Optional.empty();
    private Optional<String> silence = Optional.empty();

    FakeSecrets(Clock clock, Consumer<LongFunction<ServerEvent>> tell) {
        this.clock = clock;
        this.tell = tell;
    }

    /** There is this caller. */
    public synchronized void hold(CallerRow row) {
        callers.put(row.id(), row);
    }

    /** There is this signing key. */
    public synchronized void hold(SigningKeyRow key) {
        keys.add(key);
    }

    /** These are the server's own. */
    public synchronized void hold(OwnSecrets secrets) {
        own = Optional.of(secrets);
    }

    /** From now on every change is refused so. */
    public synchronized void refuse(Problem problem) {
        refusal = Optional.of(problem);
    }

    /** From now on nothing is answered. */
    public synchronized void fallSilent(String why) {
        silence = Optional.of(why);
    }

    /** What was asked for, such as {@code retire clr_shop 1}. */
    public synchronized List<String> asked() {
        return List.copyOf(asked);
    }

    private <T> Optional<Reply<T>> trouble(String call) {
        asked.add(call);
        if (silence.isPresent()) {
            return Optional.of(new Reply.Unreachable<>(call, silence.get()));
        }
        return refusal.map(problem -> new Reply.Rejected<>(400, problem));
    }

    @Override
    public synchronized Reply<Page<CallerRow>> callers() {
        return silence.<Reply<Page<CallerRow>>>map(
                        why -> new Reply.Unreachable<>("GET /v1/callers", why))
                .orElseGet(() ->
                        new Reply.Done<>(
                                new Page<>(List.copyOf(callers.values()), null, callers.size())));
    }

    @Override
    public Reply<CallerSecret> create(CallerWish wish) {
        CallerRow row;
        synchronized (this) {
            Optional<Reply<CallerSecret>> trouble = trouble("create " + wish.name());
            if (trouble.isPresent()) {
                return trouble.get();
            }
            Instant now = clock.instant();
            row =
                    with(
                            new CallerRow(
                                    "clr_" + wish.name(),
                                    wish.name(),
                                    "default",
                                    wish.kit(),
                                    wish.signals(),
                                    wish.floor(),
                                    wish.lease(),
                                    wish.remember(),
                                    wish.advancedMeans(),
                                    wish.networks(),
                                    "admin",
                                    now,
                                    wish.scopes().stream()
                                            .map(scope -> new CallerRow.Right(scope, true, 0, null))
                                            .toList(),
                                    List.of(),
                                    new Rotation(
                                            null,
                                            null,
                                            now.plus(Duration.ofDays(90)),
                                            "age",
                                            false),
                                    List.of()),
                            List.of(fresh(1, now)));
            callers.put(row.id(), row);
        }
        changed(row, "created", 1);
        return new Reply.Done<>(new CallerSecret(row, 1, Secret.ofText(TEXT)));
    }

    private static Version fresh(int number, Instant now) {
        return new Version(number, "active", true, "admin", now, null, null, 0, null, 0, null);
    }

    private static CallerRow with(CallerRow row, List<Version> secrets) {
        return new CallerRow(
                row.id(),
                row.name(),
                row.tenant(),
                row.kit(),
                row.signals(),
                row.floor(),
                row.lease(),
                row.remember(),
                row.advancedMeans(),
                row.networks(),
                row.settingsFrom(),
                row.createdAt(),
                row.scopes(),
                secrets,
                row.rotation(),
                row.weaknesses());
    }

    private void changed(CallerRow row, String what, @Nullable Integer version) {
        tell.accept(seq ->
                new ServerEvent.CallerChanged(
                        seq,
                        clock.instant(),
                        row.tenant(),
                        row.id(),
                        row.name(),
                        what,
                        version,
                        seq,
                        "admin"));
    }

    private CallerRow caller(String id) {
        return Optional.ofNullable(callers.get(id))
                .orElseThrow(() -> new IllegalArgumentException("no caller " + id));
    }

    private Reply<CallerDone> onCaller(
            String call, String id, String what, UnaryOperator<CallerRow> work) {
        CallerRow row;
        synchronized (this) {
            Optional<Reply<CallerDone>> trouble = trouble(call);
            if (trouble.isPresent()) {
                return trouble.get();
            }
            row = work.apply(caller(id));
            callers.put(id, row);
        }
        changed(row, what, null);
        return new Reply.Done<>(new CallerDone(row, 7));
    }

    @Override
    public Reply<CallerDone> change(String id, CallerWish wish) {
        return onCaller("change " + id, id, "changed", row -> row);
    }

    @Override
    public Reply<CallerDone> delete(String id) {
        Reply<CallerDone> reply = onCaller("delete " + id, id, "deleted", row -> row);
        synchronized (this) {
            if (reply instanceof Reply.Done<CallerDone>) {
                callers.remove(id);
            }
        }
        return reply;
    }

    @Override
    public Reply<CallerSecret> rotate(String id, String overlap) {
        CallerRow row;
        int number;
        synchronized (this) {
            Optional<Reply<CallerSecret>> trouble = trouble("rotate " + id + " " + overlap);
            if (trouble.isPresent()) {
                return trouble.get();
            }
            Instant now = clock.instant();
            CallerRow before = caller(id);
            number = before.secrets().size() + 1;
            List<Version> secrets = new ArrayList<>();
            secrets.add(fresh(number, now));
            for (Version old : before.secrets()) {
                boolean isEnded = overlap.equals("0s");
                secrets.add(
                        old.accepted()
                                ? new Version(
                                        old.version(),
                                        isEnded ? "ended" : "ending",
                                        !isEnded,
                                        old.origin(),
                                        old.createdAt(),
                                        now.plus(Duration.ofHours(24)),
                                        null,
                                        old.uses(),
                                        old.lastUsedAt(),
                                        old.minuteUses(),
                                        isEnded ? null : now.plus(QUIET))
                                : old);
            }
            row = with(before, secrets);
            callers.put(id, row);
        }
        changed(row, "rotated", number);
        return new Reply.Done<>(new CallerSecret(row, number, Secret.ofText(TEXT)));
    }

    @Override
    public Reply<CallerDone> plan(String id, @Nullable String every, String overlap) {
        return onCaller("plan " + id + " " + every, id, "changed", row -> row);
    }

    @Override
    public Reply<CallerDone> retire(String id, int version) {
        return onCaller(
                "retire " + id + " " + version, id, "retired", row -> end(row, version, "retired"));
    }

    @Override
    public Reply<CallerDone> burn(String id, int version) {
        return onCaller(
                "burn " + id + " " + version, id, "burned", row -> end(row, version, "burned"));
    }

    private CallerRow end(CallerRow row, int number, String state) {
        return with(
                row,
                row.secrets().stream()
                        .map(old ->
                                old.version() == number || number == 0
                                        ? new Version(
                                                old.version(),
                                                state,
                                                false,
                                                old.origin(),
                                                old.createdAt(),
                                                old.acceptedUntil(),
                                                clock.instant(),
                                                old.uses(),
                                                old.lastUsedAt(),
                                                0,
                                                null)
                                        : old)
                        .toList());
    }

    @Override
    public Reply<CallerDone> burnAll(String id) {
        return onCaller("burn " + id, id, "burned", row -> end(row, 0, "burned"));
    }

    @Override
    public synchronized Reply<Page<SigningKeyRow>> keys() {
        return silence.<Reply<Page<SigningKeyRow>>>map(
                        why -> new Reply.Unreachable<>("GET /v1/keys", why))
                .orElseGet(() -> new Reply.Done<>(new Page<>(keys, null, keys.size())));
    }

    @Override
    public synchronized Reply<Page<SigningKeyRow>> rotateKeys(String reason) {
        Optional<Reply<Page<SigningKeyRow>>> trouble = trouble("rotate keys " + reason);
        return trouble.orElseGet(() -> new Reply.Done<>(new Page<>(keys, null, keys.size())));
    }

    @Override
    public synchronized Reply<OwnSecrets> own() {
        if (silence.isPresent()) {
            return new Reply.Unreachable<>("GET /v1/secrets", silence.get());
        }
        return new Reply.Done<>(own.orElseGet(this::usual));
    }

    private OwnSecrets usual() {
        Instant now = clock.instant();
        return new OwnSecrets(
                own("admin_token", now, Duration.ofDays(90)),
                own("master_key", now, Duration.ofDays(365)),
                "10m",
                "90d");
    }

    private static OwnSecrets.Own own(String kind, Instant now, Duration age) {
        return new OwnSecrets.Own(
                kind, "folder", now, now.plus(age), false, now, null, null, true, "");
    }

    @Override
    public synchronized Reply<OwnRotated> rotateAdminToken(String overlap) {
        Optional<Reply<OwnRotated>> trouble = trouble("rotate admin token " + overlap);
        return trouble.orElseGet(() ->
                new Reply.Done<>(
                        new OwnRotated(
                                own.orElseGet(this::usual).adminToken(), Secret.ofText(TEXT))));
    }

    @Override
    public synchronized Reply<OwnRotated> rotateMasterKey() {
        Optional<Reply<OwnRotated>> trouble = trouble("rotate master key");
        return trouble.orElseGet(() ->
                new Reply.Done<>(new OwnRotated(own.orElseGet(this::usual).masterKey(), null)));
    }
}
