/** Mail: written into the outbox in the transaction of its cause, handed over afterwards. */
@NullMarked
package drawbridge.server.mail;

import org.jspecify.annotations.NullMarked;
