package drawbridge.console.ui;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgentNamesTest {
    private final AgentNames agents = new AgentNames();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Mozilla/5.0 (X11; Linux x86_64; rv:146.0) Gecko/20100101 Firefox/146.0|Firefox 146"
                        + " · Linux",
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
                        + " Chrome/143.0.0.0 Safari/537.36|Chrome 143 · Windows",
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
                        + " Chrome/143.0.0.0 Safari/537.36 Edg/143.0.0.0|Edge 143 · Windows",
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like"
                        + " Gecko) Version/26.1 Safari/605.1.15|Safari 26 · macOS",
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15"
                        + " (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1|Safari 26"
                        + " · iPhone",
                "curl/8.5.0|curl 8.5",
                "odd|odd"
            })
    void namesProgramAndSystem(String agent, String name) {
        assertThat(agents.of(agent)).isEqualTo(name);
    }
}
