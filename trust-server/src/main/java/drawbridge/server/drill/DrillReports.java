package drawbridge.server.drill;

import drawbridge.model.view.DrillReport;
import drawbridge.model.view.DrillRun;
import drawbridge.server.token.TokenKeyring;
import drawbridge.server.token.TokenKeyring.Statement;

import tools.jackson.databind.json.JsonMapper;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Signs the reports of runs. Safe for many threads. */
final class DrillReports {
    /** What stands first in what is signed, so that no such signature is ever good for a token. */
    static final String FORMAT = "drawbridge-drill-report/v1";

    private final TokenKeyring keyring;

    DrillReports(TokenKeyring keyring) {
        this.keyring = keyring;
    }

    /** The report of a run that has ended. */
    DrillReport sign(DrillRun run, Instant now) {
        String json = JsonMapper.shared().writeValueAsString(run);
        Statement signed =
                keyring.state((now + "\n" + json).getBytes(StandardCharsets.UTF_8), FORMAT);
        return new DrillReport(
                FORMAT, json, now, signed.keyId(), signed.publicKey(), signed.signature());
    }

    /** The run of a report. */
    static DrillRun run(DrillReport report) {
        return JsonMapper.shared().readValue(report.report(), DrillRun.class);
    }
}
