package drawbridge.server.redis;

import drawbridge.server.session.Session;
import drawbridge.server.session.SessionCodec;
import drawbridge.server.session.SessionKey;
import drawbridge.server.session.SharedSessions;
import drawbridge.server.session.Tombstones;
import drawbridge.server.storage.StoreUnavailableException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/**
 * The Redis tier: sealed copies of sessions, shared by the nodes of one database. A copy counts
 * only when it was made of this database, this node has all later rows of the revocation log in
 * memory, and none of them names it. So nothing that Redis forgets, keeps too long, brings back or
 * is given by others can make a session valid. Safe for many threads.
 */
public final class RedisSessionCache implements SharedSessions {
    private static final Logger LOG = LoggerFactory.getLogger(RedisSessionCache.class);

    /** Tells which database it is. May ask it; throws StoreUnavailableException when it is away. */
    public interface Identity {
        /** The bytes that count now. */
        byte[] now();

        /** Those that count after its log's number fell, given those known before. */
        byte[] after(byte[] known);
    }

    /** Which database copies are of, as this node knew it in one of its lives. */
    private static final class Bound {
        private final long life;
        private final long wentBack;
        private final long everything;
        private final byte[] identity;

        /** Of this moment; which database it is must be asked after it. */
        static Function<byte[], Bound> at(Tombstones tombstones) {
            long life = tombstones.mark().life();
            long wentBack = tombstones.wentBack();
            long everything = tombstones.everything();
            return identity -> new Bound(life, wentBack, everything, identity);
        }

        private Bound(long life, long wentBack, long everything, byte[] identity) {
            this.life = life;
            this.wentBack = wentBack;
            this.everything = everything;
            this.identity = identity;
        }

        /** The end of everything changes which database it is, also while nodes are in touch. */
        boolean isFor(Tombstones tombstones) {
            return life == tombstones.mark().life()
                    && wentBack == tombstones.wentBack()
                    && everything == tombstones.everything();
        }
    }

    private final NumberedCopies copies;
    private final Tombstones tombstones;
    private final Clock clock;
    private final Identity identity;
    private final Duration age;
    private final LongAdder overtaken = new LongAdder();
    private final Executor asking;
    private final AtomicBoolean isBinding = new AtomicBoolean();
    private volatile Bound bound;

    /**
     * Asks at once which database it is.
     *
     * @param age how long a copy is kept at most
     */
    public RedisSessionCache(
            NumberedCopies copies,
            Tombstones tombstones,
            Identity identity,
            Duration age,
            Clock clock) {
        this(
                copies,
                tombstones,
                identity,
                age,
                task -> Thread.ofVirtual().name("redis-identity").start(task),
                clock);
    }

    /**
     * The same, with something else that asks which database it is once this node was out of touch.
     */
    public RedisSessionCache(
            NumberedCopies copies,
            Tombstones tombstones,
            Identity identity,
            Duration age,
            Executor asking,
            Clock clock) {
        this.asking = asking;
        this.copies = copies;
        this.tombstones = tombstones;
        this.identity = identity;
        this.age = age;
        this.clock = clock;
        this.bound = Bound.at(tombstones).apply(identity.now());
    }

    @Override
    public Optional<Copied> find(SessionKey key) {
        Bound with = bound;
        if (!with.isFor(tombstones)) {
            bindAnew(with);
            return Optional.empty();
        }
        return copies.get(name(key)).flatMap(copy -> usable(key, copy, with));
    }

    private Optional<Copied> usable(SessionKey key, NumberedCopies.Copy copy, Bound with) {
        byte[] content = copy.content();
        int size = with.identity.length;
        if (content.length < size || !Arrays.equals(content, 0, size, with.identity, 0, size)) {
            overtaken.increment(); // made of another database, or before this one went back
            return Optional.empty();
        }
        Optional<Session> session =
                SessionCodec.decode(key, Arrays.copyOfRange(content, size, content.length));
        if (session.isEmpty()) {
            return Optional.empty(); // made by another release
        }
        if (!tombstones.vouchesFor(copy.readAt(), session.get())) {
            overtaken.increment();
            return Optional.empty();
        }
        // It may have been used since it was copied, which only the authority knows.
        Instant end = session.get().expiresAt(session.get().lastSeenAt());
        return clock.instant().isBefore(end)
                ? Optional.of(new Copied(session.get(), tombstones.markAt(copy.readAt())))
                : Optional.empty();
    }

    @Override
    public void put(Session session, Tombstones.Mark readAt) {
        Bound with = bound;
        OptionalLong number = tombstones.numberOf(readAt);
        if (number.isEmpty()
                || !with.isFor(tombstones)
                || session.ended() != null
                || session.renewal().replaced() != null) {
            return;
        }
        byte[] encoded = SessionCodec.encode(session);
        byte[] content =
                ByteBuffer.allocate(with.identity.length + encoded.length)
                        .put(with.identity)
                        .put(encoded)
                        .array();
        copies.put(name(session.key()), number.getAsLong(), content, age);
    }

    @Override
    public void remove(SessionKey key) {
        copies.remove(name(key));
    }

    @Override
    public boolean isAsked() {
        return copies.isAsked();
    }

    /**
     * This node was out of touch, or everything ended: which database it is must be asked again,
     * and not by a call.
     */
    private void bindAnew(Bound before) {
        if (!isBinding.compareAndSet(false, true)) {
            return;
        }
        asking.execute(() -> {
            try {
                Function<byte[], Bound> now = Bound.at(tombstones);
                bound =
                        now.apply(
                                tombstones.wentBack() == before.wentBack
                                        ? identity.now()
                                        : identity.after(before.identity));
            } catch (StoreUnavailableException e) {
                LOG.debug("which database it is stays unknown", e);
            } finally {
                isBinding.set(false);
            }
        });
    }

    private static byte[] name(SessionKey key) {
        byte[] tenant =
                ("session\0" + key.tenant().value() + "\0").getBytes(StandardCharsets.UTF_8);
        byte[] id = key.id().bytes();
        return ByteBuffer.allocate(tenant.length + id.length).put(tenant).put(id).array();
    }

    /** Copies met since the start that a revocation, or the database itself, has overtaken. */
    public long overtaken() {
        return overtaken.sum();
    }
}
