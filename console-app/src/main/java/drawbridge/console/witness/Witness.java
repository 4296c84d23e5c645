package drawbridge.console.witness;

import drawbridge.model.view.AuditCheckpoint;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Keeps the checkpoints a server signed, and notices when it later shows others. The first key it
 * sees is the one it believes. Blocks for the disk; safe for many threads.
 */
public final class Witness {
    /** So many of a tenant are kept; the newest covers every row before it. */
    static final int MOST_EACH = 200;

    private static final int MOST_LINES = 5_000;
    private static final Logger LOG = LoggerFactory.getLogger(Witness.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** One line of the store. */
    private record Line(AuditCheckpoint checkpoint, String publicKey) {}

    private final WitnessStore store;
    private final Map<String, Deque<AuditCheckpoint>> kept = new TreeMap<>();
    private @Nullable String publicKey;
    private int lines;

    /** A witness that remembers what the store has; a line that cannot be read is passed over. */
    public Witness(WitnessStore store) throws IOException {
        this.store = store;
        for (String line : store.lines()) {
            lines++;
            try {
                Line read = JSON.readValue(line, Line.class);
                publicKey = Objects.requireNonNull(read.publicKey());
                remember(Objects.requireNonNull(read.checkpoint()));
            } catch (JacksonException | NullPointerException e) {
                LOG.warn("a line of what was witnessed cannot be read, perhaps a crash cut it", e);
            }
        }
    }

    private void remember(AuditCheckpoint checkpoint) {
        Deque<AuditCheckpoint> of =
                kept.computeIfAbsent(checkpoint.tenant(), _ -> new ArrayDeque<>());
        of.addLast(checkpoint);
        if (of.size() > MOST_EACH) {
            of.removeFirst();
        }
    }

    /** Whose chains were seen, in their order. */
    public synchronized Set<String> tenants() {
        return new TreeSet<>(kept.keySet());
    }

    /** The newest checkpoint kept of a tenant; empty when there is none. */
    public synchronized Optional<AuditCheckpoint> newest(String tenant) {
        return Optional.ofNullable(kept.get(tenant)).map(Deque::peekLast);
    }

    /** How many checkpoints are kept, of all tenants. */
    public synchronized long count() {
        return kept.values().stream().mapToLong(Deque::size).sum();
    }

    /**
     * Looks at a checkpoint that the server shows, and keeps it when it is the next one.
     *
     * @param shownKey what the server says it is checked with, in base64url
     * @return what does not fit; empty when all does
     */
    public synchronized Optional<Contradiction> look(AuditCheckpoint shown, String shownKey)
            throws IOException {
        if (publicKey != null && !publicKey.equals(shownKey)) {
            return Optional.of(about(Contradiction.Kind.KEY, shown));
        }
        if (!isSigned(shown, shownKey)) {
            return Optional.of(about(Contradiction.Kind.SIGNATURE, shown));
        }
        Deque<AuditCheckpoint> of = kept.get(shown.tenant());
        AuditCheckpoint newest = of == null ? null : of.peekLast();
        if (of != null && newest != null && shown.sequence() <= newest.sequence()) {
            boolean isKnown =
                    of.stream()
                            .filter(each -> each.sequence() == shown.sequence())
                            .allMatch(shown::equals);
            return isKnown ? Optional.empty() : Optional.of(about(Contradiction.Kind.OTHER, shown));
        }
        if (newest != null && !follows(shown, newest)) {
            return Optional.of(about(Contradiction.Kind.ORDER, shown));
        }
        keep(shown, shownKey);
        return Optional.empty();
    }

    private static boolean isSigned(AuditCheckpoint shown, String key) {
        try {
            return shown.isSignedBy(Base64.getUrlDecoder().decode(key));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean follows(AuditCheckpoint shown, AuditCheckpoint newest) {
        return shown.sequence() == newest.sequence() + 1
                && shown.number() > newest.number()
                && shown.previous().equals(newest.fingerprint());
    }

    private static Contradiction about(Contradiction.Kind kind, AuditCheckpoint checkpoint) {
        return new Contradiction(
                kind,
                checkpoint.tenant(),
                checkpoint.sequence(),
                checkpoint.number(),
                checkpoint.at());
    }

    /** What is to be said when the server no longer shows the newest checkpoint of a tenant. */
    public synchronized Optional<Contradiction> lost(String tenant) {
        return newest(tenant).map(each -> about(Contradiction.Kind.LOST, each));
    }

    private void keep(AuditCheckpoint checkpoint, String key) throws IOException {
        store.append(line(checkpoint, key));
        lines++;
        publicKey = key;
        remember(checkpoint);
        if (lines > MOST_LINES) {
            List<String> all = new ArrayList<>();
            kept.values().forEach(of -> of.forEach(each -> all.add(line(each, key))));
            store.replace(all);
            lines = all.size();
        }
    }

    private static String line(AuditCheckpoint checkpoint, String key) {
        return JSON.writeValueAsString(new Line(checkpoint, key));
    }

    /** Puts what was kept aside and believes whatever comes next. */
    public synchronized void beginAnew() throws IOException {
        store.putAside();
        kept.clear();
        publicKey = null;
        lines = 0;
    }
}
