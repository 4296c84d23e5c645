package drawbridge.server.http;

import drawbridge.model.ProblemCode;
import drawbridge.server.mail.Outbox;
import drawbridge.server.mail.Outbox.Retried;
import drawbridge.server.mail.OutboxRow;

import io.javalin.http.Context;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.util.List;
import java.util.Set;

/** The mails that are on their way, or stay here for want of a mail server. */
final class OutboxEndpoint {
    private static final Set<String> STATES = Set.of("kept", "waiting", "sent", "failed");

    private final RequestReader reader;
    private final Outbox outbox;

    OutboxEndpoint(RequestReader reader, Outbox outbox) {
        this.reader = reader;
        this.outbox = outbox;
    }

    void list(Context ctx) {
        String state = ctx.queryParam("state");
        if (state != null && !STATES.contains(state)) {
            throw ProblemException.inField("state", "must be kept, waiting, sent or failed");
        }
        String after = ctx.queryParam("after");
        OutboxRow behind =
                after == null
                        ? null
                        : outbox.find(after)
                                .orElseThrow(() ->
                                        ProblemException.inField(
                                                "after", "is no cursor that this server gave"));
        int limit = TokenAdminEndpoint.limit(ctx.queryParam("limit"));
        Outbox.Listed listed = outbox.list(state, behind, limit);
        List<OutboxRow> rows = listed.rows();
        ObjectNode answer = Json.object();
        ArrayNode items = answer.putArray("items");
        rows.forEach(row -> items.add(mail(row)));
        answer.put("next", rows.size() < limit ? null : rows.getLast().id());
        answer.put("total", listed.total());
        Answers.json(ctx, 200, answer);
    }

    /** One mail with its text; looking is audited. */
    void show(Context ctx) {
        Outbox.Opened opened =
                outbox.open(ctx.pathParam("id"), "admin", reader.requestId(ctx))
                        .orElseThrow(OutboxEndpoint::unknown);
        ObjectNode answer = mail(opened.row());
        answer.put("text", opened.text().orElse(null));
        Answers.json(ctx, 200, answer);
    }

    void retry(Context ctx) {
        reader.body(ctx).refuseOthers();
        switch (outbox.retry(ctx.pathParam("id"), "admin", reader.requestId(ctx))) {
            case Retried.Waiting(OutboxRow row) -> Answers.json(ctx, 202, mail(row));
            case Retried.Unknown _ -> throw unknown();
            case Retried.Sent _ ->
                    throw ProblemException.of(
                            ProblemCode.NOT_RETRYABLE, "the mail was handed over already");
            case Retried.NoServer _ ->
                    throw ProblemException.of(
                            ProblemCode.NOT_RETRYABLE,
                            "no mail server is configured; set smtp.url");
        }
    }

    private static ObjectNode mail(OutboxRow row) {
        ObjectNode item = Json.object();
        item.put("id", row.id());
        item.put("tenant", row.tenant().value());
        item.put("template", row.template());
        item.put("recipient", row.recipient());
        item.put("subject", row.subject());
        item.put("tokenId", row.tokenId());
        item.put("state", row.state());
        item.put("attempts", row.attempts());
        item.put("nextAt", text(row.nextAt()));
        item.put("lastError", row.lastError());
        item.put("createdAt", row.createdAt().toString());
        item.put("sentAt", text(row.sentAt()));
        return item;
    }

    private static @Nullable String text(@Nullable Instant at) {
        return at == null ? null : at.toString();
    }

    private static ProblemException unknown() {
        return ProblemException.of(ProblemCode.UNKNOWN_ID, "there is nothing with this id");
    }
}
