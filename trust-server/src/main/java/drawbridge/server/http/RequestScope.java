package drawbridge.server.http;

import drawbridge.server.request.RequestId;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Stands before everything else and gives each request its one id, which holds for all that is done
 * for it and for nothing after it.
 */
final class RequestScope extends Handler.Wrapper {
    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING; // what may wait stands behind OwnThread
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        HttpFields headers = request.getHeaders();
        return RequestId.within(
                RequestId.of(headers.get("X-Request-ID"), headers.get("traceparent")),
                () -> super.handle(request, response, callback));
    }
}
