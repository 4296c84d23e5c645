package drawbridge.server.account;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Words and passwords that are tried first. A password is covered when it is one of them, or when a
 * few of them, with sequences, years and repetitions between, make all of it. Immutable; safe for
 * many threads.
 */
public final class CommonPasswords {
    private static final String RESOURCE = "common-passwords.txt";

    /** This many guessable pieces are still quickly guessed. */
    private static final int FEW_PIECES = 3;

    private final Set<String> words;
    private final int longest;

    private CommonPasswords(Set<String> words) {
        this.words = words;
        this.longest = words.stream().mapToInt(String::length).max().orElse(0);
    }

    /** The list that comes with the server. */
    public static CommonPasswords bundled() {
        Set<String> words = new HashSet<>();
        try (InputStream in = CommonPasswords.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("the program lacks its resource " + RESOURCE);
            }
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("# "))
                    .forEach(words::add);
        } catch (IOException e) {
            throw new UncheckedIOException("reading the list of common passwords", e);
        }
        return new CommonPasswords(words);
    }

    /** How many there are. */
    public int size() {
        return words.size();
    }

    /** Whether the text, in lower case, is guessed from the list. */
    boolean covers(String lower) {
        List<String> readings = List.of(lower, unmasked(lower, 'i'), unmasked(lower, 'l'));
        // The fewest pieces that make the text up to each place; a character in none is a piece.
        int[] fewest = new int[lower.length() + 1];
        Arrays.fill(fewest, Integer.MAX_VALUE);
        fewest[0] = 0;
        for (int at = 0; at < lower.length(); at++) {
            int next = fewest[at] + 1;
            fewest[at + 1] = Math.min(fewest[at + 1], next);
            int run = Predictability.runAt(lower, at);
            for (int length = 3; length <= run; length++) {
                fewest[at + length] = Math.min(fewest[at + length], next);
            }
            for (int end = at + 4; end <= Math.min(lower.length(), at + longest); end++) {
                if (fewest[end] > next && isWord(readings, at, end)) {
                    fewest[end] = next;
                }
            }
        }
        return fewest[lower.length()] <= FEW_PIECES;
    }

    private boolean isWord(List<String> readings, int from, int to) {
        for (String reading : readings) {
            if (words.contains(reading.substring(from, to))) {
                return true;
            }
        }
        return false;
    }

    /** Digits and signs read as the letters they stand for: {@code p@ssw0rd}. */
    private static String unmasked(String text, char one) {
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            plain.append(
                    switch (text.charAt(i)) {
                        case '0' -> 'o';
                        case '1', '!', '|' -> one;
                        case '3' -> 'e';
                        case '4', '@' -> 'a';
                        case '5', '$' -> 's';
                        case '7', '+' -> 't';
                        default -> text.charAt(i);
                    });
        }
        return plain.toString();
    }
}
