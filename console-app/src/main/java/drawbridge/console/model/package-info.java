/**
 * What the console knows of its server, as observable state. Touched on the FX thread only, where
 * nothing else is said; no class of it knows a screen.
 */
@NullMarked
package drawbridge.console.model;

import org.jspecify.annotations.NullMarked;
