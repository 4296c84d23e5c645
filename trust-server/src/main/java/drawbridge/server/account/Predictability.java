package drawbridge.server.account;

import java.util.List;

/** Finds what a machine guesses from its rule: sequences, keyboard walks, repetitions, years. */
final class Predictability {
    /** Rows and diagonals of keyboards, each read from both ends and round its end. */
    private static final List<String> WALKS =
            List.of(
                    "1234567890",
                    "0123456789",
                    "abcdefghijklmnopqrstuvwxyz",
                    "qwertyuiop[]asdfghjkl;'zxcvbnm,./",
                    "qwertyuiopasdfghjklzxcvbnm",
                    "qwertzuiopasdfghjklyxcvbnm",
                    "azertyuiopqsdfghjklmwxcvbn",
                    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
                    "qazwsxedcrfvtgbyhnujmikolp",
                    "1q2w3e4r5t6y7u8i9o0p",
                    "q1w2e3r4t5y6u7i8o9p0",
                    "!@#$%^&*()_+",
                    "!\"§$%&/()=?");

    /** This many such things in a row are still quickly guessed. */
    private static final int FEW_PIECES = 4;

    /** A repeated piece this long is as good as a password of that length. */
    private static final int LONGEST_REPEATED = 12;

    private Predictability() {}

    /** Whether the whole text, in lower case, is one such thing or a few of them in a row. */
    static boolean isPredictable(String text) {
        if (text.isEmpty() || isRepetition(text)) {
            return true;
        }
        int at = 0;
        int pieces = 0;
        while (at < text.length()) {
            int length = runAt(text, at);
            if (length == 0) {
                return false;
            }
            at += length;
            pieces++;
        }
        return pieces <= FEW_PIECES;
    }

    /** How long the sequence, walk, repetition or year is that begins here; 0 when none does. */
    static int runAt(String text, int at) {
        int same = 1;
        while (at + same < text.length() && text.charAt(at + same) == text.charAt(at)) {
            same++;
        }
        int longest = Math.max(same >= 3 ? same : 0, yearAt(text, at));
        for (String walk : WALKS) {
            longest = Math.max(longest, walkAt(text, at, walk, 1));
            longest = Math.max(longest, walkAt(text, at, walk, -1));
        }
        return longest;
    }

    private static int yearAt(String text, int at) {
        if (at + 4 > text.length()) {
            return 0;
        }
        return text.substring(at, at + 4).matches("19[0-9][0-9]|20[0-4][0-9]") ? 4 : 0;
    }

    private static int walkAt(String text, int at, String walk, int step) {
        int place = walk.indexOf(text.charAt(at));
        if (place < 0) {
            return 0;
        }
        int length = 1;
        while (at + length < text.length()
                && walk.charAt(Math.floorMod(place + step * length, walk.length()))
                        == text.charAt(at + length)) {
            length++;
        }
        return length >= 3 ? length : 0;
    }

    private static boolean isRepetition(String text) {
        for (int unit = 1; unit <= Math.min(LONGEST_REPEATED, text.length() / 2); unit++) {
            boolean repeats = true;
            for (int i = unit; i < text.length() && repeats; i++) {
                repeats = text.charAt(i) == text.charAt(i - unit);
            }
            if (repeats) {
                return true;
            }
        }
        return false;
    }
}
