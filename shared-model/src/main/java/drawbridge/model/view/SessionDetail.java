package drawbridge.model.view;

import java.util.List;

/**
 * All an administrator may know of one session.
 *
 * @param session the row
 * @param userName the user's display name; empty when none was given
 * @param userType such as {@code user} or {@code admin}
 * @param timeline newest first, at most 200: audited actions, and the last validations kept in
 *     memory
 * @param others the user's other sessions that would be accepted now, newest first, at most 50
 */
public record SessionDetail(
        SessionRow session,
        String userName,
        String userType,
        List<TimelineEntry> timeline,
        List<SessionRow> others) {
    public SessionDetail {
        timeline = List.copyOf(timeline);
        others = List.copyOf(others);
    }
}
