package drawbridge.console.model;

import drawbridge.model.event.ServerEvent.SessionRevoked;
import drawbridge.model.view.NodeApplied;
import drawbridge.model.view.SessionRow;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/** Sessions and revocations for tests. */
public final class Sessions {
    /** The instant tests begin at. */
    public static final Instant START = Instant.parse("2026-03-12T09:00:00Z");

    private Sessions() {}

    /** A live session of that user, opened a minute before {@link #START}. */
    public static SessionRow live(String ref, String user) {
        return new SessionRow(
                ref,
                "u-" + user,
                user + "@example.com",
                "default",
                "10.0.0.7",
                "dev-1f0c9a",
                "Mozilla/5.0 (X11; Linux x86_64; rv:146.0) Gecko/20100101 Firefox/146.0",
                START.minusSeconds(60),
                START.minusSeconds(10),
                START.plusSeconds(1_790),
                "live",
                "STANDARD",
                null,
                null,
                null,
                null);
    }

    static SessionRevoked revoked(long seq, String ref, Instant at, @Nullable Instant undoUntil) {
        return new SessionRevoked(
                seq,
                at,
                "session",
                ref,
                null,
                "default",
                null,
                seq,
                "test",
                "admin",
                9_000,
                undoUntil,
                List.of(new NodeApplied("node-1", at)));
    }

    static SessionRevoked userRevoked(long seq, String user, Instant openedBefore) {
        return new SessionRevoked(
                seq,
                openedBefore,
                "user",
                null,
                "u-" + user,
                "default",
                openedBefore,
                seq,
                "test",
                "admin",
                9_000,
                null,
                List.of(new NodeApplied("node-1", openedBefore)));
    }
}
