package drawbridge.server.http;

import drawbridge.model.IpAddress;

import io.javalin.http.Context;

import org.jspecify.annotations.Nullable;

/** A bridge call that came by the route table. */
record RoutedBridgeRequest(Context ctx, RequestReader reader) implements BridgeRequest {
    @Override
    public @Nullable String header(String name) {
        return ctx.header(name);
    }

    @Override
    public @Nullable String only(String name) {
        return RequestReader.only(ctx, name);
    }

    @Override
    public @Nullable String query(String name) {
        return ctx.queryParam(name);
    }

    @Override
    public IpAddress from() {
        return reader.clientAddress(ctx);
    }

    @Override
    public String id() {
        return reader.requestId(ctx);
    }

    @Override
    public Texts body() {
        return reader.body(ctx);
    }
}
