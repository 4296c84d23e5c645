/** The supervised process: control, log, configuration, past ends. */
@NullMarked
package drawbridge.console.screen.server;

import org.jspecify.annotations.NullMarked;
