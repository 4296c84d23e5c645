/** Every screen from fixed data, light and dark, compared with the committed pictures. */
@NullMarked
package drawbridge.screenshots;

import org.jspecify.annotations.NullMarked;
