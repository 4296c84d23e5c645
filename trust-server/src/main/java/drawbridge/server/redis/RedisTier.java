package drawbridge.server.redis;

/**
 * All that is done with one Redis, for whoever shows how it is doing.
 *
 * @param link the way to it
 * @param copies what is kept in it
 * @param sessions the sessions among that
 */
public record RedisTier(RedisLink link, RedisCopies copies, RedisSessionCache sessions) {}
