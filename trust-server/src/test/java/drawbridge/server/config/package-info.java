@NullMarked
package drawbridge.server.config;

import org.jspecify.annotations.NullMarked;
