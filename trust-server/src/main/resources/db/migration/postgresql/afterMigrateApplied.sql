-- Walls between tenants, raised anew whenever a migration was applied, over every table there then is, so that none is
-- forgotten. docs/adr/0010 says why; the server refuses to start where one is missing. May be run again at any time.
DO $walls$
DECLARE
    -- No one logs in as these; the server's login may act as them, one transaction at a time.
    owner   CONSTANT text := 'drawbridge_owner';   -- has the tables; only migrations act as it
    serve   CONSTANT text := 'drawbridge_serve';   -- writes for one tenant
    reads   CONSTANT text := 'drawbridge_read';    -- reads for one tenant
    operate CONSTANT text := 'drawbridge_operate'; -- what concerns all tenants
    append  CONSTANT text := 'drawbridge_audit';   -- adds to the audit
    own     CONSTANT text := '= current_setting(''drawbridge.tenant'', true)';
    here    CONSTANT text := current_schema();
    name    text;
    known   text;
    key     text;
    seen    text;
BEGIN
    PERFORM pg_advisory_xact_lock(7265441930174);
    FOREACH name IN ARRAY ARRAY[owner, serve, reads, operate, append] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', name);
        END IF;
        IF NOT pg_has_role(session_user, name, 'MEMBER') THEN
            EXECUTE format('GRANT %I TO %I', name, session_user);
        END IF;
    END LOOP;
    EXECUTE format('GRANT USAGE, CREATE ON SCHEMA %I TO %I', here, owner);
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I, %I, %I, %I', here, serve, reads, operate, append);

    FOR name IN SELECT c.relname FROM pg_class c WHERE c.relnamespace = here::regnamespace AND c.relkind IN ('r', 'p')
    LOOP
        EXECUTE format('ALTER TABLE %I OWNER TO %I', name, owner);
        EXECUTE format('REVOKE ALL ON %I FROM PUBLIC, %I, %I, %I, %I', name, serve, reads, operate, append);
        EXECUTE format('GRANT SELECT ON %I TO %I', name, operate);
        IF name <> 'flyway_schema_history' THEN
            EXECUTE format('GRANT INSERT, UPDATE, DELETE ON %I TO %I', name, operate);
        END IF;

        key := CASE WHEN name = 'tenant' THEN 'id' ELSE 'tenant_id' END;
        IF NOT EXISTS (SELECT FROM information_schema.columns
                       WHERE table_schema = here AND table_name = name AND column_name = key) THEN
            CONTINUE;
        END IF;
        -- A row of nobody is the server's: what ends everything is in every tenant's revocation log.
        seen := CASE WHEN name = 'revocation_log' THEN format('(%1$I %2$s OR %1$I IS NULL)', key, own)
                     ELSE format('(%I %s)', key, own) END;
        FOR known IN SELECT polname FROM pg_policy WHERE polrelid = format('%I.%I', here, name)::regclass LOOP
            EXECUTE format('DROP POLICY %I ON %I', known, name);
        END LOOP;
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY tenant_select ON %I FOR SELECT TO %I, %I USING %s', name, serve, reads, seen);
        EXECUTE format('CREATE POLICY tenant_insert ON %I FOR INSERT TO %I WITH CHECK (%I %s)', name, serve, key, own);
        EXECUTE format('CREATE POLICY tenant_update ON %I FOR UPDATE TO %I USING (%3$I %4$s) WITH CHECK (%3$I %4$s)',
            name, serve, key, own);
        EXECUTE format('CREATE POLICY tenant_delete ON %I FOR DELETE TO %I USING (%I %s)', name, serve, key, own);
        EXECUTE format('CREATE POLICY server_all ON %I TO %I, %I USING (true) WITH CHECK (true)', name, operate, owner);
        EXECUTE format('GRANT SELECT ON %I TO %I, %I', name, serve, reads);
        EXECUTE format('GRANT INSERT, UPDATE, DELETE ON %I TO %I', name, serve);
    END LOOP;
    EXECUTE format('GRANT USAGE ON ALL SEQUENCES IN SCHEMA %I TO %I, %I', here, serve, operate);

    -- What belongs to no tenant, and is needed for one.
    EXECUTE format('GRANT SELECT ON server_state, signing_key, token_issuer, deleted_tenant TO %I, %I', serve, reads);
    EXECUTE format('GRANT UPDATE (log_number) ON server_state TO %I', serve);

    -- What is only ever added to. Nobody who serves can change or remove a row of the audit.
    EXECUTE format('REVOKE UPDATE, DELETE ON audit, audit_checkpoint FROM %I, %I', serve, operate);
    EXECUTE format('REVOKE UPDATE ON revocation_log FROM %I, %I', serve, operate);
    EXECUTE format('REVOKE DELETE ON revocation_log FROM %I', serve); -- old rows go, for all tenants at once
    EXECUTE format('REVOKE UPDATE, DELETE ON policy_version, policy_rule FROM %I', serve);
    EXECUTE format('REVOKE DELETE ON audit_head, tenant FROM %I', serve);
    EXECUTE format('REVOKE DELETE ON audit_head FROM %I', operate);
    EXECUTE format('GRANT SELECT, INSERT ON audit, audit_checkpoint TO %I', append);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON audit_head TO %I', append);
    EXECUTE format('GRANT SELECT (id, tenant_id, created_at) ON user_account TO %I', append);
    EXECUTE format('GRANT SELECT ON server_state TO %I', append);
    FOREACH name IN ARRAY ARRAY['audit', 'audit_checkpoint', 'audit_head'] LOOP
        EXECUTE format('CREATE POLICY audit_append ON %I TO %I USING (true) WITH CHECK (true)', name, append);
    END LOOP;
    EXECUTE format('CREATE POLICY audit_look ON user_account FOR SELECT TO %I USING (true)', append);
END $walls$;

-- The one way out of the logs: with the tenant they are of, once that is gone.
CREATE OR REPLACE FUNCTION forget_tenant() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $forget$
BEGIN
    IF EXISTS (SELECT FROM tenant WHERE id = NEW.id) THEN
        RAISE EXCEPTION 'the tenant % is not deleted', NEW.id;
    END IF;
    DELETE FROM audit WHERE tenant_id = NEW.id;
    DELETE FROM audit_checkpoint WHERE tenant_id = NEW.id;
    DELETE FROM audit_head WHERE tenant_id = NEW.id;
    RETURN NULL;
END $forget$;
DO $owner$
BEGIN
    EXECUTE format('ALTER FUNCTION forget_tenant() SET search_path = %I, pg_temp', current_schema());
    ALTER FUNCTION forget_tenant() OWNER TO drawbridge_owner;
    REVOKE ALL ON FUNCTION forget_tenant() FROM PUBLIC;
    DROP TRIGGER IF EXISTS forget_tenant ON deleted_tenant;
    CREATE TRIGGER forget_tenant AFTER INSERT ON deleted_tenant FOR EACH ROW EXECUTE FUNCTION forget_tenant();
END $owner$;
