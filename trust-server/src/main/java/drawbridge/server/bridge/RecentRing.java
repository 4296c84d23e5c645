package drawbridge.server.bridge;

import drawbridge.model.TenantId;
import drawbridge.server.bridge.Recent.Judged;
import drawbridge.server.policy.RouteTable;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The last calls as bytes in places of a fixed size that are made once and written over, so that
 * what is kept leaves no objects for the collector to copy. Besides bytes a place refers to the
 * caller and the policies only, which live anyway; a call too long for its place, which takes a
 * path of some two hundred characters, has bytes of its own.
 *
 * <p>Every place has a version: that of the call it holds, odd while it is written. Who writes
 * takes the place by one compare-and-set, and never waits: a call whose place is still being
 * written one whole round later is not kept. Who reads takes a copy, and believes it only if the
 * version was the call's before and after. Safe for many threads, all of which may write.
 */
final class RecentRing {
    /** How many bytes a call has; most need 250 to 400. */
    static final int PLACE = 512;

    /** Memory is taken for so many at a time, once they are needed. */
    private static final int TOGETHER = 256;

    private static final class Block {
        private final byte[] bytes;
        private final @Nullable Caller[] callers;
        private final @Nullable RouteTable[] tables;
        private final AtomicReferenceArray<byte @Nullable []> longer;

        Block(int places) {
            this.bytes = new byte[places * PLACE];
            this.callers = new Caller[places];
            this.tables = new RouteTable[places];
            this.longer = new AtomicReferenceArray<>(places);
        }
    }

    private final int kept;
    private final AtomicLong next = new AtomicLong();

    /** 0 while a place holds nothing. */
    private final AtomicLongArray versions;

    private final AtomicReferenceArray<@Nullable Block> blocks;

    /**
     * @param kept how many calls are kept; 1 or more
     */
    RecentRing(int kept) {
        this.kept = kept;
        this.versions = new AtomicLongArray(kept);
        this.blocks = new AtomicReferenceArray<>((kept + TOGETHER - 1) / TOGETHER);
    }

    private static long writing(long number) {
        return 2 * number + 1;
    }

    private static long written(long number) {
        return 2 * number + 2;
    }

    /** Keeps a call; the oldest is forgotten when all places are taken. */
    void put(Recent recent) {
        long number = next.getAndIncrement();
        int place = (int) (number % kept);
        long before = versions.get(place);
        boolean isFree = (before & 1) == 0 && before < written(number);
        if (!isFree || !versions.compareAndSet(place, before, writing(number))) {
            return; // somebody stood still for a whole round, and is or was the one to write here
        }
        long after = 0;
        try {
            VarHandle.storeStoreFence(); // nothing of it is seen before the odd version is
            write(recent, place);
            after = written(number);
        } finally {
            versions.setRelease(place, after);
        }
    }

    private void write(Recent recent, int place) {
        Block block = block(place / TOGETHER);
        int at = place % TOGETHER;
        RecentBytes.Writer writer = new RecentBytes.Writer(block.bytes, at * PLACE, PLACE);
        RecentBytes.write(recent, writer);
        block.callers[at] = RecentBytes.caller(recent);
        block.tables[at] = recent instanceof Judged judged ? judged.ruling().table() : null;
        block.longer.setPlain(at, writer.outgrown());
    }

    private Block block(int index) {
        Block known = blocks.get(index);
        if (known != null) {
            return known;
        }
        Block made = new Block(Math.min(TOGETHER, kept - index * TOGETHER));
        Block other = blocks.compareAndExchange(index, null, made);
        return other == null ? made : other;
    }

    /** All calls, the newest first. Each is read when the stream comes to it. */
    Stream<Recent> newestFirst() {
        return newestFirst(found -> RecentBytes.read(found.reader(), found.caller, found.table));
    }

    /** The judged calls of that tenant, the newest first. */
    Stream<Judged> judged(TenantId tenant) {
        return newestFirst(found -> {
            Caller caller = found.caller;
            RouteTable table = found.table;
            return caller == null || table == null || !caller.tenant().equals(tenant)
                    ? null
                    : (Judged) RecentBytes.read(found.reader(), caller, table);
        });
    }

    /** The calls of that request, the newest first. */
    Stream<Recent> of(String requestId) {
        return newestFirst(found ->
                RecentBytes.requestId(found.reader()).equals(requestId)
                        ? RecentBytes.read(found.reader(), found.caller, found.table)
                        : null);
    }

    /**
     * @param reading of a whole call what is wanted; null to leave it out
     */
    private <T> Stream<T> newestFirst(Function<Copy, @Nullable T> reading) {
        long end = next.get();
        long oldest = Math.max(0, end - kept);
        Copy copy = new Copy();
        return LongStream.iterate(end - 1, number -> number >= oldest, number -> number - 1)
                .sequential()
                .filter(number -> take(number, copy))
                .boxed()
                .mapMulti((number, into) -> {
                    T wanted = reading.apply(copy);
                    if (wanted != null) {
                        into.accept(wanted);
                    }
                });
    }

    /** What a place held. One thread. */
    private static final class Copy {
        private final byte[] bytes = new byte[PLACE];
        private @Nullable Caller caller;
        private @Nullable RouteTable table;
        private byte @Nullable [] longer;

        RecentBytes.Reader reader() {
            return new RecentBytes.Reader(longer == null ? bytes : longer);
        }
    }

    /** Whether that call is still there, and was not written over while it was copied. */
    private boolean take(long number, Copy copy) {
        int place = (int) (number % kept);
        if (versions.getAcquire(place) != written(number)) {
            return false;
        }
        Block block = block(place / TOGETHER);
        int at = place % TOGETHER;
        System.arraycopy(block.bytes, at * PLACE, copy.bytes, 0, PLACE);
        copy.caller = block.callers[at];
        copy.table = block.tables[at];
        copy.longer = block.longer.getPlain(at);
        VarHandle.acquireFence(); // all of that was read before the version is read again
        return versions.getOpaque(place) == written(number);
    }
}
