@NullMarked
package drawbridge.model.http;

import org.jspecify.annotations.NullMarked;
