package drawbridge.server.session;

/** Whether this node may answer from what it holds, without asking the authority. */
public interface Standing {
    /**
     * A node that is alone with its database applies every revocation itself, before its answer.
     */
    Standing ALONE = () -> true;

    /** Whether it may, now. Asked on every validation: one read, no waiting. */
    boolean mayAnswer();
}
