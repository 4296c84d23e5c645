package drawbridge.server.drill;

import drawbridge.model.CallerSignals;
import drawbridge.model.IpNetwork;
import drawbridge.server.bridge.Caller;

import java.util.List;

/**
 * A caller of the sandbox.
 *
 * @param copy as it is in the sandbox
 * @param secret its bridge secret
 * @param originals the callers whose settings it has; empty for the drill's own
 */
record CopiedCaller(Caller copy, String secret, List<Caller> originals) {
    CopiedCaller {
        originals = List.copyOf(originals);
    }

    /** Where it may call from, if that is restricted; else what is given. */
    String ip(String otherwise) {
        List<IpNetwork> networks = copy.networks();
        return networks.isEmpty() ? otherwise : networks.getFirst().address().toString();
    }

    /** Whether it is of those that send no signals. */
    boolean mayLackSignals() {
        return copy.signals() == CallerSignals.WHEN_SENT;
    }

    /** The names of those whose settings it has. */
    String names() {
        List<String> names = originals.stream().map(Caller::name).toList();
        return originals.isEmpty()
                ? "a caller with the settings that a new one has"
                : String.join(", ", names);
    }

    @Override
    public String toString() {
        return "CopiedCaller[" + copy.name() + "]";
    }
}
