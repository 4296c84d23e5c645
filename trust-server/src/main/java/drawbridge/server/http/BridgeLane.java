package drawbridge.server.http;

import drawbridge.model.IpAddress;
import drawbridge.model.ProblemCode;
import drawbridge.server.http.ValidateEndpoint.Visit;
import drawbridge.server.storage.StoreUnavailableException;

import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.ByteArrayInputStream;
import java.io.SequenceInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The short way of {@code POST /auth/bridge/validate}: nearly all requests are that one, and the
 * servlet layer and the router cost more than the whole validation. What is decided is decided by
 * the same {@link BridgeGate} and {@link ValidateEndpoint} as behind the route table, where the
 * route stands too, with its access and its limit; the difference is only what carries the request.
 * The thread that has read it answers it when memory knows all that is asked; else it gets a thread
 * of its own.
 */
final class BridgeLane extends Handler.Wrapper {
    private static final Logger LOG = LoggerFactory.getLogger(BridgeLane.class);
    private static final String PATH = "/auth/bridge/validate";

    /** What every answer says, encoded once. */
    private static final List<HttpField> ALWAYS =
            Stream.concat(
                            SecurityHeaders.ALWAYS.entrySet().stream()
                                    .map(header ->
                                            new PreEncodedHttpField(
                                                    header.getKey(), header.getValue())),
                            Stream.of(
                                    new PreEncodedHttpField(
                                            HttpHeader.CONTENT_TYPE, "application/json")))
                    .map(HttpField.class::cast)
                    .toList();

    private static final HttpField HSTS =
            new PreEncodedHttpField(HttpHeader.STRICT_TRANSPORT_SECURITY, SecurityHeaders.HSTS);

    private final RequestReader reader;
    private final ValidateEndpoint endpoint;
    private final ThreadLocal<InARow> row = ThreadLocal.withInitial(InARow::new);

    BridgeLane(RequestReader reader, ValidateEndpoint endpoint) {
        this.reader = reader;
        this.endpoint = endpoint;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (!HttpMethod.POST.is(request.getMethod())
                || !PATH.equals(request.getHttpURI().getPath())
                || !(request.getConnectionMetaData().getRemoteSocketAddress()
                        instanceof InetSocketAddress peer)) {
            return super.handle(request, response, callback);
        }
        Arrived arrived = new Arrived(request, peer.getAddress(), reader);
        Visit visit = endpoint.visit(arrived);
        Optional<Reply> atOnce = atOnce(arrived, visit);
        if (atOnce.isPresent()) {
            send(atOnce.get(), arrived, response, callback);
        } else {
            OwnThread.goOn(
                    request,
                    response,
                    callback,
                    () -> {
                        send(answer(arrived, visit, response), arrived, response, callback);
                        return true;
                    });
        }
        return true;
    }

    private Optional<Reply> atOnce(Arrived arrived, Visit visit) {
        Object connection = arrived.request.getConnectionMetaData().getConnection();
        if (!arrived.takesBody() || !row.get().admits(connection)) {
            return Optional.empty();
        }
        try {
            return visit.answerAtOnce();
        } catch (RuntimeException e) {
            return Optional.empty(); // so it will be again, where it may be logged
        }
    }

    private void send(Reply reply, Arrived arrived, Response response, Callback callback) {
        HttpFields.Mutable headers = response.getHeaders();
        headers.put("X-Request-ID", arrived.id());
        for (HttpField field : ALWAYS) {
            headers.add(field);
        }
        if (arrived.isTls()) {
            headers.put(HSTS);
        }
        if (reply.retryAfterSeconds() > 0) {
            headers.put(HttpHeader.RETRY_AFTER, reply.retryAfterSeconds());
        }
        if (reply.status() != 200 && !arrived.request.consumeAvailable()) {
            // Refused before its body was there. The connection cannot be used again, and whoever
            // keeps it open must hear that from the answer, not from the next request.
            headers.put(HttpHeader.CONNECTION, "close");
        }
        response.setStatus(reply.status());
        headers.put(HttpHeader.CONTENT_LENGTH, reply.body().length);
        response.write(true, ByteBuffer.wrap(reply.body()), callback);
    }

