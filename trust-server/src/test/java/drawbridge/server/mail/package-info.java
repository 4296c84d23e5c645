/** Mails, their words, and a real mail server that takes them. */
@NullMarked
package drawbridge.server.mail;

import org.jspecify.annotations.NullMarked;
