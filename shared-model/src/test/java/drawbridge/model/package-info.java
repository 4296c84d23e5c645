@NullMarked
package drawbridge.model;

import org.jspecify.annotations.NullMarked;
