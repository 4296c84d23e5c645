package drawbridge.server.checklist;

import drawbridge.model.view.ConfigEntry;
import drawbridge.model.view.ShippedLogs;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What of the server's settings the practices depend on.
 *
 * @param base the path under which the public API is
 * @param folder the data folder
 * @param entries every setting and where it came from, secrets masked
 * @param warnings what is allowed but should not stay so
 * @param secretAge how old a secret becomes before it is overdue
 * @param edge what the public listener lets in
 * @param logLevel the least level that is logged
 */
public record ChecklistSettings(
        String base,
        Path folder,
        List<ConfigEntry> entries,
        List<String> warnings,
        Duration secretAge,
        Edge edge,
        String logLevel) {
    public ChecklistSettings {
        entries = List.copyOf(entries);
        warnings = List.copyOf(warnings);
    }

    /**
     * What the public listener lets in.
     *
     * @param perMinute logins and the like a minute
     * @param mostBodyBytes the largest body
     * @param patience how long a client may take to send its request
     * @param corsOrigins whose pages may call for the tenant {@code default}
     * @param hasTls whether it proves itself
     * @param isCookieBare whether its cookies are never marked Secure
     * @param tellsAddresses whether a registration says that an address is taken
     */
    public record Edge(
            int perMinute,
            long mostBodyBytes,
            Duration patience,
            List<String> corsOrigins,
            boolean hasTls,
            boolean isCookieBare,
            boolean tellsAddresses) {
        public Edge {
            corsOrigins = List.copyOf(corsOrigins);
        }
    }

    /** Where the listeners are reached from this machine. */
    public record Place(URI open, URI admin, javax.net.ssl.SSLContext tls) {}

    /** Where logs go besides the data folder; empty while they stay here. */
    public interface Shipping {
        /** Where to, and how it goes. */
        Optional<ShippedLogs> now();
    }

    /** Who is told when something goes wrong. */
    public interface Watching {
        /** How many rules watch, and how many ways there are to tell; empty without any rules. */
        Optional<Watch> now();
    }

    /**
     * What watches.
     *
     * @param rules rules that are on
     * @param off rules that are off, with the reason, as sentences
     * @param channels where alerts are sent besides the console
     */
    public record Watch(int rules, List<String> off, int channels) {
        public Watch {
            off = List.copyOf(off);
        }
    }
}
