package drawbridge.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.SplittableRandom;

final class IpAddressTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1",
        "0.0.0.0, 0.0.0.0",
        "255.255.255.255, 255.255.255.255",
        "::, ::",
        "::1, ::1",
        "1::, 1::",
        "2001:DB8::A, 2001:db8::a",
        "2001:0db8:0000:0000:0000:0000:0000:0001, 2001:db8::1",
        // RFC 5952 section 4.2.2: one group alone is not shortened
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        // section 4.2.3: the longest run, and of equal ones the first
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "0:0:0:0:1:0:0:0, ::1:0:0:0",
        "fe80:0:0:0:0:0:0:0, fe80::",
        // IPv4-mapped is IPv4; other embedded forms are not
        "::ffff:192.0.2.1, 192.0.2.1",
        "::FFFF:C000:0201, 192.0.2.1",
        "64:ff9b::192.0.2.1, 64:ff9b::c000:201",
        "::192.0.2.1, ::c000:201"
    })
    void hasOneCanonicalText(String written, String canonical) {
        IpAddress address = IpAddress.parse(written).orElseThrow();

        assertThat(address).hasToString(canonical);
        assertThat(IpAddress.parse(canonical)).contains(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "192.0.2",
                "192.0.2.1.1",
                "192.0.2.256",
                "192.0.2.01",
                "0300.0.2.1",
                "0xc0.0.2.1",
                "3221225985",
                "192.513",
                "192.0.2.1:80",
                "192.0.2.1/32",
                " 192.0.2.1",
                "192.0.2.1\n",
                "192.0.2.-1",
                "١٩٢.0.2.1",
                "localhost",
                "example.org",
                "[::1]",
                "[::1]:80",
                "::1%lo",
                "fe80::1%1",
                ":::",
                "::1::",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "12345::",
                "::g",
                "::ffff:192.0.2.256",
                "::ffff:192.0.02.1",
                "::192.0.2",
                "::ffff:1.2.3.4.5"
            })
    void isNothingElse(String written) {
        assertThat(IpAddress.parse(written)).isEmpty();
    }

    @Test
    void readsBackWhateverItWrites() {
        SplittableRandom random = new SplittableRandom(5952);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
            random.nextBytes(bytes);
            for (int at = 0; at < bytes.length; at += 2) { // zeros, so that there are runs of them
                if (random.nextInt(3) > 0) {
                    bytes[at] = 0;
                    bytes[at + 1] = 0;
                }
            }
            IpAddress address = IpAddress.ofBytes(bytes);

            assertThat(IpAddress.parse(address.toString())).contains(address);
        }
    }

    @Test
    void isTheSameHoweverAPeerIsMapped() throws UnknownHostException {
        byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, 0, 0, 1};

        assertThat(IpAddress.ofBytes(mapped))
                .isEqualTo(IpAddress.of(InetAddress.ofLiteral("10.0.0.1")))
                .hasSameHashCodeAs(IpAddress.parse("10.0.0.1").orElseThrow());
    }

    @Test
    void doesNotChangeWithTheArraysAroundIt() {
        byte[] given = {10, 0, 0, 1};
        IpAddress address = IpAddress.ofBytes(given);

        given[0] = 99;
        address.bytes()[0] = 99;

        assertThat(address).hasToString("10.0.0.1");
    }

    @Test
    void hasFourOrSixteenBytes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IpAddress.ofBytes(new byte[5]))
                .withMessageContaining("not 5");
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, true",
        "127.255.0.9, true",
        "::1, true",
        "::ffff:127.0.0.1, true",
        "128.0.0.1, false",
        "::2, false",
        "0.0.0.0, false",
        "::, false"
    })
    void knowsLoopback(String text, boolean loopback) {
        assertThat(IpAddress.parse(text).orElseThrow().isLoopback()).isEqualTo(loopback);
    }
}
