package drawbridge.server.config;

/**
 * A setting's text as somebody wrote it.
 *
 * @param text without surrounding blanks; never empty. For a secret it is the secret itself, so a
 *     given value is never printed whole
 * @param source {@code environment}, {@code file} or {@code command line}
 * @param place what to name in a problem: the variable, or the file and line
 */
record Given(String text, String source, String place) {
    @Override
    public String toString() {
        return "Given[" + place + "]";
    }
}
