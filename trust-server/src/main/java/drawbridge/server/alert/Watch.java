package drawbridge.server.alert;

/** Judges one rule again and again. Used by one thread at a time. */
interface Watch {
    AlertRule rule();

    /**
     * What there is to find now.
     *
     * @param isFiring whether the rule fires: it clears later than it fires, so that it does not
     *     flutter
     */
    Reading read(Moment now, Terms terms, boolean isFiring);
}
