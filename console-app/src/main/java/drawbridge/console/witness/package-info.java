/** What the console saw signed of the audit, as a witness outside the server. */
@org.jspecify.annotations.NullMarked
package drawbridge.console.witness;
