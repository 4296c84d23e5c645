package drawbridge.model.view;

/**
 * A tenant, to choose among.
 *
 * @param id its id
 * @param name its name
 */
public record TenantName(String id, String name) {}
