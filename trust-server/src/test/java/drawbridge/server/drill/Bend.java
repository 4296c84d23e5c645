package drawbridge.server.drill;

import drawbridge.server.drill.BentFront.Answer;
import drawbridge.server.drill.BentFront.Question;

import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** What a server could do that it must never do, one for each threat. */
enum Bend {
    /** As the server is. */
    NONE {
        @Override
        Answer answer(Question question, Next server) {
            return server.ask(question);
        }
    },

    /** Its cookies can be read by scripts. */
    READABLE_COOKIES {
        @Override
        Answer answer(Question question, Next server) {
            return server.ask(question)
                    .withCookies(cookie -> cookie.replaceAll("(?i);\\s*HttpOnly", ""));
        }
    },

    /** Where no user agent is told, it takes the one it saw last with that session. */
    FILLS_AGENT_IN {
        private final Map<String, String> last = new ConcurrentHashMap<>();

        @Override
        Answer answer(Question question, Next server) {
            if (!question.path().endsWith("/bridge/validate")) {
                return server.ask(question);
            }
            ObjectNode body = question.json();
            String session = body.path("session_id").asString("");
            String agent = body.path("user_agent").asString("");
            if (!agent.isEmpty()) {
                last.putIfAbsent(session, agent);
                return server.ask(question);
            }
            body.put("user_agent", last.getOrDefault(session, ""));
            return server.ask(question.with(body));
        }
    },

    /** It says that a session is ended before it is. */
    ENDS_LATER {
        @Override
        Answer answer(Question question, Next server) {
            if (!question.path().endsWith("/logout")
                    && !question.path().endsWith("/bridge/revoke")) {
                return server.ask(question);
            }
            Thread.ofVirtual()
                    .name("ends-later")
                    .start(() -> {
                        LockSupport.parkNanos(LATE.toNanos());
                        server.ask(question);
                    });
            return Answer.of(200, "{\"success\":true}");
        }
    },

    /** It compares every password, however often it was a wrong one. */
    NEVER_TIRES {
        @Override
        Answer answer(Question question, Next server) {
            Answer answer = server.ask(question);
            boolean isTired = question.path().endsWith("/login") && answer.status() == 429;
            return isTired ? Answer.of(401, WRONG) : answer;
        }
    },

    /** It answers a link's second use as it did its first. */
    TAKES_LINKS_TWICE {
        private final Map<String, Answer> first = new ConcurrentHashMap<>();

        @Override
        Answer answer(Question question, Next server) {
            if (!question.path().endsWith("/token/login")) {
                return server.ask(question);
            }
            Answer before = first.get(question.text());
            Answer answer = before == null ? server.ask(question) : before;
            if (answer.status() == 200) {
                first.put(question.text(), answer);
            }
            return answer;
        }
    },

    /** It takes longer over an id that nobody has. */
    TELLS_BY_TIME {
        @Override
        Answer answer(Question question, Next server) {
            Answer answer = server.ask(question);
            if (answer.text().contains("INVALID_SESSION")) {
                LockSupport.parkNanos(SLOW.toNanos());
            }
            return answer;
        }
    },

    /** Who says no secret is taken for who said the last good one. */
    TAKES_MISSING_SECRETS {
        private volatile List<String> last = List.of();

        @Override
        Answer answer(Question question, Next server) {
            List<String> told = question.headers().getOrDefault("X-bridge-secret", List.of());
            if (!question.path().contains("/bridge/")) {
                return server.ask(question);
            }
            if (told.isEmpty()) {
                return server.ask(question.with("X-bridge-secret", last));
            }
            Answer answer = server.ask(question);
            if (answer.status() == 200) {
                last = told;
            }
            return answer;
        }
    };

    private static final Duration LATE = Duration.ofMillis(300);
    private static final Duration SLOW = Duration.ofMillis(20);
    private static final String WRONG =
            "{\"success\":false,\"error\":\"Invalid email or password\",\"code\":\"INVALID_CREDENTIALS\"}";

    /** What stands behind: the server as it is. */
    interface Next {
        Answer ask(Question question);
    }

    /** What is answered. */
    abstract Answer answer(Question question, Next server);
}
