package drawbridge.server.cluster;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * A world in which only one actor runs at a time, and a seed decides which one goes on and how much
 * time passes between any two of their steps. The same seed gives the same history. Actors are
 * virtual threads that run real code; wherever it calls {@link #step} or {@link #sleep} the others
 * may come between.
 */
final class World {
    /** Thrown into actors when the world ends. */
    private static final class Over extends Error {
        private static final long serialVersionUID = 1L;

        Over() {
            super("over", null, false, false);
        }
    }

    /** Code of an actor. */
    interface Play {
        void run() throws InterruptedException;
    }

    private static final class Actor {
        private final String name;
        private final Thread thread;
        private long wakesAt;
        private boolean done;
        private volatile boolean turn;

        Actor(String name, Thread.Builder builder, Runnable play) {
            this.name = name;
            this.thread = builder.unstarted(play);
        }
    }

    private final RandomGenerator random;
    private final List<Actor> actors = new ArrayList<>();
    private volatile @Nullable Thread director;
    private volatile @Nullable Actor running;
    private volatile @Nullable Throwable failure;
    private volatile boolean ending;
    private long now = 1_000_000_000L;
    private long stoppedFrom;
    private long stoppedUntil;
    private String stopped = "";

    World(long seed) {
        this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    RandomGenerator random() {
        return random;
    }

    /** Nanoseconds since some moment. */
    long nanos() {
        return now;
    }

    /** Adds an actor; it begins when the seed says so. */
    void add(String name, Play play) {
        Runnable whole =
                () -> {
                    Actor me = awaitTurn(name);
                    try {
                        if (!ending) {
                            play.run();
                        }
                    } catch (Over e) {
                        // the world ended before the actor did
                    } catch (InterruptedException | RuntimeException | Error e) {
                        failure = e;
                    } finally {
                        me.done = true;
                        me.turn = false;
                        running = null;
                        LockSupport.unpark(director);
                    }
                };
        actors.add(new Actor(name, Thread.ofVirtual().name(name), whole));
    }

    /** Every actor whose name begins so does nothing for so long, while time goes on. */
    void stop(String prefix, long forNanos) {
        stopped = prefix;
        stoppedFrom = now;
        stoppedUntil = now + forNanos;
    }

    /** Others may run before this actor goes on, at the same moment or a little later. */
    void step() {
        sleep(random.nextInt(4) == 0 ? random.nextLong(40_000_000L) : 0);
    }

    /** Goes on at that time or later. */
    void sleep(long forNanos) {
        Actor me = running;
        if (me == null) {
            return; // before the world began
        }
        me.wakesAt = now + forNanos;
        me.turn = false;
        running = null;
        LockSupport.unpark(director);
        awaitTurn(me.name);
        if (ending) {
            throw new Over();
        }
    }

    private Actor awaitTurn(String name) {
        while (true) {
            Actor current = running;
            if (current != null && current.name.equals(name) && current.turn) {
                return current;
            }
            LockSupport.park(this);
        }
    }

    /** Lets the world go on for so long, then ends it. */
    void run(long forNanos) {
        // Beside the actors: to hand over between virtual threads is many times cheaper.
        Thread directing =
                Thread.ofVirtual()
                        .unstarted(() -> {
                            try {
                                direct(now + forNanos);
                            } catch (RuntimeException | Error e) {
                                failure = e;
                            }
                        });
        director = directing;
        directing.start();
        try {
            directing.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("it took too long", e);
        }
        Throwable wrong = failure;
        if (wrong != null) {
            throw new IllegalStateException("an actor failed", wrong);
        }
    }

    private void direct(long end) {
        actors.forEach(actor -> actor.thread.start());
        while (now < end && failure == null) {
            Actor next = choose();
            if (next == null) {
                break;
            }
            now = Math.max(now, next.wakesAt);
            resume(next);
        }
        ending = true;
        for (Actor actor : actors) {
            if (!actor.done) {
                resume(actor);
            }
        }
    }

    private void resume(Actor actor) {
        actor.turn = true;
        running = actor;
        LockSupport.unpark(actor.thread);
        while (running == actor && !actor.done) {
            LockSupport.park(this);
        }
    }

    /** One that is awake, or else the next to wake. */
    private @Nullable Actor choose() {
        List<Actor> awake = new ArrayList<>();
        Actor soonest = null;
        for (Actor actor : actors) {
            if (actor.done) {
                continue;
            }
            long wakes = wakes(actor);
            if (wakes <= now) {
                awake.add(actor);
            }
            if (soonest == null || wakes < wakes(soonest)) {
                soonest = actor;
            }
        }
        if (!awake.isEmpty()) {
            return awake.get(random.nextInt(awake.size()));
        }
        if (soonest != null) {
            soonest.wakesAt = wakes(soonest);
        }
        return soonest;
    }

    private long wakes(Actor actor) {
        boolean held = !stopped.isEmpty() && actor.name.startsWith(stopped) && now >= stoppedFrom;
        return held ? Math.max(actor.wakesAt, stoppedUntil) : actor.wakesAt;
    }
}
