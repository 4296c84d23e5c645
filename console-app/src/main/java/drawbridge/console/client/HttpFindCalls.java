package drawbridge.console.client;

import drawbridge.model.view.Page;
import drawbridge.model.view.UserRow;

import tools.jackson.core.type.TypeReference;

/** Finding over HTTP. */
final class HttpFindCalls implements FindCalls {
    private final AdminHttp http;

    HttpFindCalls(AdminHttp http) {
        this.http = http;
    }

    @Override
    public Reply<Page<UserRow>> users(String text, int limit) {
        return http.get(
                "/v1/users",
                "/v1/users?filter=" + AdminHttp.encoded(text) + "&limit=" + limit,
                new TypeReference<Page<UserRow>>() {});
    }
}
