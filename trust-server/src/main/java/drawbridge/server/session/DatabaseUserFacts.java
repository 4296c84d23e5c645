package drawbridge.server.session;

import drawbridge.model.UserId;
import drawbridge.server.storage.Times;

import java.sql.ResultSet;
import java.sql.SQLException;

/** Reads a user's facts from a row, alike for accounts and for sessions. */
public final class DatabaseUserFacts {
    /**
     * The columns {@link #of} reads, of a {@code user_account} named {@code u}; those whose names
     * other tables have too are renamed.
     */
    public static final String COLUMNS =
            """
            u.id AS user_id, u.email, u.name, u.last_name, u.user_type, u.lang, u.is_verified,
            u.user_name, u.phone, u.picture, u.dob, u.gender, u.reference_id, u.recovery_email, u.tmz,
            u.metadata, u.created_at AS user_created_at, u.updated_at AS user_updated_at
            """;

    private DatabaseUserFacts() {}

    /** The facts in a row that has {@link #COLUMNS}. */
    public static UserFacts of(ResultSet row) throws SQLException {
        return new UserFacts(
                new UserId(row.getString("user_id")),
                row.getString("email"),
                row.getString("name"),
                row.getString("last_name"),
                row.getString("user_type"),
                row.getString("lang"),
                row.getInt("is_verified") == 1,
                Times.instant(row.getLong("user_created_at")),
                Times.instant(row.getLong("user_updated_at")),
                new UserProfile(
                        row.getString("user_name"),
                        row.getString("phone"),
                        row.getString("picture"),
                        row.getString("dob"),
                        row.getString("gender"),
                        row.getString("reference_id"),
                        row.getString("recovery_email"),
                        row.getString("tmz"),
                        row.getString("metadata")));
    }
}
