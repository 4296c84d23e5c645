@NullMarked
package drawbridge.model.filter;

import org.jspecify.annotations.NullMarked;
