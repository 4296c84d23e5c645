/** What the server is told: settings, secrets, and the folder it keeps everything in. */
@NullMarked
package drawbridge.server.config;

import org.jspecify.annotations.NullMarked;
