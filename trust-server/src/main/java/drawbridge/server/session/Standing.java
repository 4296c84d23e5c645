package drawbridge.server.session;

/** Whether this node may answer from what it holds, without asking the authority. */
public interface Standing {
    /**
     * A node that is alone with its database applies every revocation itself, before its answer.
     */
    Standing ALONE =
            new Standing() {
                @Override
                public boolean mayAnswer() {
                    return true;
                }

                @Override
                public void catchUp() {}

                @Override
                public boolean hasOthers() {
                    return false;
                }
            };

    /** Whether it may, now. Asked on every validation: one read, no waiting. */
    boolean mayAnswer();

    /**
     * Returns once this node has applied everything that was committed before the call, so that
     * what it holds is right for a request that had arrived by then. Asks the database.
     *
     * @throws drawbridge.server.storage.StoreUnavailableException when it does not answer in time
     */
    void catchUp();

    /** Whether sessions may be used on other nodes, of which this one hears only in time. */
    boolean hasOthers();

    /** Lets a request be judged from what this node holds: at once, or after catching up. */
    default void require() {
        if (!mayAnswer()) {
            catchUp();
        }
    }
}
