@NullMarked
package drawbridge.server.checklist;

import org.jspecify.annotations.NullMarked;
