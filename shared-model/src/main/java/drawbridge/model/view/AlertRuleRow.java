package drawbridge.model.view;

/**
 * A rule that is judged every second.
 *
 * @param rule such as {@code failed_logins}
 * @param title a few words
 * @param about what it looks at, one sentence
 * @param severity {@code warning} or {@code critical}
 * @param state {@code watching}, {@code firing} or {@code off}
 * @param why why it is off; empty when it is not
 * @param on whether it is wanted
 * @param least below this it never fires
 * @param factor so many times what is usual it must be; 0 when nothing is compared with what is
 *     usual
 * @param usualLeast {@code least} until somebody changes it; 0 when the rule has no such term
 * @param usualFactor the same of {@code factor}
 * @param unit what {@code least}, {@code now}, {@code usual} and {@code limit} count
 * @param now what was last seen
 * @param usual what is usual here
 * @param limit from where on it fires
 * @param mend the screen where its cause is mended
 * @param advice what to do when it fires
 */
public record AlertRuleRow(
        String rule,
        String title,
        String about,
        String severity,
        String state,
        String why,
        boolean on,
        int least,
        int factor,
        int usualLeast,
        int usualFactor,
        String unit,
        double now,
        double usual,
        double limit,
        String mend,
        String advice) {}
