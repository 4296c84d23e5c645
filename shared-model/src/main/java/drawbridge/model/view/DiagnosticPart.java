package drawbridge.model.view;

/**
 * A file of a diagnostic bundle.
 *
 * @param name in the archive
 * @param about what it holds, in words
 * @param bytes its size
 * @param replaced how many addresses, ids and the like were replaced in it
 */
public record DiagnosticPart(String name, String about, long bytes, long replaced) {}
