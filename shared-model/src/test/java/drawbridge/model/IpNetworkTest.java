package drawbridge.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class IpNetworkTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.255.255, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "192.0.2.128/25, 192.0.2.127, false",
        "192.0.2.128/25, 192.0.2.255, true",
        "192.0.2.7/24, 192.0.2.200, true",
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.8, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, ::1, false",
        "::/0, 2001:db8::1, true",
        "::/0, 192.0.2.1, false",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false",
        "::ffff:10.0.0.0/8, 10.1.2.3, true",
        "10.0.0.0/8, ::ffff:10.1.2.3, true"
    })
    void holdsTheAddressesOfItsPrefix(String network, String address, boolean holds) {
        assertThat(
                        IpNetwork.parse(network)
                                .orElseThrow()
                                .contains(IpAddress.parse(address).orElseThrow()))
                .isEqualTo(holds);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/8",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/08",
                "10.0.0.0/-1",
                "10.0.0.0/8/8",
                "10.0.0.0/255.0.0.0",
                "10.0.0.0 /8",
                "10/8",
                "::/129",
                "::/1000",
                "example.org/8"
            })
    void isNothingElse(String text) {
        assertThat(IpNetwork.parse(text)).isEmpty();
    }

    @Test
    void writesItsLength() {
        assertThat(IpNetwork.parse("2001:DB8::1").orElseThrow()).hasToString("2001:db8::1/128");
        assertThat(IpNetwork.parse("10.0.0.0/8").orElseThrow()).hasToString("10.0.0.0/8");
    }

    @Test
    void refusesALengthItsFamilyDoesNotHave() {
        IpAddress address = IpAddress.parse("10.0.0.0").orElseThrow();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new IpNetwork(address, 33))
                .withMessageContaining("give 0 to 32");
    }
}
