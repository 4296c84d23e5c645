package drawbridge.server.simulate;

import drawbridge.model.Secret;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The people of a simulation: a few do most of what is done (Zipf), each from a steady place. All
 * addresses are of networks and domains set aside for documentation (RFC 5737, RFC 2606).
 */
final class Population {
    private static final List<String> NAMES =
            List.of(
                    "ada",
                    "grace",
                    "alan",
                    "edsger",
                    "barbara",
                    "donald",
                    "radia",
                    "ken",
                    "leslie",
                    "frances",
                    "dennis",
                    "hedy",
                    "linus",
                    "margaret",
                    "tony",
                    "shafi");
    private static final List<String> NETWORKS = List.of("198.51.100.", "203.0.113.", "192.0.2.");

    /** Numbers from here on belong to nobody of a population. */
    static final long STRANGERS = 1L << 20;

    private static final List<String> AGENTS =
            List.of(
                    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
                    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
                    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0",
                    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15",
                    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
                    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:145.0) Gecko/20100101 Firefox/145.0",
                    "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
                    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
                    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1",
                    "Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1",
                    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
                    "Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0",
                    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36");

    private final List<Person> people;

    /** The chance of each person or one before, ascending to 1. */
    private final double[] cumulative;

    private Population(List<Person> people) {
        this.people = List.copyOf(people);
        this.cumulative = new double[people.size()];
        double sum = 0;
        for (int i = 0; i < people.size(); i++) {
            sum += 1.0 / (i + 1);
            cumulative[i] = sum;
        }
        for (int i = 0; i < cumulative.length; i++) {
            cumulative[i] /= sum;
        }
    }

    /**
     * So many people. Their passwords come from the bridge secret: the same for every run against
     * one server, and known to nobody who does not know the secret.
     */
    static Population of(int count, Secret secret, RandomGenerator random) {
        List<Person> people = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String email =
                    String.format(
                            Locale.ROOT,
                            "%s.%04d@simulation.invalid",
                            NAMES.get(i % NAMES.size()),
                            i);
            Person.Place home = place(random).withIp(address(i));
            people.add(new Person(email, password(secret, email), home));
        }
        return new Population(people);
    }

    private static String password(Secret secret, String email) {
        return secret.use(key -> {
            try {
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(key, "HmacSHA256"));
                byte[] tag = mac.doFinal(("simulate " + email).getBytes(StandardCharsets.UTF_8));
                return Base64.getUrlEncoder().withoutPadding().encodeToString(tag);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every Java has HmacSHA256", e);
            }
        });
    }

    /**
     * A network of their own for everybody, as most people have, so that limits meet each alone.
     */
    private static String address(int number) {
        int each = number / NETWORKS.size();
        return each < 254 ? NETWORKS.get(number % NETWORKS.size()) + (1 + each) : ipv6(number);
    }

    /** An address in a /64 of its own; up to 4 billion of them. */
    static String ipv6(long number) {
        return String.format(
                Locale.ROOT, "2001:db8:%x:%x::1", number >>> 16 & 0xffff, number & 0xffff);
    }

    private static Person.Place place(RandomGenerator random) {
        return new Person.Place(
                NETWORKS.get(random.nextInt(NETWORKS.size())) + (1 + random.nextInt(254)),
                String.format(Locale.ROOT, "sim-device-%016x", random.nextLong()),
                AGENTS.get(random.nextInt(AGENTS.size())));
    }

    /** Everybody, the busiest first. */
    List<Person> people() {
        return people;
    }

    /** Somebody, the busy ones more often. */
    Person pick(RandomGenerator random) {
        int found = Arrays.binarySearch(cumulative, random.nextDouble());
        return people.get(Math.min(people.size() - 1, found < 0 ? -found - 1 : found));
    }

    /** Somebody, everyone as likely: the busy ones are seldom idle enough to log out. */
    Person pickAny(RandomGenerator random) {
        return people.get(random.nextInt(people.size()));
    }

    /** A place that differs from this one in every signal. */
    static Person.Place otherThan(Person.Place home, RandomGenerator random) {
        Person.Place other = place(random);
        while (other.ip().equals(home.ip()) || other.agent().equals(home.agent())) {
            other = place(random);
        }
        return other;
    }
}