    private static Reply answer(Arrived arrived, Visit visit, Response response) {
        try {
            return visit.answer();
        } catch (ProblemException e) {
            if (e.code() == ProblemCode.BODY_TOO_LARGE) {
                response.getHeaders().put(HttpHeader.CONNECTION, "close");
            }
            return Answers.problem(e, arrived.id());
        } catch (StoreUnavailableException e) {
            LOG.warn("request={} {}", arrived.id(), e.getMessage());
            return Answers.unavailable(e, arrived.id());
        } catch (RuntimeException e) {
            LOG.error("request={} failed", arrived.id(), e);
            return Answers.fault(arrived.id());
        }
    }

    /** A request that was taken in here. */
    private static final class Arrived implements BridgeRequest {
        private final Request request;
        private final InetAddress peer;
        private final RequestReader reader;
        private final HttpFields headers;
        private final String id;
        private @Nullable IpAddress from;
        private @Nullable Texts body;
        private byte[] taken = {};
        private int filled;
        private boolean hasEnded;

        Arrived(Request request, InetAddress peer, RequestReader reader) {
            this.request = request;
            this.peer = peer;
            this.reader = reader;
            this.headers = request.getHeaders();
            this.id = RequestReader.idOf(headers);
        }

        @Override
        public @Nullable String header(String name) {
            return headers.get(name);
        }

        @Override
        public @Nullable String only(String name) {
            String found = null;
            for (HttpField field : headers) {
                if (field.is(name)) {
                    found = RequestReader.same(name, found, field.getValue());
                }
            }
            return found;
        }

        @Override
        public @Nullable String query(String name) {
            if (request.getHttpURI().getQuery() == null) {
                return null;
            }
            try {
                Fields.Field field = Request.extractQueryParameters(request).get(name);
                return field == null ? null : field.getValue();
            } catch (IllegalArgumentException e) {
                throw ProblemException.inField("query", "is not URL-encoded in UTF-8");
            }
        }

        @Override
        public IpAddress from() {
            IpAddress known = from;
            if (known == null) {
                known =
                        reader.clientAddress(
                                peer, headers::get, () -> headers.getValues("X-Forwarded-For"));
                from = known;
            }
            return known;
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public Texts body() {
            Texts known = body;
            if (known == null) {
                known = RequestReader.bridgeBody(bytes(), headers.get(HttpHeader.CONTENT_TYPE));
                body = known;
            }
            return known;
        }

        boolean isTls() {
            return reader.arrivedByTls(request.isSecure(), peer, headers.get("X-Forwarded-Proto"));
        }

        /**
         * Takes what is here of the body, and says whether that is all of it, as it mostly is:
         * small, and arrived together with its headers. Of a large one nothing is taken.
         */
        boolean takesBody() {
            long said = request.getLength();
            if (said < 0 || said > Math.min(BodyRoom.SMALL, reader.mostBytes())) {
                return false;
            }
            if (taken.length < said) {
                taken = new byte[Math.toIntExact(said)];
            }
            while (!hasEnded && filled < taken.length) {
                Content.Chunk chunk = request.read();
                if (chunk == null || Content.Chunk.isFailure(chunk)) {
                    return false; // not yet, or never: reading on tells which
                }
                int more = Math.min(chunk.remaining(), taken.length - filled);
                chunk.getByteBuffer().get(taken, filled, more);
                filled += more;
                hasEnded = chunk.isLast();
                chunk.release();
            }
            return true;
        }

        private byte[] bytes() {
            if (takesBody()) {
                return filled == taken.length ? taken : Arrays.copyOf(taken, filled);
            }
            return reader.bytes(
                    new SequenceInputStream(
                            new ByteArrayInputStream(taken, 0, filled),
                            Content.Source.asInputStream(request)));
        }
    }
}
