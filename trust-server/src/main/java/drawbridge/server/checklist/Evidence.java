package drawbridge.server.checklist;

import drawbridge.model.view.ChecklistEvidence;
import drawbridge.model.view.ThreatReason;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** Makes evidence. {@code docs/checklist.md} lists the codes. */
final class Evidence {
    static final String PASS = "pass";
    static final String NOTE = "note";
    static final String WARN = "warn";
    static final String FAIL = "fail";
    static final String NOT_APPLICABLE = "not_applicable";

    /** The worst first. */
    private static final List<String> ORDER = List.of(FAIL, WARN, NOT_APPLICABLE, PASS, NOTE);

    /** Whose fault something is, and where it is mended. */
    record At(
            String mend,
            @Nullable String setting,
            @Nullable String callerId,
            @Nullable String caller,
            @Nullable String route) {
        static final At NOWHERE = screen("");

        static At screen(String mend) {
            return new At(mend, null, null, null, null);
        }

        static At setting(String key) {
            return new At("settings", key, null, null, null);
        }

        static At caller(String id, String name) {
            return new At("secrets", null, id, name, null);
        }

        static At route(String mend, String route) {
            return new At(mend, null, null, null, route);
        }
    }

    private Evidence() {}

    /** It holds. */
    static ChecklistEvidence pass(String code, String what) {
        return of(code, PASS, what, At.NOWHERE);
    }

    /** It says something, and neither for nor against. */
    static ChecklistEvidence note(String code, String what, At at) {
        return of(code, NOTE, what, at);
    }

    /** It could be better. */
    static ChecklistEvidence warn(String code, String what, At at) {
        return of(code, WARN, what, at);
    }

    /** It does not hold. */
    static ChecklistEvidence fail(String code, String what, At at) {
        return of(code, FAIL, what, at);
    }

    /** The practice is about something that is not there. */
    static ChecklistEvidence notApplicable(String code, String what) {
        return of(code, NOT_APPLICABLE, what, At.NOWHERE);
    }

    private static ChecklistEvidence of(String code, String verdict, String what, At at) {
        return new ChecklistEvidence(
                code,
                verdict,
                what,
                at.mend(),
                at.setting(),
                at.callerId(),
                at.caller(),
                at.route());
    }

    /** What weakens a control weakens the practice it stands for. */
    static ChecklistEvidence of(ThreatReason reason) {
        String mend =
                switch (reason.mend()) {
                    case "callers" -> "secrets";
                    case "server" -> "threats";
                    default -> reason.mend();
                };
        return of(
                reason.code(),
                WARN,
                reason.what(),
                new At(mend, reason.setting(), reason.callerId(), reason.caller(), reason.route()));
    }

    /** How bad it is: the smaller, the worse. */
    static int rank(String verdict) {
        return ORDER.indexOf(verdict);
    }

    /** What an item is whose evidence this is. */
    static String verdict(List<ChecklistEvidence> evidence) {
        return evidence.stream()
                .map(ChecklistEvidence::verdict)
                .filter(verdict -> !verdict.equals(NOTE))
                .reduce(PASS, (one, other) -> rank(one) <= rank(other) ? one : other);
    }
}
