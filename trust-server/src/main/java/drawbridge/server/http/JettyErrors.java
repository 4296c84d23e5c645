package drawbridge.server.http;

import drawbridge.model.ProblemCode;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;

/**
 * Answers in our form what Jetty refuses before any route is looked for: bad request lines, huge
 * headers.
 */
final class JettyErrors extends ErrorHandler {
    @Override
    protected void generateResponse(
            Request request,
            Response response,
            int status,
            @Nullable String message,
            @Nullable Throwable cause,
            Callback callback) {
        response.setStatus(code(status).status());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        SecurityHeaders.ALWAYS.forEach(response.getHeaders()::put);
        response.write(true, ByteBuffer.wrap(body(status)), callback);
    }

    private static byte[] body(int status) {
        ProblemCode code = code(status);
        String text = text(code);
        return Json.write(Answers.problem(code, text, null, null));
    }

    /** The code for a status that Jetty or Javalin chose. */
    static ProblemCode code(int status) {
        return switch (status) {
            case 404 -> ProblemCode.NOT_FOUND;
            case 405 -> ProblemCode.METHOD_NOT_ALLOWED;
            case 408 -> ProblemCode.REQUEST_TIMEOUT;
            case 413 -> ProblemCode.BODY_TOO_LARGE;
            case 414 -> ProblemCode.URI_TOO_LONG;
            case 415 -> ProblemCode.UNSUPPORTED_MEDIA_TYPE;
            case 431 -> ProblemCode.HEADERS_TOO_LARGE;
            case 501, 505 -> ProblemCode.BAD_REQUEST; // what the client sent, not what we lack
            case 503 -> ProblemCode.SHUTTING_DOWN;
            default -> status >= 500 ? ProblemCode.INTERNAL_ERROR : ProblemCode.BAD_REQUEST;
        };
    }

    /** A sentence for a code that has no more particular one. */
    static String text(ProblemCode code) {
        return switch (code) {
            case NOT_FOUND -> "there is nothing under this path";
            case METHOD_NOT_ALLOWED -> "this path does not know this method";
            case REQUEST_TIMEOUT -> "the request did not arrive in time";
            case BODY_TOO_LARGE -> "the body is too large";
            case URI_TOO_LONG -> "the path and query are too long";
            case HEADERS_TOO_LARGE -> "the headers are too large";
            case SHUTTING_DOWN -> "the server is shutting down";
            case INTERNAL_ERROR -> "something went wrong here; the request id finds it in the log";
            default -> "the request cannot be read";
        };
    }
}
