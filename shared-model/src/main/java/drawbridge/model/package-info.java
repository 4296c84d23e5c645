/** What both programs say to each other. No framework, no I/O. */
@NullMarked
package drawbridge.model;

import org.jspecify.annotations.NullMarked;
