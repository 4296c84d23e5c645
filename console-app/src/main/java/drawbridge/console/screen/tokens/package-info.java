/** Trust tokens: those that were issued, what one is worth, and the mails that bring them. */
@NullMarked
package drawbridge.console.screen.tokens;

import org.jspecify.annotations.NullMarked;
