package drawbridge.server.storage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Map;

class TenantSqlTest {
    private static final Map<String, String> KEYS =
            Map.of(
                    "tenant",
                    "id",
                    "session",
                    "tenant_id",
                    "audit",
                    "tenant_id",
                    "log",
                    "tenant_id");

    private static TenantSql.Finding of(String sql) {
        return TenantSql.of(sql, KEYS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM session WHERE id = :id AND tenant_id = :tenant",
                "SELECT * FROM session WHERE :tenant = tenant_id",
                "SELECT count(*) FROM \"session\" s WHERE (s.tenant_id = :tenant AND s.a > 1)",
                "SELECT * FROM session s JOIN tenant t ON t.id = s.tenant_id WHERE t.id = :tenant",
                "SELECT * FROM session AS s, audit a WHERE a.tenant_id = s.tenant_id AND s.tenant_id = :tenant",
                "SELECT * FROM session s LEFT JOIN audit a ON a.tenant_id = s.tenant_id WHERE s.tenant_id = :tenant",
                "SELECT * FROM session s LEFT JOIN log l ON l.n = s.n AND (l.tenant_id = s.tenant_id OR l.tenant_id IS NULL) WHERE s.tenant_id = :tenant",
                "SELECT a.*, (SELECT count(*) FROM session s WHERE s.tenant_id = a.tenant_id) FROM audit a WHERE a.tenant_id = :tenant",
                "SELECT 1 FROM session WHERE tenant_id = :tenant UNION ALL SELECT 2 FROM audit WHERE tenant_id = :tenant",
                "SELECT * FROM session WHERE at BETWEEN :from AND :to AND tenant_id = :tenant",
                "UPDATE session SET a = :a, b = (SELECT name FROM tenant WHERE id = :tenant) WHERE tenant_id = :tenant RETURNING a",
                "DELETE FROM session WHERE tenant_id = :tenant AND id IN (SELECT id FROM audit WHERE tenant_id = :tenant)",
                "INSERT INTO session (id, tenant_id) VALUES (:id, :tenant) ON CONFLICT DO NOTHING",
                "INSERT INTO session (id, tenant_id) VALUES (:a, :tenant), (:b, :tenant)",
                "INSERT INTO session (id, tenant_id) SELECT max(id) + 1, :tenant FROM session WHERE tenant_id = :tenant RETURNING id",
                "INSERT INTO session (id, tenant_id) VALUES (:id, :tenant) ON CONFLICT (tenant_id, id) DO UPDATE SET a = excluded.a",
                "INSERT INTO tenant (id, name) VALUES (:tenant, :name) ON CONFLICT (id) DO UPDATE SET name = :name",
                "SELECT * FROM session -- WHERE it was OR not\n WHERE tenant_id = :tenant",
            })
    void letsPassWhatIsHeldToOneTenant(String sql) {
        assertThat(of(sql).loose()).isNull();
        assertThat(of(sql).parameters()).containsExactly("tenant");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM session",
                "SELECT * FROM session WHERE id = :id",
                "SELECT * FROM session WHERE id = :id OR tenant_id = :tenant",
                "SELECT * FROM session WHERE (:tenant IS NULL OR tenant_id = :tenant)",
                "SELECT * FROM session WHERE NOT tenant_id = :tenant",
                "SELECT * FROM session WHERE NOT (tenant_id = :tenant)",
                "SELECT * FROM session WHERE tenant_id <> :tenant",
                "SELECT * FROM session WHERE tenant_id = 'default'",
                "SELECT * FROM session WHERE tenant_id = tenant_id",
                "SELECT * FROM session WHERE tenant_id = :tenant || ''",
                "SELECT * FROM session WHERE CASE WHEN a AND tenant_id = :tenant AND b THEN 1 ELSE 1 END",
                "SELECT * FROM session s JOIN audit a ON a.ref = s.ref WHERE s.tenant_id = :tenant",
                "SELECT * FROM session s LEFT JOIN audit a ON a.tenant_id = s.tenant_id AND s.tenant_id = :tenant",
                "SELECT * FROM session s RIGHT JOIN audit a ON a.tenant_id = :tenant WHERE s.tenant_id = :tenant",
                "SELECT * FROM session s, audit a WHERE s.tenant_id = :tenant",
                "SELECT * FROM session WHERE tenant_id = :tenant AND id IN (SELECT id FROM audit)",
                "SELECT * FROM session WHERE tenant_id = :tenant UNION SELECT * FROM session",
                "SELECT * FROM session WHERE tenant_id = :tenant OR id IN (SELECT id FROM audit WHERE tenant_id = :tenant)",
                "SELECT * FROM (SELECT * FROM session) x WHERE x.tenant_id = :tenant",
                "WITH x AS (SELECT * FROM session) SELECT * FROM x WHERE tenant_id = :tenant",
                "UPDATE session SET a = 1",
                "UPDATE session SET tenant_id = :tenant WHERE id = :id",
                "UPDATE session SET a = 1, tenant_id = :other WHERE tenant_id = :tenant",
                "DELETE FROM session",
                "INSERT INTO session (id) VALUES (:id)",
                "INSERT INTO session VALUES (:id, :tenant)",
                "INSERT INTO session (id, tenant_id) VALUES (:id, 'other')",
                "INSERT INTO session (id, tenant_id) VALUES (:a, :tenant), (:b, 'other')",
                "INSERT INTO session (id, tenant_id) SELECT id, tenant_id FROM session WHERE tenant_id = :tenant",
                "INSERT INTO session (id, tenant_id) SELECT id, :tenant FROM session",
                "INSERT INTO session (id, tenant_id) VALUES (:id, :tenant) ON CONFLICT (id) DO UPDATE SET a = 1",
                "INSERT OR REPLACE INTO session (id, tenant_id) VALUES (:id, :tenant)",
                "REPLACE INTO session (id, tenant_id) VALUES (:id, :tenant)",
                "DROP TABLE session",
                "SELECT 1; DELETE FROM session",
            })
    void refusesWhatIsNot(String sql) {
        assertThat(of(sql).loose()).isNotNull();
    }

    @Test
    void namesTheTableThatIsLoose() {
        assertThat(
                        of("SELECT * FROM session s JOIN audit a ON a.x = s.x WHERE s.tenant_id = :t")
                                .loose())
                .isEqualTo("audit");
    }

    @Test
    void asksNothingOfTablesThatAreNotTenants() {
        assertThat(of("SELECT max(number) FROM server_state WHERE id = 1"))
                .isEqualTo(TenantSql.of("SELECT 1", KEYS));
    }
}
