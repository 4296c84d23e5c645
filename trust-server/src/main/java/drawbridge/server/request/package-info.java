/** Which request a thread works for; everything that writes something down may ask. */
@NullMarked
package drawbridge.server.request;

import org.jspecify.annotations.NullMarked;
