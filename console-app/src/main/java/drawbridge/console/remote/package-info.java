/** Servers elsewhere: how they are remembered, known and reached. */
@NullMarked
package drawbridge.console.remote;

import org.jspecify.annotations.NullMarked;
