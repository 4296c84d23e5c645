package drawbridge.server.session;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * One object for values that many sessions have in common, as agents, languages and the user of
 * several sessions. Holds the value that came last in each of its places and no more, so that it
 * neither grows nor has to be emptied; what it has forgotten is only held twice. Safe for many
 * threads, none of which waits.
 */
final class Alike<T> {
    private final AtomicReferenceArray<T> places;

    /**
     * @param size how many values at most; a power of two
     * @throws IllegalArgumentException when it is not
     */
    Alike(int size) {
        if (Integer.bitCount(size) != 1) {
            throw new IllegalArgumentException("size is " + size + ", not a power of two");
        }
        this.places = new AtomicReferenceArray<>(size);
    }

    /** The value, or one that equals it and was given before. */
    T of(T value) {
        int hash = value.hashCode();
        int place = (hash ^ hash >>> 16) & places.length() - 1;
        T known = places.getAcquire(place);
        if (value.equals(known)) {
            return known;
        }
        places.setRelease(place, value);
        return value;
    }
}
