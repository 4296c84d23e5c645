package drawbridge.server.drill;

import org.jspecify.annotations.Nullable;

/**
 * A user of the sandbox at one device, logged in.
 *
 * @param email the account's address
 * @param password its password
 * @param ip where the device is
 * @param device the id that its storage holds
 * @param agent its user agent
 * @param session the session's id; empty while logged out
 * @param cookie the device cookie, which no script reads; null when the server sets none
 */
record Person(
        String email,
        String password,
        String ip,
        String device,
        String agent,
        String session,
        @Nullable String cookie) {
    Person loggedIn(String id, @Nullable String deviceCookie) {
        return new Person(email, password, ip, device, agent, id, deviceCookie);
    }

    @Override
    public String toString() {
        return "Person[" + email + "]";
    }
}
