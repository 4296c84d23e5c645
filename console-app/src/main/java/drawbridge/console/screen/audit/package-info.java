/** The audit: what was done, and whether the record of it is whole. */
@org.jspecify.annotations.NullMarked
package drawbridge.console.screen.audit;
