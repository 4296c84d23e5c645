package drawbridge.server.http;

import drawbridge.model.CallerKit;
import drawbridge.model.ProblemCode;
import drawbridge.model.SessionId;
import drawbridge.model.SessionToken;
import drawbridge.server.bridge.Caller;
import drawbridge.server.bridge.CallerUse;
import drawbridge.server.bridge.CallerUse.Weakness;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Finds the session id in a bridge call, wherever the caller's kit puts it. */
final class BridgeSessionId {
    private final CallerUse use;
    private final Clock clock;

    BridgeSessionId(CallerUse use, Clock clock) {
        this.use = use;
        this.clock = clock;
    }

    /**
     * The hash of what the call presents.
     *
     * @return empty when what is presented cannot be a session id
     * @throws ProblemException when nothing is presented, or two different ids are
     */
    Optional<SessionId> of(BridgeRequest request, Caller caller) {
        return text(request, caller)
                .map(SessionToken::parse)
                .orElseThrow(() ->
                        ProblemException.of(
                                ProblemCode.SESSION_ID_REQUIRED,
                                "session_id is missing: put it in the body or in the header X-Session-ID"))
                .map(SessionToken::id);
    }

    private Optional<String> text(BridgeRequest request, Caller caller) {
        Texts body = request.body();
        Optional<String> snake = body.text(RequestReader.MOST_TOKEN, "session_id");
        Optional<String> camel = body.text(RequestReader.MOST_TOKEN, "sessionId");
        Optional<String> header =
                RequestReader.bounded(
                        "X-Session-ID", request.only("X-Session-ID"), RequestReader.MOST_TOKEN);
        String query = request.query("session_id");
        if (camel.isEmpty() && header.isEmpty() && query == null) {
            return snake.filter(text -> !text.isBlank()); // as nearly every call has it
        }
        Map<String, Optional<String>> places = new LinkedHashMap<>();
        places.put("body session_id", snake);
        places.put("body sessionId", camel);
        places.put("header X-Session-ID", header);
        if (query != null) {
            if (caller.kit() != CallerKit.FLOWFULL) {
                throw ProblemException.inField(
                        "session_id",
                        "is not read from the query string, where it ends up in logs; use the body or X-Session-ID");
            }
            use.weakness(caller, Weakness.ID_IN_QUERY, clock.instant());
            places.put(
                    "query session_id",
                    Optional.of(Body.checked("session_id", query, RequestReader.MOST_TOKEN)));
        }
        return RequestReader.oneSessionId(places);
    }
}
