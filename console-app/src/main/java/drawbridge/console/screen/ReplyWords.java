package drawbridge.console.screen;

import drawbridge.console.client.Reply;
import drawbridge.console.ui.Words;

/** Says how an action ended that did not do what was asked. */
public final class ReplyWords {
    private final Words words;

    /** In those words. */
    public ReplyWords(Words words) {
        this.words = words;
    }

    /** Why it was not done, as one sentence; what was done needs no reason, so that is empty. */
    public String why(Reply<?> reply) {
        return switch (reply) {
            case Reply.Done<?> _ -> "";
            case Reply.Rejected<?> rejected ->
                    words.get(
                            "reply.rejected",
                            unstopped(rejected.problem().message()),
                            rejected.problem().code());
            case Reply.Unreachable<?> unreachable ->
                    words.get("reply.unreachable", unstopped(unreachable.why()));
        };
    }

    /** Why something could not be read; that cannot have happened by half. */
    public String whyUnread(Reply<?> reply) {
        return reply instanceof Reply.Unreachable<?> unreachable
                ? unstopped(unreachable.why()) + "."
                : why(reply);
    }

    /** Without its full stop, as the sentence goes on behind it. */
    public static String unstopped(String sentence) {
        return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    }
}
