package drawbridge.server.simulate;

import drawbridge.model.Secret;

import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;

/**
 * What to simulate.
 *
 * @param target the server's public listener; loopback only
 * @param bridgeSecret the back end's secret
 * @param from the loopback address to connect from, which the server must trust as a proxy
 * @param duration how long, registration not counted
 * @param warmUp the part of it at its beginning whose times are told apart: both programs are still
 *     being compiled then
 * @param perSecond requests a second
 * @param users how many people
 * @param changedShare the share of validations that come from another place than the login, 0 to 1
 * @param stormPerSecond logins with wrong passwords a second besides; 0 for none
 * @param seed the same seed asks the same things in the same order
 */
public record SimulationPlan(
        URI target,
        Secret bridgeSecret,
        InetAddress from,
        Duration duration,
        Duration warmUp,
        int perSecond,
        int users,
        double changedShare,
        int stormPerSecond,
        long seed) {}
