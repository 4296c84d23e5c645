package drawbridge.server.cluster;

import drawbridge.server.redis.NumberedCopies;
import drawbridge.server.session.Session;
import drawbridge.server.session.SessionCodec;
import drawbridge.server.session.SessionKey;
import drawbridge.server.session.SharedSessions;
import drawbridge.server.session.Tombstones;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A Redis in a {@link World} that all nodes share: what is written comes late or never, deletes are
 * lost, and an old state is put back.
 */
final class ModelRedis implements NumberedCopies {
    private final World world;
    private final Deque<Runnable> late = new ArrayDeque<>();
    private Map<ByteBuffer, Copy> copies = new HashMap<>();
    private Map<ByteBuffer, Copy> dump = new HashMap<>();

    ModelRedis(World world) {
        this.world = world;
    }

    @Override
    public Optional<Copy> get(byte[] name) {
        world.step();
        return Optional.ofNullable(copies.get(ByteBuffer.wrap(name)));
    }

    @Override
    public void put(byte[] name, long readAt, byte[] content, Duration age) {
        later(() -> copies.put(ByteBuffer.wrap(name), new Copy(readAt, content)));
    }

    @Override
    public void remove(byte[] name) {
        later(() -> copies.remove(ByteBuffer.wrap(name)));
    }

    private void later(Runnable change) {
        switch (world.random().nextInt(4)) {
            case 0 -> {} // lost
            case 1 -> late.add(change);
            default -> change.run();
        }
    }

    @Override
    public boolean isAsked() {
        return true;
    }

    /** Something happens to it. */
    void disturb() {
        switch (world.random().nextInt(5)) {
            case 0 -> copies = new HashMap<>();
            case 1 -> dump = new HashMap<>(copies);
            case 2 -> copies = new HashMap<>(dump);
            default -> {
                late.forEach(Runnable::run);
                late.clear();
            }
        }
    }

    /** Somebody who takes every copy for true, as it must not be done. */
    SharedSessions believed(Tombstones tombstones) {
        return new SharedSessions() {
            @Override
            public Optional<Copied> find(SessionKey key) {
                return get(key.id().bytes())
                        .flatMap(copy -> SessionCodec.decode(key, content(copy)))
                        .map(session -> new Copied(session, tombstones.mark()));
            }

            @Override
            public void put(Session session, Tombstones.Mark readAt) {
                if (session.ended() == null) {
                    ModelRedis.this.put(
                            session.key().id().bytes(),
                            readAt.applied(),
                            SessionCodec.encode(session),
                            Duration.ofHours(1));
                }
            }

            @Override
            public void remove(SessionKey key) {
                ModelRedis.this.remove(key.id().bytes());
            }

            @Override
            public boolean isAsked() {
                return true;
            }
        };
    }

    private static byte[] content(Copy copy) {
        return Arrays.copyOf(copy.content(), copy.content().length);
    }
}
