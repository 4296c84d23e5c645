package drawbridge.console.screen;

import drawbridge.console.client.Reply;

/** How something that a form asked for ended: well, at a field, or otherwise. */
public sealed interface Asked {
    /** It was done. */
    record Well() implements Asked {}

    /**
     * It was not done.
     *
     * @param field as the server names it; empty when none is at fault
     * @param why as one sentence
     */
    record Badly(String field, String why) implements Asked {}

    /** How that answer leaves a form. */
    static Asked of(Reply<?> reply, ReplyWords words) {
        return switch (reply) {
            case Reply.Done<?> _ -> new Well();
            case Reply.Rejected<?> rejected -> {
                String field = rejected.problem().field();
                yield field == null
                        ? new Badly("", words.why(rejected))
                        : new Badly(field, rejected.problem().message());
            }
            case Reply.Unreachable<?> gone -> new Badly("", words.why(gone));
        };
    }
}
