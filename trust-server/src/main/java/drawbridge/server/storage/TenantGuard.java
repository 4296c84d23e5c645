package drawbridge.server.storage;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import drawbridge.server.storage.DataScope.OfServer;
import drawbridge.server.storage.DataScope.OfTenant;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.StatementCustomizer;
import org.jspecify.annotations.Nullable;

import java.lang.reflect.Proxy;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Refuses, while a handle acts for one tenant, every statement that could concern another one: each
 * tenant table in it must be held to a tenant, and that tenant must be the one it acts for. A text
 * is looked at once. Safe for many threads.
 */
final class TenantGuard implements StatementCustomizer {
    private static final int TEXTS = 2_000;

    /** What a parameter was set to last, on this thread; no text otherwise. */
    private static final ThreadLocal<@Nullable String> HEARD = new ThreadLocal<>();

    private static final PreparedStatement LISTENER =
            (PreparedStatement)
                    Proxy.newProxyInstance(
                            TenantGuard.class.getClassLoader(),
                            new Class<?>[] {PreparedStatement.class},
                            (proxy, method, values) -> {
                                if (method.getName().equals("setString")) {
                                    HEARD.set((String) values[1]);
                                }
                                return null;
                            });

    private final Map<String, String> keys;
    private final Cache<String, TenantSql.Finding> findings =
            Caffeine.newBuilder().maximumSize(TEXTS).build();

    /**
     * @param keys the column that says whose a row is, by table
     */
    TenantGuard(Map<String, String> keys) {
        this.keys = Map.copyOf(keys);
    }

    /** A guard over every table of the schema that holds rows of tenants. */
    static TenantGuard over(Handle handle) {
        Map<String, String> keys = new HashMap<>();
        keys.put("tenant", "id");
        for (String table : Dialect.of(handle).tablesWith(handle, "tenant_id")) {
            keys.put(table.toLowerCase(Locale.ROOT), "tenant_id");
        }
        return new TenantGuard(keys);
    }

    /** Has every statement of these handles looked at. */
    void watch(Jdbi jdbi) {
        jdbi.getConfig(SqlStatements.class).addCustomizer(this);
    }

    @Override
    public void beforeExecution(PreparedStatement statement, StatementContext context)
            throws SQLException {
        Optional<DataScope> scope = context.getConfig(HandleScope.class).get();
        if (scope.isPresent() && scope.get() instanceof OfServer) {
            return;
        }
        String sql = context.getRenderedSql();
        TenantSql.Finding finding = findings.get(sql, text -> TenantSql.of(text, keys));
        String loose = finding.loose();
        if (loose != null) {
            throw new UnscopedSqlException(loose, "is not held to a tenant", sql);
        }
        if (finding.parameters().isEmpty()) {
            return;
        }
        if (context.getJdbiStatementType() == PreparedBatch.class) {
            throw new UnscopedSqlException("a batch", "shows its last binding only", sql);
        }
        String tenant =
                scope.isPresent() && scope.get() instanceof OfTenant(var of) ? of.value() : null;
        for (String parameter : finding.parameters()) {
            if (tenant == null || !tenant.equals(bound(parameter, context))) {
                throw new UnscopedSqlException(
                        ":" + parameter,
                        tenant == null
                                ? "names a tenant, but nobody said for whom this is"
                                : "is not the tenant this is done for",
                        sql);
            }
        }
    }

    /** The text that a parameter is bound to; null when it is bound to none. */
    @SuppressWarnings("removal") // nothing else tells what a name is bound to
    private static @Nullable String bound(String parameter, StatementContext context)
            throws SQLException {
        Argument argument = context.getBinding().findForName(parameter, context).orElse(null);
        if (argument == null) {
            return null;
        }
        HEARD.remove();
        try {
            argument.apply(1, LISTENER, context);
            return HEARD.get();
        } finally {
            HEARD.remove();
        }
    }
}
