package drawbridge.server.http;

import drawbridge.server.request.RequestId;

import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

import java.util.Optional;
import java.util.concurrent.ThreadFactory;

/**
 * Lets a request go on with a virtual thread of its own, which may wait for whatever it needs. What
 * stands before it runs on a thread that reads many connections, and may not: see {@link
 * ListenerThreads}.
 */
final class OwnThread extends Handler.Wrapper {
    private static final ThreadFactory VIRTUAL = Thread.ofVirtual().name("request-", 0).factory();

    /** What is left to do for a request. */
    @FunctionalInterface
    interface Rest {
        /** Whether anybody has taken care of it. */
        boolean handle() throws Exception;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        goOn(request, response, callback, () -> super.handle(request, response, callback));
        return true;
    }

    /** Does the rest there, for the request whose id is bound here. */
    static void goOn(Request request, Response response, Callback callback, Rest rest) {
        Optional<String> id = RequestId.current();
        VIRTUAL.newThread(
                        () -> {
                            try {
                                if (!RequestId.within(id.orElse(null), rest::handle)) {
                                    Response.writeError(request, response, callback, 404);
                                }
                            } catch (Throwable e) {
                                callback.failed(e);
                            }
                        })
                .start();
    }
}
