/** The filter language of the session list, read alike by server and console. */
@NullMarked
package drawbridge.model.filter;

import org.jspecify.annotations.NullMarked;
