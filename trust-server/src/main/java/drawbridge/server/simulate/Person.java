package drawbridge.server.simulate;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Somebody who does not exist, with the place they log in from. Validations share the lock; login
 * and logout take it alone, so that at every moment it is certain what a validation must be
 * answered. Safe for many threads.
 */
final class Person {
    private final String email;
    private final String password;
    private final Place home;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

    /** The session id; null while logged out. Guarded by the lock. */
    private volatile @Nullable String session;

    /**
     * Where a request comes from.
     *
     * @param ip the client's address
     * @param device the device id
     * @param agent the user agent
     */
    record Place(String ip, String device, String agent) {
        Place withIp(String other) {
            return new Place(other, device, agent);
        }

        Place withDevice(String other) {
            return new Place(ip, other, agent);
        }

        Place withAgent(String other) {
            return new Place(ip, device, other);
        }
    }

    Person(String email, String password, Place home) {
        this.email = email;
        this.password = password;
        this.home = home;
    }

    String email() {
        return email;
    }

    String password() {
        return password;
    }

    Place home() {
        return home;
    }

    ReentrantReadWriteLock lock() {
        return lock;
    }

    @Nullable String session() {
        return session;
    }

    void session(@Nullable String id) {
        this.session = id;
    }
}
